import Glibc

do {
    try await RedisBench(Array(CommandLine.arguments.dropFirst())).run()
} catch {
    let text = Array("RedisBench: \(error)\n".utf8)
    _ = write(STDERR_FILENO, text, text.count)
    exit(1)
}
