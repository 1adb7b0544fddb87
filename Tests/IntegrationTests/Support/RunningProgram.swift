import Dispatch
import Glibc
import Synchronization

/// How a program ended, and what it wrote.
struct Outcome: Sendable {
    /// The exit status; 128 and the signal for a program that a signal ended, as shells tell it.
    var status: Int32 = 0
    /// Standard output.
    var output: [UInt8] = []
    /// Standard error.
    var errors = ""

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }
}

/// A program under way. What it writes is gathered on a thread of its own, so that it never waits for the test.
final class RunningProgram: Sendable {
    private struct Waiter {
        var number: Int
        var matches: @Sendable (String) -> Bool
        var continuation: CheckedContinuation<String?, Never>
    }

    private struct State {
        var outcome = Outcome()
        /// Bytes of standard error after its last whole line.
        var rest: [UInt8] = []
        var lines: [String] = []
        var waiters: [Waiter] = []
        var waitersSoFar = 0
        var ends: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    let process: pid_t
    private let name: String
    /// A file that gets standard error as well.
    private let log: TestLog?
    private let state = Mutex(State())

    /// Starts a program; `name` stands for it in failures.
    init(
        _ path: String, _ arguments: [String], environment: [String: String], folder: String, input: String,
        name: String
    ) throws {
        let output = try ChildProcess.pipe()
        let errors = try ChildProcess.pipe()
        defer {
            close(output.write)
            close(errors.write)
        }
        self.name = name
        do {
            try TestLogs.keepSecrets(of: environment)
            log = try TestLogs.log(of: path, arguments)
            process = try ChildProcess.spawn(
                path, arguments, environment: environment, folder: folder, input: input, output: output.write,
                errors: errors.write)
        } catch {
            close(output.read)
            close(errors.read)
            throw error
        }
        DispatchQueue(label: "program \(process)").async { self.attend(output.read, errors.read) }
    }

    /// Waits for its end. Cancelling the task kills it.
    func outcome() async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasEnded = state.withLock { state in
                    if !state.hasEnded { state.ends.append(continuation) }
                    return state.hasEnded
                }
                if hasEnded { continuation.resume() }
            }
        } onCancel: {
            send(SIGKILL)
        }
        return state.withLock { $0.outcome }
    }

    /// The first line of standard error that matches, once it is written. Throws if the program ends without one, or the
    /// task is cancelled.
    @discardableResult
    func line(where matches: @escaping @Sendable (String) -> Bool) async throws -> String {
        let number = state.withLock { state in
            state.waitersSoFar += 1
            return state.waitersSoFar
        }
        let line: String? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: String?? = state.withLock { state in
                    if let line = state.lines.first(where: matches) { return line }
                    if state.hasEnded || Task.isCancelled { return .some(nil) }
                    state.waiters.append(Waiter(number: number, matches: matches, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: nil)
        }
        if let line { return line }
        try Task.checkCancellation()
        throw TestFailure(
            "\(name): it ended without the line that was waited for: \(state.withLock { $0.outcome.errors })")
    }

    /// Sends a signal, if it has not ended.
    func send(_ signal: Int32) {
        state.withLock { state in
            if !state.hasEnded { _ = kill(process, signal) }
        }
    }

    /// Whether a signal has stopped it, or it has ended.
    var isStopped: Bool {
        get throws {
            // "pid (name) S …"; the name has no parenthesis.
            let words = String(decoding: try Folder.read("/proc/\(process)/stat"), as: UTF8.self).split(separator: " ")
            return words.count > 2 && ["T", "Z", "X"].contains(words[2])
        }
    }

    private func attend(_ output: Int32, _ errors: Int32) {
        var ends = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while ends.contains(where: { $0.fd >= 0 }) {
            guard poll(&ends, nfds_t(ends.count), -1) > 0 else { continue }
            for index in ends.indices where ends[index].fd >= 0 && ends[index].revents != 0 {
                let count = read(ends[index].fd, &buffer, buffer.count)
                if count > 0 {
                    take(buffer[..<count], isOutput: index == 0)
                } else if count == 0 || errno != EINTR {
                    close(ends[index].fd)
                    ends[index].fd = -1
                }
            }
        }
        end()
    }

    private func take(_ bytes: ArraySlice<UInt8>, isOutput: Bool) {
        state.withLock { state in
            guard !isOutput else { return state.outcome.output.append(contentsOf: bytes) }
            log?.append(bytes)
            state.rest.append(contentsOf: bytes)
            while let end = state.rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: state.rest[..<end], as: UTF8.self)
                state.rest.removeSubrange(...end)
                state.outcome.errors += line + "\n"
                state.lines.append(line)
                for waiter in state.waiters where waiter.matches(line) { waiter.continuation.resume(returning: line) }
                state.waiters.removeAll { $0.matches(line) }
            }
        }
    }

    private func end() {
        // Waits without taking the process away, so that its number is its own while `send` may use it.
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        state.withLock { state in
            var status: Int32 = 0
            waitpid(process, &status, 0)
            let signal = status & 0x7F
            state.outcome.status = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            state.outcome.errors += String(decoding: state.rest, as: UTF8.self)
            state.hasEnded = true
            for waiter in state.waiters { waiter.continuation.resume(returning: nil) }
            for end in state.ends { end.resume() }
            state.waiters = []
            state.ends = []
        }
    }
}
