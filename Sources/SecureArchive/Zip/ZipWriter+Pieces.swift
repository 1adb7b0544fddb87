extension ZipWriter {
    /// How many bytes of a part go in before what waits is handed on.
    public static let pieceCount = 1 << 20

    /// Appends bytes of any length, handing on what waits after every piece, so that memory stays flat.
    public mutating func append(_ bytes: [UInt8], drainingTo sink: ByteSink) throws {
        try bytes.withUnsafeBytes { bytes in
            try bytes.forEachPiece(of: Self.pieceCount) { piece in
                try append(piece)
                try drain(to: sink)
            }
        }
    }

    /// The same for a destination that is asynchronous.
    public nonisolated(nonsending) mutating func append(
        _ bytes: [UInt8], drainingTo sink: nonisolated(nonsending) (_ bytes: [UInt8]) async throws -> Void
    ) async throws {
        var offset = 0
        while offset < bytes.count {
            let end = offset + min(Self.pieceCount, bytes.count - offset)
            try bytes.withUnsafeBytes { try append($0.part(offset..<end)) }
            try await sink(takePending())
            offset = end
        }
    }
}
