internal import CCassandra
import Synchronization

/// What the driver and the servers have to say. Their texts are never handed on: they carry queries and the ids of
/// learners; only how serious they are and the driver's own place in its source.
public enum CassandraLog {
    /// How serious a message is.
    public enum Severity: Sendable, Hashable {
        /// Something was lost.
        case error
        /// Something is slow, large or will be repeated.
        case warning
    }

    /// Takes one message: how serious it is, and which function of the driver sent it. Called on the driver's threads.
    public typealias Handler = @Sendable (Severity, _ origin: String) -> Void

    private static let handler = Mutex<Handler?>(nil)

    static func install(_ api: ccassandra_api, _ handler: @escaping Handler) {
        Self.handler.withLock { $0 = handler }
        api.log_set_callback({ message, _ in CassandraLog.receive(message) }, nil)
        api.log_set_level(warningLevel)
    }

    // CassLogLevel: 1 critical, 2 error, 3 warning.
    private static let warningLevel: Int32 = 3

    private static func receive(_ message: UnsafePointer<CassLogMessage>?) {
        guard let message, let handler = handler.withLock({ $0 }) else { return }
        let origin = message.pointee.function.map { String(cString: $0) } ?? ""
        // ScyllaDB's driver complains so at each connection to a node that is none of theirs; harmless.
        if origin.contains("Connector::on_supported") { return }
        handler(message.pointee.severity < warningLevel ? .error : .warning, String(origin.prefix(80)))
    }
}
