import COpenSSLTLS
import Glibc
import ReportModel

/// TLS over a socket. OpenSSL works on memory alone, so that time-outs and signals are the socket's affair.
final class TLSSession {
    private let context: OpaquePointer
    private let session: OpaquePointer
    private let arriving: OpaquePointer
    private let leaving: OpaquePointer
    private let socket: Socket
    private let options: RedisOptions

    /// Agrees with the server. Throws `unavailable` for a server that is not to be trusted, `storageFailed` for a file of
    /// certificates that cannot be read.
    init(_ socket: Socket, _ options: RedisOptions) throws {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw Self.fault() }
        guard let session = Self.session(context), let arriving = BIO_new(BIO_s_mem()),
            let leaving = BIO_new(BIO_s_mem())
        else {
            SSL_CTX_free(context)
            throw Self.fault()
        }
        SSL_set_bio(session, arriving, leaving)
        self.context = context
        self.session = session
        self.arriving = arriving
        self.leaving = leaving
        self.socket = socket
        self.options = options
        try trust()
        SSL_set_connect_state(session)
        try agree()
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws {
        guard !bytes.isEmpty else { return }
        guard SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count)) == Int32(clamping: bytes.count) else {
            throw options.unavailable("the TLS connection broke")
        }
        try flush()
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count))
            if count > 0 { return Int(count) }
            guard SSL_get_error(session, count) == SSL_ERROR_WANT_READ else {
                throw options.unavailable("the TLS connection was ended")
            }
            try flush()
            try feed()
        }
    }

    private static func session(_ context: OpaquePointer) -> OpaquePointer? {
        guard tlsx_set_least_version(context) == 1 else { return nil }
        return SSL_new(context)
    }

    private func trust() throws {
        if let file = options.trustFile {
            guard SSL_CTX_load_verify_locations(context, file, nil) == 1 else {
                throw ExhaustError(
                    .storageFailed, "\(options.name): the certificates to trust cannot be read from \(file)",
                    remedy: "Set profiles.redis.trustFile.")
            }
        } else {
            guard SSL_CTX_set_default_verify_paths(context) == 1 else { throw Self.fault() }
        }
        SSL_set_verify(session, SSL_VERIFY_PEER, nil)
        // An address is looked for among a certificate's addresses, and names no server.
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), options.host) != 1 {
            guard SSL_set1_host(session, options.host) == 1, tlsx_set_server_name(session, options.host) == 1 else {
                throw Self.fault()
            }
        }
    }

    private func agree() throws {
        while true {
            let code = SSL_do_handshake(session)
            try flush()
            if code == 1 { return }
            guard SSL_get_error(session, code) == SSL_ERROR_WANT_READ else {
                let verdict = SSL_get_verify_result(session)
                let why =
                    verdict == 0
                    ? "it does not speak TLS as it should"
                    : "its certificate is not to be trusted (\(String(cString: X509_verify_cert_error_string(verdict))))"
                throw ExhaustError(
                    .unavailable, "\(options.name): \(why)",
                    remedy: "Check profiles.redis.tls and profiles.redis.trustFile.")
            }
            try feed()
        }
    }

    private func flush() throws {
        try withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { buffer in
            while true {
                let count = BIO_read(leaving, buffer.baseAddress, Int32(buffer.count))
                guard count > 0 else { return }
                try socket.send(UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)]))
            }
        }
    }

    private func feed() throws {
        try withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { buffer in
            let count = try socket.receive(into: buffer)
            guard BIO_write(arriving, buffer.baseAddress, Int32(count)) == Int32(count) else { throw Self.fault() }
        }
    }

    private static func fault() -> ExhaustError { ExhaustError(.internalFault, "OpenSSL refuses a TLS session") }
}
