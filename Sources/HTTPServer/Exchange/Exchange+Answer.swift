import CMicroHTTPD
import Glibc
import HTTPMessages
import Synchronization

/// What the library's thread does with the answer.
extension Exchange {
    /// Bodies up to this are handed over at once; larger ones piece by piece, so that a client that takes them slowly is
    /// noticed. Also the size of those pieces.
    private static let pieceBytes = 64 << 10

    /// Hands `response` to the library. False if it has to close the connection.
    func send(_ response: HTTPResponse, on connection: OpaquePointer) -> Bool {
        guard let made = make(response) else { return false }
        defer { MHD_destroy_response(made) }
        for field in response.fields.all {
            // Refused are line ends and blanks at the ends: a fault of the handler that must not become another field.
            guard MHD_add_response_header(made, field.name, field.value) == .YES else { return false }
        }
        for field in core.options.fieldsOfEveryAnswer.all where response.fields[field.name] == nil {
            guard MHD_add_response_header(made, field.name, field.value) == .YES else { return false }
        }
        if let id = state.withLock({ $0.request?.requestID }) { MHD_add_response_header(made, "X-Request-ID", id) }
        if core.isStopping.load(ordering: .relaxed) { MHD_add_response_header(made, "Connection", "close") }
        state.withLock { state in
            if case .bytes(let bytes) = response.body { state.pace.moved(min(bytes.count, Self.pieceBytes)) }
            state.pace.wait(at: MonotonicTime.now())
        }
        return MHD_queue_response(connection, UInt32(response.status), made) == .YES
    }

    private func make(_ response: HTTPResponse) -> OpaquePointer? {
        switch response.body {
        case .bytes(let bytes) where bytes.count <= Self.pieceBytes:
            // The library copies them and writes to nothing.
            return bytes.withUnsafeBytes { bytes in
                MHD_create_response_from_buffer(
                    bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .bytes(let bytes):
            state.withLock { state in
                state.output = bytes
                state.outputEnd = .ended
            }
            return stream(length: UInt64(bytes.count))
        case .stream(_, let length):
            return stream(length: length.map { UInt64(max(0, $0)) } ?? mhdx_size_unknown)
        }
    }

    private func stream(length: UInt64) -> OpaquePointer? {
        let context = Unmanaged.passRetained(self)
        let made = MHD_create_response_from_callback(
            length, Self.pieceBytes, ServerCallbacks.produce, context.toOpaque(), ServerCallbacks.releaseProducer)
        if made == nil { context.release() }
        return made
    }

    /// Copies what is to be sent next into the library's buffer; its result, negative at the end.
    func produce(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            guard !state.isOver else { return mhdx_end_with_error }
            let count = min(buffer.count, state.output.count - state.outputOffset)
            guard count > 0 else {
                switch state.outputEnd {
                case .ended: return mhdx_end_of_stream
                case .failed: return mhdx_end_with_error
                case nil:
                    suspend(&state)
                    return 0
                }
            }
            state.output.withUnsafeBytes { bytes in
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[state.outputOffset...].prefix(count)))
            }
            state.outputOffset += count
            state.pace.moved(count)
            state.pace.wait(at: MonotonicTime.now())
            if state.outputOffset == state.output.count {
                state.output = []
                state.outputOffset = 0
                state.writer?.resume(returning: true)
                state.writer = nil
            }
            return count
        }
    }
}
