import CLinux
import CMicroHTTPD
import Glibc
import Synchronization

/// A thread of its own that does what the library does not: notices slow clients, and those that go away while their
/// request is being worked on; and stops the server.
final class ConnectionWatch: Sendable {
    /// How often it looks, in milliseconds; more often while it stops.
    private static let interval: Int32 = 250
    private static let stoppingInterval: Int32 = 10
    /// After the stop limit everything is broken off, which takes the handlers a moment.
    private static let breakOffMilliseconds: Int64 = 5_000

    private enum Stop {
        case none
        case asked(CheckedContinuation<Void, Never>)
        case done
    }

    private let core: ServerCore
    private let daemon: UInt
    private let wakeUp: (read: Int32, write: Int32)
    private let stop = Mutex(Stop.none)

    /// Begins to watch the connections of `daemon`. Nil if the system has no thread or descriptor left.
    static func start(_ core: ServerCore, daemon: OpaquePointer) -> ConnectionWatch? {
        var ends: [Int32] = [-1, -1]
        guard clinux_pipe(&ends) == 0 else { return nil }
        let watch = ConnectionWatch(core, daemon: daemon, wakeUp: (ends[0], ends[1]))
        let context = Unmanaged.passRetained(watch)
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<ConnectionWatch>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
        guard result == 0 else {
            context.release()
            return nil
        }
        pthread_detach(thread)
        return watch
    }

    private init(_ core: ServerCore, daemon: OpaquePointer, wakeUp: (read: Int32, write: Int32)) {
        self.core = core
        self.daemon = UInt(bitPattern: daemon)
        self.wakeUp = wakeUp
    }

    deinit {
        close(wakeUp.read)
        close(wakeUp.write)
    }

    /// Takes no more connections, lets what is under way end within the limit, and stops. Once.
    func stopServer() async {
        await withCheckedContinuation { continuation in
            stop.withLock { $0 = .asked(continuation) }
            var byte: UInt8 = 1
            _ = write(wakeUp.write, &byte, 1)
        }
    }

    private func run() {
        while true {
            var ready = pollfd(fd: wakeUp.read, events: Int16(POLLIN), revents: 0)
            _ = poll(&ready, 1, Self.interval)
            if case .asked(let continuation) = stop.withLock({ $0 }) {
                stopDaemon()
                stop.withLock { $0 = .done }
                continuation.resume()
                return
            }
            look()
        }
    }

    private func look() {
        let now = MonotonicTime.now()
        let gone = core.links.withAll { links in
            closeSlow(links, now)
            return goneWhileWaiting(links)
        }
        // Outside the table's lock, since a resumption takes one of the library's.
        for exchange in gone { exchange.finish() }
    }

    /// Shuts slow connections; their threads notice and close them.
    private func closeSlow(_ links: Dictionary<ObjectIdentifier, Link>.Values, _ now: Int64) {
        for link in links where link.verdict(at: now) == .close { shutdown(link.descriptor, Int32(SHUT_RDWR)) }
    }

    /// Exchanges of clients that went away while their connection is suspended, when the library does not look.
    private func goneWhileWaiting(_ links: Dictionary<ObjectIdentifier, Link>.Values) -> [Exchange] {
        var waiting: [Exchange] = []
        var descriptors: [pollfd] = []
        for link in links {
            guard let exchange = link.exchange, exchange.isUnwatched else { continue }
            waiting.append(exchange)
            descriptors.append(pollfd(fd: link.descriptor, events: mhdx_gone_events(), revents: 0))
        }
        guard !waiting.isEmpty, poll(&descriptors, nfds_t(descriptors.count), 0) > 0 else { return [] }
        return zip(waiting, descriptors).filter { $1.revents != 0 }.map(\.0)
    }

    private func stopDaemon() {
        let daemon = OpaquePointer(bitPattern: daemon)
        core.isStopping.store(true, ordering: .relaxed)
        let listening = MHD_quiesce_daemon(daemon)
        if listening >= 0 { close(listening) }
        let limit = MonotonicTime.now() + Int64(core.options.stopSeconds * 1000)
        while core.links.count > 0 || core.tasks.load(ordering: .relaxed) > 0 {
            let now = MonotonicTime.now()
            if now > limit + Self.breakOffMilliseconds { break }
            look()
            for exchange in core.links.withAll({ stopping($0, isLate: now > limit) }) { exchange.finish() }
            _ = poll(nil, 0, Self.stoppingInterval)
        }
        // No connection is suspended any more, as the library demands: `finish` has resumed them all.
        for exchange in core.links.withAll({ $0.compactMap(\.exchange) }) { exchange.finish() }
        MHD_stop_daemon(daemon)
    }

    /// Closes idle connections and ends endless streams; the exchanges to be broken off, since the limit has passed.
    private func stopping(_ links: Dictionary<ObjectIdentifier, Link>.Values, isLate: Bool) -> [Exchange] {
        var late: [Exchange] = []
        for link in links {
            guard let exchange = link.exchange else {
                shutdown(link.descriptor, Int32(SHUT_RDWR))
                continue
            }
            exchange.endStream()
            if isLate {
                shutdown(link.descriptor, Int32(SHUT_RDWR))
                late.append(exchange)
            }
        }
        return late
    }
}
