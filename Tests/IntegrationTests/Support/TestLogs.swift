import Glibc
import Settings
import Synchronization
import Testing

/// What programs write to standard error, and what must never be in it, for the search after the suite
/// (`scripts/search-logs`). Nothing is kept without the variable `EXHAUST_TEST_LOGS`, which names a folder.
enum TestLogs {
    /// The file in that folder with the secrets: a kind, a tab, and the text, a line each.
    static let secretsName = "secrets"

    private static let folder = getenv("EXHAUST_TEST_LOGS").map { String(cString: $0) }
    private static let known = Mutex<Set<String>>([])
    private static let started = Mutex(0)

    /// Environment variables whose values nobody may read.
    private static let secretSettings = Result {
        try Settings.declarations(reports: []).filter(\.isSecret).flatMap { [$0.name] + $0.aliases }
            .map { "EXHAUST_" + $0.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined() }
    }

    /// Tells the search of a text that no program may write.
    static func keepSecret(_ text: String, _ kind: String) throws {
        guard let folder, !text.isEmpty, known.withLock({ $0.insert(text).inserted }) else { return }
        guard !text.contains(where: \.isNewline) else { throw TestFailure("\(kind): a secret of several lines") }
        try TestLog("\(folder)/\(secretsName)").append(Array("\(kind)\t\(text)\n".utf8)[...])
    }

    /// Tells the search of the secrets among the settings that a program is started with.
    static func keepSecrets(of environment: [String: String]) throws {
        guard folder != nil else { return }
        for variable in try secretSettings.get() {
            if let value = environment[variable] { try keepSecret(value, "the setting \(variable)") }
            if let path = environment[variable + "_FILE"], access(path, R_OK) == 0 {
                let line = try Folder.read(path).prefix { $0 != UInt8(ascii: "\n") }
                try keepSecret(String(decoding: line, as: UTF8.self), "the file of the setting \(variable)")
            }
        }
    }

    /// A file for what a program writes to standard error, named after program and test; nil if nothing is kept.
    static func log(of program: String, _ arguments: [String]) throws -> TestLog? {
        guard let folder else { return nil }
        let number = started.withLock { started in
            started += 1
            return started
        }
        let words = ([program] + arguments.prefix(1)).compactMap { $0.split(separator: "/").last.map(String.init) }
        let name = (words + [Test.current?.name ?? ""]).joined(separator: "-").map {
            $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-"
        }
        return try TestLog("\(folder)/\(number)-\(String(name).prefix(120)).log")
    }
}

/// A file that grows.
final class TestLog: Sendable {
    private let path: String
    private let file: Int32

    init(_ path: String) throws {
        self.path = path
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TestFailure("\(path): \(String(cString: strerror(errno)))") }
    }

    deinit { close(file) }

    /// What cannot be written cannot be searched, which is a failure of the tests.
    func append(_ bytes: ArraySlice<UInt8>) {
        let count = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        if count != bytes.count { Issue.record("\(path): \(String(cString: strerror(errno)))") }
    }
}
