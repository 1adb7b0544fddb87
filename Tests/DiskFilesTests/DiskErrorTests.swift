import Glibc
import ReportModel
import ReportTesting
import Testing

@testable import DiskFiles

@Suite struct DiskErrorTests {
    @Test func `a full disk is told as one, with what to do`() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let error = failure { try DiskFolder.write([1, 2, 3], to: descriptor, "parts/A/p") }
        #expect(error?.code == .storageFailed && error?.mender == .operator && error?.canPass == true)
        #expect(error?.message == "parts/A/p cannot be written: the disk is full")
        #expect(error?.remedy.contains("Free space") == true)
    }

    @Test(arguments: [
        (ENOSPC, "Free space"), (EDQUOT, "quota"), (EFBIG, "ulimit -f"), (EACCES, "write access"),
        (EPERM, "write access"), (EROFS, "read-only"), (EMFILE, "ulimit -n"), (ENAMETOOLONG, "shorter"),
        (EIO, "system log"), (ENOTDIR, "what stands there"),
    ])
    func `every refusal of the system says what to do`(code: Int32, hint: String) {
        let error = diskError(code, "files/a.zip", "cannot be written")
        #expect(error.code == .storageFailed && error.mender == .operator)
        #expect(error.message.hasPrefix("files/a.zip cannot be written: "))
        #expect(error.description.contains(hint), "\(error)")
    }

    @Test func `a folder that may not be written is told`() throws {
        // Nobody may make folders there, not even root.
        let error = failure { try DiskFolder.make("/proc/self/exhaust") }
        #expect(error?.code == .storageFailed)
        #expect(error?.message.hasPrefix("/proc/self/exhaust cannot be made: ") == true)
    }

    @Test(arguments: ["a", "A.b_c-9", "..", ".x", "a/b", "%", "ü", "\u{0}", "a\n"])
    func `names come back from the disk as they were`(name: String) throws {
        let encoded = try EncodedName.encode(name)
        #expect(EncodedName.decode(encoded) == name)
        #expect(!encoded.hasPrefix(".") && !encoded.contains("/") && !encoded.utf8.contains(0))
    }
}
