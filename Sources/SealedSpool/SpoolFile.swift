import Glibc
import ReportModel
import SecureArchive

/// A temporary file of sealed blocks. It has no name from the moment it is opened, so that nothing is left of it when the
/// program ends, however it ends.
final class SpoolFile: Sendable {
    private let descriptor: Int32
    private let box: SealedBox

    /// A new file in `folder`, under `key`.
    init(folder: String, key: SymmetricKey) throws {
        box = SealedBox(.spool, key: key)
        var template = Array("\(folder)/spool-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Self.failed("made in \(folder)") }
        unlink(template)
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw Self.failed("kept from other programs") }
    }

    deinit { close(descriptor) }

    /// Seals `plain` and writes it at `offset`; answers with its length there.
    func write(_ plain: [UInt8], at offset: Int64) throws -> Int {
        let sealed = try box.seal(plain, associatedData: Self.place(offset))
        try sealed.withUnsafeBytes { all in
            var written = 0
            while written < all.count {
                let step = pwrite(
                    descriptor, all.baseAddress?.advanced(by: written), all.count - written,
                    off_t(offset) + off_t(written))
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { throw Self.failed("written") }
                written += step
            }
        }
        return sealed.count
    }

    /// The block that was written there.
    func read(_ block: BlockIndex.Block) throws -> [UInt8] {
        let sealed = try [UInt8](unsafeUninitializedCapacity: block.byteCount) { buffer, filled in
            while filled < block.byteCount {
                let step = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), block.byteCount - filled,
                    off_t(block.offset) + off_t(filled))
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { throw Self.failed("read") }
                filled += step
            }
        }
        return try box.open(sealed, associatedData: Self.place(block.offset))
    }

    private static func place(_ offset: Int64) -> [UInt8] { withUnsafeBytes(of: offset.littleEndian) { Array($0) } }

    private static func failed(_ verb: String) -> ExhaustError {
        ExhaustError(
            .storageFailed, "temporary file: it cannot be \(verb): \(String(cString: strerror(errno)))",
            remedy: "Check the space on its disk; TMPDIR names another.", mender: .operator)
    }
}
