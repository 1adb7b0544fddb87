import CMicroHTTPD
import Glibc
import Synchronization

/// What the library calls on its threads. At file scope and nonisolated: a closure that inherits an actor's isolation would
/// end the program there.
enum ServerCallbacks {
    /// The request line has arrived; what is answered here stands for the request in all further calls.
    static let target:
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
            context, target, connection in
            guard let context, let target, let connection, let linked = mhdx_context(connection) else { return nil }
            let exchange = Exchange(
                core: Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue(),
                link: Unmanaged<Link>.fromOpaque(linked).takeUnretainedValue(), target: String(cString: target),
                connection: connection)
            return Unmanaged.passRetained(exchange).toOpaque()
        }

    /// Paths and queries are decoded where they are used.
    static let unescape:
        @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<CChar>?) -> Int = {
            _, _, text in text.map { strlen($0) } ?? 0
        }

    /// The head, a piece of the body, or the end of the request has arrived, or the connection was resumed.
    static let handle: MHD_AccessHandlerCallback = {
        _, connection, target, method, version, upload, uploadCount, request in
        guard let connection, let uploadCount, let known = request?.pointee else { return .NO }
        let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
        if uploadCount.pointee > 0 {
            let piece = UnsafeRawBufferPointer(start: upload, count: uploadCount.pointee)
            guard let taken = exchange.receive(piece) else { return .NO }
            uploadCount.pointee -= taken
            return .YES
        }
        let step: Exchange.Step
        if exchange.state.withLock({ $0.phase == .target }) {
            guard let target, let method, let version else { return .NO }
            step = exchange.open(
                connection, method: String(cString: method), version: String(cString: version),
                // Both lie in one buffer, with one byte between them.
                targetByteCount: version - target - 1)
        } else {
            step = exchange.proceed()
        }
        switch step {
        case .go: return .YES
        case .close: return .NO
        case .send(let response): return exchange.send(response, on: connection) ? .YES : .NO
        }
    }

    /// The answer is sent, or never will be.
    static let completed: MHD_RequestCompletedCallback = { _, _, request, _ in
        guard let known = request?.pointee else { return }
        request?.pointee = nil
        let exchange = Unmanaged<Exchange>.fromOpaque(known).takeRetainedValue()
        exchange.finish()
        exchange.link.end(exchange)
    }

    /// A connection began or ended; its descriptor is still open in both calls.
    static let connection: MHD_NotifyConnectionCallback = { context, connection, slot, event in
        guard let context, let connection, let slot else { return }
        let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
        if event == .CONNECTION_NOTIFY_STARTED {
            let link = Link(
                descriptor: mhdx_descriptor(connection), peer: PeerAddress.text(mhdx_address(connection)), core: core)
            slot.pointee = Unmanaged.passRetained(link).toOpaque()
            core.links.add(link)
        } else if let known = slot.pointee {
            slot.pointee = nil
            core.links.remove(Unmanaged<Link>.fromOpaque(known).takeRetainedValue())
        }
    }

    /// The library has room for more of an answer.
    static let produce: MHD_ContentReaderCallback = { context, _, buffer, count in
        guard let context, let buffer else { return mhdx_end_with_error }
        return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
            .produce(into: UnsafeMutableRawBufferPointer(start: buffer, count: count))
    }

    /// The library needs no more of an answer.
    static let releaseProducer: MHD_ContentReaderFreeCallback = { context in
        if let context { Unmanaged<Exchange>.fromOpaque(context).release() }
    }
}
