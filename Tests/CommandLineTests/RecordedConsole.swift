import Glibc

@testable import exhaust

/// A console whose output can be looked at. The pipes hold what a test writes; it is not read until the end.
final class RecordedConsole {
    struct Failure: Error { let number = errno }

    let console: Console
    private let output: (read: Int32, write: Int32)
    private let errors: (read: Int32, write: Int32)

    init(columns: Int = 0) throws {
        output = try Self.pipe()
        errors = try Self.pipe()
        console = Console(output: output.write, errors: errors.write) { columns }
    }

    deinit { for end in [output.read, output.write, errors.read, errors.write] { close(end) } }

    /// What was written to standard output since it was last asked.
    func printed() -> String { Self.drain(output.read) }
    /// What was written to standard error since it was last asked.
    func noted() -> String { Self.drain(errors.read) }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0, fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 else { throw Failure() }
        return (ends[0], ends[1])
    }

    private static func drain(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
