import CMicroHTTPD
import Glibc
import Synchronization

/// A connection, and until when something has to happen on it.
final class Link: Sendable {
    private struct State {
        /// When the next head has to have arrived, while there is no exchange. Milliseconds.
        var deadline: Int64
        var exchange: Exchange?
    }

    /// What the watch does about a connection.
    enum Verdict { case leave, close }

    let descriptor: Int32
    let peer: String
    private let core: ServerCore
    private let state: Mutex<State>

    init(descriptor: Int32, peer: String, core: ServerCore) {
        self.descriptor = descriptor
        self.peer = peer
        self.core = core
        state = Mutex(State(deadline: MonotonicTime.now() + core.limits.headMilliseconds))
    }

    /// The head of a request has arrived.
    func begin(_ exchange: Exchange) { state.withLock { $0.exchange = exchange } }

    /// The exchange is over; the next head may begin when it likes, but not last for ever.
    func end(_ exchange: Exchange) {
        let deadline = MonotonicTime.now() + core.limits.idleMilliseconds + core.limits.headMilliseconds
        state.withLock { state in
            state.exchange = nil
            state.deadline = deadline
        }
    }

    /// The exchange under way.
    var exchange: Exchange? { state.withLock { $0.exchange } }

    /// Whether the client took too long.
    func verdict(at now: Int64) -> Verdict {
        let (deadline, exchange) = state.withLock { ($0.deadline, $0.exchange) }
        guard let exchange else { return now > deadline ? .close : .leave }
        return exchange.isTooSlow(at: now) ? .close : .leave
    }
}

extension Exchange {
    fileprivate func isTooSlow(at now: Int64) -> Bool {
        state.withLock { state in
            state.pace.isTooSlow(at: now, state.phase == .body ? core.limits.upload : core.limits.download)
        }
    }

    /// Whether the connection waits for the handler, and nobody would notice that the client goes away.
    var isUnwatched: Bool { state.withLock { $0.isSuspended } }
}

/// All open connections.
final class LinkTable: Sendable {
    private let links = Mutex<[ObjectIdentifier: Link]>([:])

    func add(_ link: Link) { links.withLock { $0[ObjectIdentifier(link)] = link } }

    /// After this the descriptor may be closed, and become another's.
    func remove(_ link: Link) { links.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(link)) } }

    var count: Int { links.withLock { $0.count } }

    /// Does `body` with all connections, whose descriptors stay open meanwhile. It must not resume any.
    func withAll<Result>(_ body: (Dictionary<ObjectIdentifier, Link>.Values) -> Result) -> Result {
        links.withLock { body($0.values) }
    }
}

/// The text of a socket address.
enum PeerAddress {
    /// The IP address without port, such as `127.0.0.1`; IPv4 also where it came by way of IPv6.
    static func text(_ address: UnsafePointer<sockaddr>?) -> String {
        guard let address else { return "unknown" }
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let length =
            address.pointee.sa_family == sa_family_t(AF_INET6)
            ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        guard getnameinfo(address, socklen_t(length), &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return "unknown"
        }
        let text = String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
    }
}

/// Milliseconds of a clock that only goes forward; cheap, a few milliseconds coarse.
enum MonotonicTime {
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
