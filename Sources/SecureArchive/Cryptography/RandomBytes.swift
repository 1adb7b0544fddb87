internal import COpenSSL
internal import ReportModel

/// Bytes from OpenSSL's generator for secrets (RAND_bytes).
public enum RandomBytes {
    /// `count` fresh bytes; throws if the generator is not seeded.
    public static func make(count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            try fill(UnsafeMutableRawBufferPointer(buffer))
            filled = count
        }
    }

    /// Overwrites the whole buffer.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
        guard !buffer.isEmpty else { return }
        let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let count = Int32(exactly: buffer.count), RAND_bytes(start, count) == 1 else {
            throw openSSLFault("random bytes")
        }
    }
}
