import Synchronization

/// Names for requests: those that clients send, if harmless, or our own.
final class RequestIDs: Sendable {
    /// Longest that a client may send, in characters.
    static let longest = 64

    private let prefix: String
    private let counter = Atomic<UInt64>(0)

    init() {
        // Tells apart what several servers, or one before and after a restart, have named.
        prefix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    }

    /// The id of a request that came with `sent`.
    func id(_ sent: String?) -> String {
        if let sent, Self.isHarmless(sent) { return sent }
        let number = counter.add(1, ordering: .relaxed).newValue
        return prefix + "-" + String(number, radix: 36)
    }

    /// Whether it can stand in a header and a log line and mean nothing else there.
    static func isHarmless(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= longest
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
