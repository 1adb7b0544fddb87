import CMicroHTTPD
import Glibc
import ReportModel
import Synchronization

/// An HTTP/1.1 server: libmicrohttpd reads and writes, handlers are tasks.
public final class HTTPServer: Sendable {
    /// Where it listens; the port is the one that the system chose, if it was asked to.
    public let address: ListenAddress
    private let core: ServerCore
    private let watch: ConnectionWatch

    /// What a server has in hand.
    public struct Load: Sendable, Hashable {
        /// Open connections.
        public var connections: Int
        /// Requests whose handlers have not returned.
        public var requests: Int
    }

    /// Runs a server while `body` runs. However that ends, also by cancellation, the server then stops: it takes no more
    /// connections, lets what is under way end within `stopSeconds`, ends streams without a known length, and returns.
    ///
    /// Throws `conflict` if the port is taken, `invalidInput` if certificate and key are refused, `storageFailed` for other
    /// refusals of the system, and what `body` throws.
    public static func serving<Value>(
        _ options: HTTPServerOptions, handler: any HTTPHandler, _ body: (HTTPServer) async throws -> Value
    ) async throws -> Value {
        let server = try start(options, handler)
        do {
            let value = try await body(server)
            await server.watch.stopServer()
            return value
        } catch {
            await server.watch.stopServer()
            throw error
        }
    }

    /// What it has in hand now.
    public var load: Load {
        Load(connections: core.links.count, requests: core.tasks.load(ordering: .relaxed))
    }

    private init(_ address: ListenAddress, _ core: ServerCore, _ watch: ConnectionWatch) {
        self.address = address
        self.core = core
        self.watch = watch
    }

    private static func start(_ options: HTTPServerOptions, _ handler: any HTTPHandler) throws(ExhaustError)
        -> HTTPServer
    {
        let socket = try ListenSocket.open(options.listen, backlog: options.backlog)
        let core = ServerCore(options: options, handler: handler)
        guard let daemon = startDaemon(core, socket.descriptor) else {
            close(socket.descriptor)
            guard options.tls == nil else {
                throw ExhaustError(
                    .invalidInput, "TLS: the certificate and key are refused",
                    remedy: "Give both as PEM, the certificate first in its file, and the key that belongs to it.",
                    mender: .operator)
            }
            throw ExhaustError(.storageFailed, "server: it cannot start its threads", mender: .operator)
        }
        guard let watch = ConnectionWatch.start(core, daemon: daemon) else {
            MHD_stop_daemon(daemon)
            throw ExhaustError(.storageFailed, "server: it cannot start its threads", mender: .operator)
        }
        return HTTPServer(socket.bound, core, watch)
    }

    private static func startDaemon(_ core: ServerCore, _ descriptor: Int32) -> OpaquePointer? {
        let options = core.options
        var callbacks = mhdx_callbacks(
            handle: ServerCallbacks.handle, completed: ServerCallbacks.completed,
            connection: ServerCallbacks.connection,
            target: ServerCallbacks.target, unescape: ServerCallbacks.unescape)
        var started = mhdx_options()
        started.listen_descriptor = descriptor
        started.threads = UInt32(clamping: options.threads)
        started.connections = UInt32(clamping: options.connections)
        started.connections_per_address = UInt32(clamping: options.connectionsPerAddress)
        // The library counts in whole seconds, and takes 0 for no limit.
        started.idle_seconds = UInt32(clamping: max(1, Int(options.idleSeconds.rounded(.up))))
        started.connection_memory = options.headBytes
        // The callbacks do not retain it; the watch keeps it until the daemon is stopped.
        started.context = Unmanaged.passUnretained(core).toOpaque()
        guard let tls = options.tls else { return mhdx_start(&started, &callbacks) }
        return tls.certificate.withCString { certificate in
            tls.key.withCString { key in
                started.certificate = certificate
                started.key = key
                return mhdx_start(&started, &callbacks)
            }
        }
    }
}
