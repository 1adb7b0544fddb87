import ReportModel
import Testing

@testable import SecureArchive

@Suite struct ContainerTests {
    static let content = csv(rows: 4000)

    func made(_ container: EncryptedContainer, _ content: [UInt8]) throws -> (bytes: [UInt8], digest: ContainerDigest) {
        var output: [UInt8] = []
        var encryptor = try ContainerEncryptor(container)
        try content.withUnsafeBytes { try $0.forEachPiece(of: 100_003) { try encryptor.append($0) { output += $0 } } }
        let digest = try encryptor.finish { output += $0 }
        return (output, digest)
    }

    /// As it is published: measured in a first pass, written in a second.
    func published(_ container: EncryptedContainer, authenticated: Bool = true) throws -> [UInt8] {
        let digest = try made(container, Self.content).digest
        var writer = ZipWriter()
        try writer.begin(digest.entry(name: "batch_progress.csv", modified: someTime))
        var encryptor = try ContainerEncryptor(container)
        try Self.content.withUnsafeBytes { try encryptor.append($0) { try writer.append($0) } }
        let second = try encryptor.finish { try writer.append($0) }
        #expect(second == digest)
        try writer.end()
        let comment = try ContainerAuthentication.comment(for: [("batch_progress.csv", digest)])
        try writer.finish(comment: authenticated ? comment : [])
        return writer.takePending()
    }

    @Test func `the container of the published vector comes out byte for byte`() throws {
        let password = try Password("pass1234")
        #expect(try EncryptedContainer.userKey(password).bytes == bytes("B4AF804009CB036A4CCDC33431EF9AC9"))
        let container = try EncryptedContainer.textKey(password, fileKey: SymmetricKey((0..<32).map { UInt8($0) }))
        let expected =
            bytes(
                "TEXT_KEY_ENCRYPTED_DATASET\nZlRiifEZJ4eVvZ09OV332RDoqN/HOJYzbtqGHPjnOFxMRcYzDwM9Z4L6JenJEKH8\n")
            + (try hex("e0ecafb8d084b7cf1032514329013032"))
        let (output, digest) = try made(container, bytes("a,b\n1,2\n"))
        #expect(output == expected)
        #expect(digest.byteCount == UInt64(expected.count) && container.byteCount(plainCount: 8) == digest.byteCount)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 300_000])
    func `the length is known from that of the content`(count: Int) throws {
        let container = try EncryptedContainer.textKey(Password("pass1234"))
        let (output, digest) = try made(container, [UInt8](repeating: 65, count: count))
        #expect(UInt64(output.count) == container.byteCount(plainCount: UInt64(count)))
        #expect(digest.byteCount == UInt64(output.count))
    }

    @Test func `a container of a password opens with it and is authenticated`() throws {
        let archive = try published(.textKey(Password("pass1234")))
        let read = try readAll(archive, credentials("pass1234"))
        #expect(read.map(\.content) == [Self.content])
        #expect(read.first?.entry.authenticated == true)
        #expect(read.first?.entry.protection == .container(.textKey))
        #expect(read.first?.entry.byteCount == UInt64(Self.content.count))
    }

    @Test func `a container of a public key or certificate opens with the private key`() throws {
        let keys = try TestKeys()
        for pem in [keys.publicPEM, keys.certificatePEM] {
            let archive = try published(.publicKey(PublicKey(pem: pem)))
            let read = try readAll(archive, ArchiveCredentials(privateKey: PrivateKey(pem: keys.privatePEM)))
            #expect(read.map(\.content) == [Self.content])
            #expect(read.first?.entry.protection == .container(.publicKey))
        }
        let other = ArchiveCredentials(privateKey: try PrivateKey(pem: TestKeys().privatePEM))
        let archive = try published(.publicKey(PublicKey(pem: keys.publicPEM)))
        #expect(failure { _ = try readAll(archive, other) }?.code == .authenticationFailed)
        #expect(failure { _ = try readAll(archive) }?.message.contains("no private key was given") == true)
    }

    @Test func `a container without our code is read and reported as not authenticated`() throws {
        let read = try readAll(published(.textKey(Password("pass1234")), authenticated: false), credentials("pass1234"))
        #expect(read.map(\.content) == [Self.content])
        #expect(read.first?.entry.authenticated == false)
    }

    @Test func `a wrong or missing password is told from a damaged file`() throws {
        let archive = try published(.textKey(Password("pass1234")))
        #expect(
            failure { _ = try readAll(archive, credentials("Pass1234")) }?.message.hasSuffix("password is wrong")
                == true)
        #expect(failure { _ = try readAll(archive) }?.message.contains("no password was given") == true)
        // Within the wrapped key: with the right password it is damage, and with a wrong one too.
        for password in ["pass1234", "Pass1234"] {
            var altered = archive
            altered[30 + 18 + 27 + 40] ^= 1
            #expect(failure { _ = try readAll(altered, credentials(password)) }?.code == .dataDamaged)
        }
    }

