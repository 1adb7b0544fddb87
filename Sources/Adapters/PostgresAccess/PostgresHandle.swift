import CPostgreSQL
import Glibc
import ReportModel

/// One session of libpq, in pipeline mode and without blocking inside libpq: waiting happens here, with a deadline.
/// Only for the thread that made it.
final class PostgresHandle {
    let pointer: OpaquePointer
    let options: PostgresOptions
    /// Its name in messages.
    let database: String

    private init(_ pointer: OpaquePointer, _ options: PostgresOptions) {
        self.pointer = pointer
        self.options = options
        database = Self.name(of: pointer)
        // Without it libpq writes notices to standard error.
        PQsetNoticeProcessor(pointer, { _, _ in }, nil)
    }

    deinit { PQfinish(pointer) }

    /// Connects. Throws `unavailable` if that fails.
    static func connect(_ options: PostgresOptions) throws(ExhaustError) -> PostgresHandle {
        let parameters = options.parameters
        let texts = parameters.flatMap { [strdup($0.0), strdup($0.1)] }
        defer { for text in texts { free(text) } }
        let names = stride(from: 0, to: texts.count, by: 2).map { UnsafePointer(texts[$0]) } + [nil]
        let values = stride(from: 1, to: texts.count, by: 2).map { UnsafePointer(texts[$0]) } + [nil]
        guard let made = PQconnectdbParams(names, values, 1) else {
            throw ExhaustError(.internalFault, "PostgreSQL: out of memory")
        }
        let handle = PostgresHandle(made, options)
        guard handle.isUsable else { throw handle.lost() }
        try handle.script(options.sessionScript)
        guard PQsetnonblocking(made, 1) == 0, PQenterPipelineMode(made) == 1 else { throw handle.lost() }
        return handle
    }

    private static func name(of pointer: OpaquePointer) -> String {
        func text(_ value: UnsafePointer<CChar>?) -> String { value.map { String(cString: $0) } ?? "" }
        let port = text(PQport(pointer))
        return "database \(text(PQdb(pointer))) at \(text(PQhost(pointer)))\(port.isEmpty ? "" : ":\(port)")"
    }

    /// Set when an answer did not come in time: what comes later belongs to nobody, so nothing may be sent any more.
    private var isGivenUp = false

    /// Whether the session can still be used.
    var isUsable: Bool { !isGivenUp && PQstatus(pointer) == CONNECTION_OK }

    /// Runs statements without parameters one after the other, outside the pipeline. Blocks without a deadline of its own.
    func script(_ sql: String) throws(ExhaustError) {
        let pipelined = PQpipelineStatus(pointer) != PQ_PIPELINE_OFF
        if pipelined { PQexitPipelineMode(pointer) }
        let result = PQexec(pointer, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        let failure = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? nil : error(of: result)
        if pipelined { PQenterPipelineMode(pointer) }
        if let failure { throw failure }
    }

    /// The next result of the pipeline; nil at the end of a statement's results.
    func nextResult(_ deadline: Int64) throws(ExhaustError) -> OpaquePointer? {
        try waitForResult(deadline)
        return PQgetResult(pointer)
    }

    private func waitForResult(_ deadline: Int64) throws(ExhaustError) {
        var unsent = PQflush(pointer)
        while unsent >= 0, PQisBusy(pointer) == 1 {
            var descriptor = pollfd(fd: PQsocket(pointer), events: Int16(POLLIN), revents: 0)
            if unsent == 1 { descriptor.events |= Int16(POLLOUT) }
            let left = deadline - Self.milliseconds()
            guard left > 0 else {
                isGivenUp = true
                throw lost("no answer within \(options.answerMilliseconds) ms")
            }
            let ready = poll(&descriptor, 1, Int32(clamping: left))
            if ready <= 0 { continue }
            if descriptor.revents & Int16(POLLOUT) != 0 { unsent = PQflush(pointer) }
            if descriptor.revents & Int16(POLLIN | POLLERR | POLLHUP) != 0, PQconsumeInput(pointer) == 0 { return }
        }
    }

    /// The error of a failed result.
    func error(of result: OpaquePointer?) -> ExhaustError {
        func field(_ code: Character) -> String? {
            guard let result, let ascii = code.asciiValue else { return nil }
            return PQresultErrorField(result, Int32(ascii)).map { String(cString: $0) }
        }
        guard let state = field("C") else { return lost() }
        let message = field("M") ?? "no message"
        // A server that stops says so to each session, and ends it.
        let isLost = !isUsable || state.hasPrefix("57P0") || state.hasPrefix("08")
        return postgresError(PostgresFailure(sqlState: state, message: message, isConnectionLost: isLost), database)
    }

    /// The error of a session that is gone.
    func lost(_ reason: String? = nil) -> ExhaustError {
        let said = String(cString: PQerrorMessage(pointer)).split(separator: "\n").first.map(String.init)
        let message = reason ?? said ?? "the connection was lost"
        return postgresError(PostgresFailure(sqlState: "", message: message, isConnectionLost: true), database)
    }

    /// A clock that only goes forward.
    static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
