/// Bytes of a known length that can be read anywhere, such as a file.
public protocol RandomAccessSource: Sendable {
    /// How many bytes there are.
    var byteCount: UInt64 { get }

    /// Fills all of `buffer` from `offset`; throws if that reaches past the end.
    func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws
}

extension RandomAccessSource {
    /// `count` bytes from `offset`, for `what` in the error; the caller bounds `count`.
    func bytes(at offset: UInt64, count: Int, of what: String) throws -> [UInt8] {
        guard count >= 0, offset <= byteCount, UInt64(count) <= byteCount - offset else {
            throw damaged(what, "it reaches past the end of the file")
        }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            if count > 0 { try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer)) }
            filled = count
        }
    }
}

/// Bytes in memory as a source.
public struct MemorySource: RandomAccessSource {
    private let bytes: [UInt8]

    /// Reads from `bytes`.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many bytes there are.
    public var byteCount: UInt64 { UInt64(bytes.count) }

    /// Copies a range; throws if it reaches past the end.
    public func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard offset <= byteCount, UInt64(buffer.count) <= byteCount - offset else {
            throw damaged("archive", "it ends too early")
        }
        bytes.withUnsafeBytes { buffer.copyMemory(from: $0.part(Int(offset)..<Int(offset) + buffer.count)) }
    }
}
