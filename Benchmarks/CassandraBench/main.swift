import Glibc

do {
    try await CassandraBench(Array(CommandLine.arguments.dropFirst())).run()
} catch {
    let text = Array("CassandraBench: \(error)\n".utf8)
    _ = write(STDERR_FILENO, text, text.count)
    exit(1)
}
