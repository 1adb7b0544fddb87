import Glibc
import ReportModel

/// A TCP connection with time-outs. Blocks; used by one thread.
final class Socket {
    private let descriptor: Int32
    private let options: RedisOptions

    /// Connects to the first address of the host that answers. Throws `unavailable`.
    init(_ options: RedisOptions) throws {
        self.options = options
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(options.host, String(options.port), &hints, &found) == 0, let first = found else {
            throw options.unavailable("its name is not known")
        }
        defer { freeaddrinfo(first) }
        var reason = ECONNREFUSED
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let address = next {
            next = address.pointee.ai_next
            let descriptor = socket(
                address.pointee.ai_family, address.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue),
                address.pointee.ai_protocol)
            guard descriptor >= 0 else {
                reason = errno
                continue
            }
            reason = Self.connect(descriptor, address.pointee, seconds: options.connectSeconds)
            if reason == 0 {
                self.descriptor = descriptor
                var yes: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
                setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, socklen_t(MemoryLayout<Int32>.size))
                return
            }
            close(descriptor)
        }
        throw options.unavailable("it cannot be reached (\(String(cString: strerror(reason))))")
    }

    deinit { close(descriptor) }

    /// Sends all of `bytes`. Throws `unavailable`.
    func send(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            try wait(for: POLLOUT)
            let count = Glibc.send(
                descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EAGAIN && errno != EINTR {
                throw options.unavailable("the connection broke (\(String(cString: strerror(errno))))")
            }
        }
    }

    /// Waits for bytes and puts them into `buffer`; how many, at least one. Throws `unavailable`.
    func receive(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            try wait(for: POLLIN)
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { return count }
            guard count < 0 else { throw options.unavailable("it closed the connection") }
            guard errno == EAGAIN || errno == EINTR else {
                throw options.unavailable("the connection broke (\(String(cString: strerror(errno))))")
            }
        }
    }

    private func wait(for event: Int32) throws {
        guard Self.isReady(descriptor, event, seconds: options.answerSeconds) else {
            throw options.unavailable("it did not answer within \(options.answerSeconds) s")
        }
    }

    /// 0, or why there is no connection.
    private static func connect(_ descriptor: Int32, _ address: addrinfo, seconds: Double) -> Int32 {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        defer { _ = fcntl(descriptor, F_SETFL, flags) }
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return 0 }
        guard errno == EINPROGRESS else { return errno }
        guard isReady(descriptor, POLLOUT, seconds: seconds) else { return ETIMEDOUT }
        var reason: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &length)
        return reason
    }

    private static func isReady(_ descriptor: Int32, _ event: Int32, seconds: Double) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        var ready: Int32
        repeat { ready = Glibc.poll(&poll, 1, Int32(max(1, seconds * 1000))) } while ready < 0 && errno == EINTR
        return ready > 0
    }
}
