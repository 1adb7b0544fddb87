internal import COpenSSL

/// Bytes that must not be seen: no description shows them, and they are overwritten when the last owner lets go.
public struct SecretBytes: Sendable {
    /// Unchecked because the memory is written in `init` alone and only read until `deinit`.
    private final class Storage: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer

        init(count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
            bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            try fill(bytes)
        }

        deinit {
            OPENSSL_cleanse(bytes.baseAddress, bytes.count)
            bytes.deallocate()
        }
    }

    private let storage: Storage

    /// A copy of `bytes`; the caller's own copy stays what it is.
    public init(_ bytes: some Collection<UInt8>) {
        storage = Storage(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    /// `count` bytes that `fill` writes.
    init(count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        storage = try Storage(count: count, fill)
    }

    /// How many bytes there are.
    public var count: Int { storage.bytes.count }

    /// Shows the bytes to `body`, for the time of the call.
    public func withUnsafeBytes<Result: ~Copyable>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        try body(UnsafeRawBufferPointer(storage.bytes))
    }
}

extension SecretBytes: Equatable {
    /// Compares in a time that depends on the lengths alone.
    public static func == (left: Self, right: Self) -> Bool {
        left.withUnsafeBytes { left in right.withUnsafeBytes { right in sameBytes(left, right) } }
    }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    /// Tells the length alone.
    public var description: String { "secret of \(count) bytes" }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Compares in a time that depends on the lengths alone.
func sameBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    left.count == right.count && (left.isEmpty || CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0)
}

/// Compares in a time that depends on the lengths alone.
func sameBytes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { left in right.withUnsafeBytes { right in sameBytes(left, right) } }
}
