import Glibc
import ReportModel

/// A socket that listens.
enum ListenSocket {
    /// Binds and listens. Throws `conflict` if another program has the port, `storageFailed` for other refusals.
    static func open(_ address: ListenAddress, backlog: Int) throws(ExhaustError) -> (
        descriptor: Int32, bound: ListenAddress
    ) {
        let family = address.host.contains(":") ? AF_INET6 : AF_INET
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { throw refused(address) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address), listen(descriptor, Int32(clamping: backlog)) == 0 else {
            let error = refused(address)
            close(descriptor)
            throw error
        }
        return (descriptor, ListenAddress(host: address.host, port: port(of: descriptor)))
    }

    private static func bind(_ descriptor: Int32, _ address: ListenAddress) -> Bool {
        if address.host.contains(":") {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = address.port.bigEndian
            inet_pton(AF_INET6, address.host, &six.sin6_addr)
            return withAddress(of: &six) { Glibc.bind(descriptor, $0, $1) == 0 }
        }
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = address.port.bigEndian
        inet_pton(AF_INET, address.host, &four.sin_addr)
        return withAddress(of: &four) { Glibc.bind(descriptor, $0, $1) == 0 }
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        // The port stands at the same place in both families.
        var six = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withAddress(of: &six) { address, _ in
            getsockname(descriptor, UnsafeMutablePointer(mutating: address), &length)
        }
        return UInt16(bigEndian: six.sin6_port)
    }

    private static func withAddress<Value, Result>(
        of value: inout Value, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &value) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Value>.size)) }
        }
    }

    private static func refused(_ address: ListenAddress) -> ExhaustError {
        let reason = errno
        return ExhaustError(
            reason == EADDRINUSE ? .conflict : .storageFailed,
            "listen address \(address): \(String(cString: strerror(reason)))",
            remedy: reason == EADDRINUSE
                ? "Stop the other program, or name another port." : "Name an address of this machine that may be used.",
            mender: .operator)
    }
}
