import COpenSSL
import ReportModel
import Synchronization

/// One AES-128-ECB context of OpenSSL with the deployment's key, padding off.
///
/// Whole blocks leave nothing behind in it, so one context serves any number of values, one after the other.
/// Unchecked: a context is either in the pool or with the one call that took it, never with two.
struct CipherContext: @unchecked Sendable {
    static let block = 16
    /// Hard-coded in the services that encrypt (upstream.md 5.8).
    private static let key: StaticString = "ThisAsISerceKtey"

    private let pointer: OpaquePointer
    private let direction: CipherPool.Direction

    init(_ direction: CipherPool.Direction) throws(ExhaustError) {
        guard let pointer = EVP_CIPHER_CTX_new() else {
            throw ExhaustError(.internalFault, "personal data: no memory for a cipher")
        }
        let isForEncryption: Int32 = direction == .encrypt ? 1 : 0
        guard EVP_CipherInit_ex(pointer, EVP_aes_128_ecb(), nil, Self.key.utf8Start, nil, isForEncryption) == 1,
            EVP_CIPHER_CTX_set_padding(pointer, 0) == 1
        else {
            EVP_CIPHER_CTX_free(pointer)
            throw ExhaustError(
                .internalFault, "personal data: the system's libcrypto has no AES-128-ECB",
                remedy: "Install libssl3 with its default provider.")
        }
        self.pointer = pointer
        self.direction = direction
    }

    /// Encrypts or decrypts whole blocks in place; false if the library failed.
    func process(_ blocks: UnsafeMutableRawBufferPointer) -> Bool {
        let bytes = blocks.assumingMemoryBound(to: UInt8.self).baseAddress
        var count: Int32 = 0
        let isDone = EVP_CipherUpdate(pointer, bytes, &count, bytes, Int32(blocks.count))
        return isDone == 1 && Int(count) == blocks.count
    }

    func free() { EVP_CIPHER_CTX_free(pointer) }
}

/// Contexts that are not in use: making one costs more than decrypting a value with it, and sharing one is unsafe.
final class CipherPool: Sendable {
    enum Direction: Sendable { case decrypt, encrypt }

    /// Contexts that are kept; more are made when more threads ask at once, and freed afterwards.
    static let kept = 16

    private let direction: Direction
    private let idle = Mutex<[CipherContext]>([])

    init(_ direction: Direction) { self.direction = direction }

    deinit { for context in idle.withLock({ $0 }) { context.free() } }

    func take() -> Result<CipherContext, ExhaustError> {
        if let context = idle.withLock({ $0.popLast() }) { return .success(context) }
        return Result { () throws(ExhaustError) in try CipherContext(direction) }
    }

    func giveBack(_ context: CipherContext) {
        let isKept = idle.withLock { contexts in
            guard contexts.count < Self.kept else { return false }
            contexts.append(context)
            return true
        }
        if !isKept { context.free() }
    }
}