    @Test func `an altered container with a mended CRC is caught by our code`() throws {
        let container = try EncryptedContainer.textKey(Password("pass1234"))
        var (output, digest) = try made(container, Self.content)
        output[output.count - 40] ^= 1
        var crc = CRC32()
        crc.update(output)
        var writer = ZipWriter()
        let stored = ZipEntry.Content.stored(byteCount: UInt64(output.count), crc32: crc.value)
        try writer.begin(ZipEntry(name: "a.csv", modified: someTime, content: stored))
        try writer.append(output)
        try writer.end()
        try writer.finish(comment: ContainerAuthentication.comment(for: [("a.csv", digest)]))
        let error = failure { _ = try readAll(writer.takePending(), credentials("pass1234")) }
        #expect(error?.message == "a.csv: its container was altered")
    }

    @Test func `a code without its container is refused`() throws {
        let digest = try made(.textKey(Password("pass1234")), Self.content).digest
        let comment = try ContainerAuthentication.comment(for: [("a.csv", digest)])
        #expect(
            failure { _ = try readAll(archive([("a.csv", bytes("forged\n"))], comment: comment)) }?.code == .dataDamaged
        )
        for wrong in ["exhaust-hmac-sha256:a.csv", "exhaust-hmac-sha256:a.csv:zz", "exhaust-hmac-sha256:a:00"] {
            #expect(failure { _ = try readAll(archive([], comment: bytes(wrong))) }?.code == .dataDamaged)
        }
        #expect(try readAll(archive([], comment: bytes("made by somebody else"))).isEmpty)
    }

    @Test func `more codes than a comment holds are refused`() throws {
        let digest = try made(.textKey(Password("pass1234")), []).digest
        let many = (0..<700).map { (entryName: "batch_progress_part-\($0).csv", digest: digest) }
        #expect(failure { _ = try ContainerAuthentication.comment(for: many) }?.code == .limitExceeded)
    }

    @Test func `a container of the replaced system, deflated by its zip, is read`() throws {
        let container = try EncryptedContainer.textKey(Password("pass1234"))
        let deflated = try part(made(container, Self.content).bytes)
        var writer = ZipWriter()
        try writer.begin(ZipEntry(name: "a.csv", modified: someTime, content: .joined(deflated.summary)))
        try writer.append(deflated.deflated)
        try writer.end()
        try writer.finish()
        #expect(try readAll(writer.takePending(), credentials("pass1234")).map(\.content) == [Self.content])
    }

    @Test func `keys that are weak or no keys are refused`() throws {
        #expect(failure { _ = try PublicKey(pem: bytes("nonsense")) }?.code == .invalidInput)
        #expect(failure { _ = try PrivateKey(pem: []) }?.code == .invalidInput)
        let weak = try TestKeys(bits: 1024)
        #expect(failure { _ = try PublicKey(pem: weak.publicPEM) }?.code == .invalidInput)
        #expect(failure { _ = try PrivateKey(pem: weak.privatePEM) }?.code == .invalidInput)
    }
}
