import CISAL
import Glibc
import ReportModel

/// Writes one file, gzipped if its name says so. ISA-L, since the archive links it already, and several times as fast as
/// zlib at its lowest level.
final class SampleFileWriter {
    private static let roomBytes = 1 << 20

    private let path: String
    private let descriptor: Int32
    private let stream: UnsafeMutablePointer<isal_zstream>?
    private let room: UnsafeMutableRawBufferPointer
    private(set) var bytesWritten: Int64 = 0

    init(path: String) throws(ExhaustError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        room = .allocate(byteCount: Self.roomBytes, alignment: 16)
        guard path.hasSuffix(".gz") else {
            stream = nil
            return
        }
        let stream = UnsafeMutablePointer<isal_zstream>.allocate(capacity: 1)
        isal_deflate_init(stream)
        stream.pointee.gzip_flag = UInt16(IGZIP_GZIP)
        self.stream = stream
    }

    deinit {
        close(descriptor)
        room.deallocate()
        stream?.deallocate()
    }

    func write(_ bytes: [UInt8], isLast: Bool) throws(ExhaustError) {
        var failure: ExhaustError?
        bytes.withUnsafeBytes { bytes in
            do throws(ExhaustError) {
                if let stream { try deflate(bytes, stream, isLast: isLast) } else { try put(bytes) }
            } catch { failure = error }
        }
        if let failure { throw failure }
        if isLast, fsync(descriptor) != 0, errno != EINVAL { throw Self.failure(path) }
    }

    private func deflate(
        _ bytes: UnsafeRawBufferPointer, _ stream: UnsafeMutablePointer<isal_zstream>, isLast: Bool
    ) throws(ExhaustError) {
        // igzip reads the input and never writes it; its C signature lacks the const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(bytes.count)
        stream.pointee.end_of_stream = isLast ? 1 : 0
        repeat {
            stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room.count)
            guard isal_deflate(stream) == COMP_OK else {
                throw ExhaustError(.internalFault, "sample data \(path): igzip failed")
            }
            try put(UnsafeRawBufferPointer(rebasing: room[..<(room.count - Int(stream.pointee.avail_out))]))
        } while stream.pointee.avail_out == 0 || stream.pointee.avail_in > 0
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws(ExhaustError) {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path) }
            done += count
        }
        bytesWritten += Int64(bytes.count)
    }

    private static func failure(_ path: String) -> ExhaustError {
        ExhaustError(
            .storageFailed, "sample data \(path): \(String(cString: strerror(errno)))",
            remedy: "Name a folder that can be written, on a disk with room.")
    }
}
