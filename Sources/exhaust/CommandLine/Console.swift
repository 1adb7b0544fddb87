import CLinux
import Glibc
import ReportModel
import Synchronization

/// Standard output and standard error. On a terminal a status line stays below everything that is written.
final class Console: Sendable {
    /// Nobody reads the standard output any more, as when `head` has seen enough; no reason for a message.
    struct ReaderGone: Error {}

    private let output: Int32
    private let errors: Int32
    /// Columns of the terminal behind standard error; 0 if it is none.
    private let terminalColumns: @Sendable () -> Int
    private let status = Mutex("")

    /// The console of this process; a terminal that says it is dumb gets no status line.
    static func standard(environment: [String: String]) -> Console {
        let isDumb = environment["TERM"] == "dumb"
        return Console(output: STDOUT_FILENO, errors: STDERR_FILENO) {
            isDumb ? 0 : Int(clinux_terminal_columns(STDERR_FILENO))
        }
    }

    /// A console on two descriptors, which it does not close.
    init(output: Int32, errors: Int32, terminalColumns: @escaping @Sendable () -> Int) {
        self.output = output
        self.errors = errors
        self.terminalColumns = terminalColumns
    }

    /// Whether standard error is a terminal.
    var isInteractive: Bool { terminalColumns() > 0 }

    /// Columns to wrap text at.
    var textColumns: Int { isInteractive ? min(100, max(60, terminalColumns())) : 80 }

    /// Writes to standard output, as it is. Throws `ReaderGone`, or `storageFailed`.
    func print(_ text: String) throws { try write(Array(text.utf8)) }

    /// Writes bytes to standard output. Throws `ReaderGone`, or `storageFailed`.
    func write(_ bytes: [UInt8]) throws {
        try status.withLock { status in
            erase(status)
            let failure = Self.write(bytes, to: output)
            draw(status)
            if failure == EPIPE { throw ReaderGone() }
            if failure != 0 {
                throw ExhaustError(
                    .storageFailed, "standard output: cannot write to it: \(String(cString: strerror(failure)))",
                    mender: .operator)
            }
        }
    }

    /// Writes a line to standard error. Control characters, which could change the terminal, are replaced.
    func note(_ line: String) {
        let isEnded = line.hasSuffix("\n")
        let text = Self.withoutControls(line) + (isEnded ? "" : "\n")
        status.withLock { status in
            erase(status)
            // Nothing can be told if even this cannot be written.
            _ = Self.write(Array(text.utf8), to: errors)
            draw(status)
        }
    }

    /// Replaces the status line; nil removes it. Does nothing unless standard error is a terminal.
    func setStatus(_ text: String?) {
        guard isInteractive else { return }
        status.withLock { status in
            erase(status)
            // One column stays free: a full last column would wrap.
            status = String(Self.withoutControls(text ?? "").prefix(max(0, terminalColumns() - 1)))
            draw(status)
        }
    }

    private func erase(_ status: String) {
        if !status.isEmpty { _ = Self.write(Array("\r\u{1B}[K".utf8), to: errors) }
    }

    private func draw(_ status: String) {
        if !status.isEmpty { _ = Self.write(Array(status.utf8), to: errors) }
    }

    private static func withoutControls(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
            clean.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(clean)
    }

    /// Writes everything; answers the error number, 0 if all went well.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { all in
            var rest = all[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN {
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&ready, 1, -1)
                    continue
                }
                if count < 0 { return errno }
                rest = rest.dropFirst(count)
            }
            return 0
        }
    }
}
