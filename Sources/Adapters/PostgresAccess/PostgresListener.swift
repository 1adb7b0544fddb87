import BlockingWork
import CPostgreSQL
import Glibc
public import ReportModel
import Synchronization

/// Waits for notices of a database on a connection and a thread of its own, for as long as somebody listens.
public final class PostgresListener: Sendable {
    /// What the listener tells.
    public enum Event: Sendable, Hashable {
        /// A notice with its payload.
        case notice(String)
        /// The connection was made, or made again: anything may have happened meanwhile.
        case connected
        /// Nothing was heard for as long as the poll lasts.
        case silence
    }

    private struct State {
        var isStopped = false
        /// Payloads that are to be sent.
        var outgoing: Set<String> = []
    }

    private let state = Mutex(State())
    private let wake: (read: Int32, write: Int32)

    /// Listens at `channel`, and tells `silence` every `pollSeconds`. `tell` is called on the listener's thread.
    /// Throws `internalFault` if the system gives no pipe or no thread.
    public init(
        channel: String, options: PostgresOptions, pollSeconds: Double, tell: @escaping @Sendable (Event) -> Void
    ) throws(ExhaustError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ExhaustError(.internalFault, "notices: the system gives no pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        wake = (ends[0], ends[1])
        let milliseconds = Int32(clamping: Int64(pollSeconds * 1000))
        // The thread keeps the object until it is stopped, and so the pipe open for as long as anybody uses it.
        guard startDetachedThread({ self.serve(channel, options, milliseconds, tell) }) else {
            throw ExhaustError(.internalFault, "notices: the system gives no more threads")
        }
    }

    deinit {
        close(wake.read)
        close(wake.write)
    }

    /// Sends a notice soon; equal ones that wait are one.
    public func send(_ payload: String) {
        state.withLock { _ = $0.outgoing.insert(payload) }
        wakeUp()
    }

    /// Ends the thread and its connection soon.
    public func stop() {
        state.withLock { $0.isStopped = true }
        wakeUp()
    }

    private func wakeUp() {
        var byte: UInt8 = 1
        // A full pipe wakes as well.
        _ = write(wake.write, &byte, 1)
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func serve(
        _ channel: String, _ options: PostgresOptions, _ pollMilliseconds: Int32, _ tell: (Event) -> Void
    ) {
        var waits = BackOff(seconds: nil)
        while !isStopped {
            do {
                let connection = try PostgresConnection(options)
                try connection.query("LISTEN \(SQLName.quoted(channel))")
                tell(.connected)
                waits = BackOff(seconds: nil)
                try listen(connection, channel, pollMilliseconds, tell)
            } catch {
                // Those who listen poll meanwhile, and what is wrong shows in every other use of the database.
                tell(.silence)
            }
            _ = waits.waitOnce(until: { isStopped })
        }
    }

    private func listen(
        _ connection: PostgresConnection, _ channel: String, _ pollMilliseconds: Int32, _ tell: (Event) -> Void
    ) throws {
        let pointer = connection.handle.pointer
        while !isStopped {
            // Notices may have come with the answer to an earlier statement.
            while let notice = PQnotifies(pointer) {
                tell(.notice(String(cString: notice.pointee.extra)))
                PQfreemem(notice)
            }
            var descriptors = [
                pollfd(fd: PQsocket(pointer), events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&descriptors, 2, pollMilliseconds)
            if ready == 0 {
                // Also finds a connection that died in silence.
                try connection.query("SELECT 1")
                tell(.silence)
            }
            if descriptors[1].revents != 0 {
                var buffer = [UInt8](repeating: 0, count: 256)
                while read(wake.read, &buffer, buffer.count) > 0 {}
                try sendWaiting(connection, channel)
            }
            if descriptors[0].revents != 0, PQconsumeInput(pointer) == 0 { throw connection.handle.lost() }
        }
    }

    /// Nobody needs a notice after a crash, so it does not wait for the disk, nor make others wait for it.
    private func sendWaiting(_ connection: PostgresConnection, _ channel: String) throws {
        let payloads = state.withLock { state in
            defer { state.outgoing = [] }
            return state.outgoing.sorted()
        }
        if payloads.isEmpty || isStopped { return }
        try connection.transaction {
            connection.later("SET LOCAL synchronous_commit = off")
            for payload in payloads {
                connection.later("SELECT pg_notify($1::text, $2::text)", [.text(channel), .text(payload)])
            }
        }
    }
}
