import ReportModel
import Testing

@testable import SecureArchive

/// Thousands of altered archives, the same ones each time: none may crash the reader or pass altered content off as true.
@Suite struct MutationTests {
    static let rounds = 4000
    static let entries = [("a.csv", csv(rows: 12)), ("b.json", bytes("{\"rows\":12,\"left out\":{\"inactive\":1}}"))]

    func mutated(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes[place] = [0, 0xFF].randomElement(using: &random) ?? 0
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 4: bytes.remove(at: place)
            default: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0..<30, using: &random)))
            }
        }
        return bytes
    }

    /// Opens altered archives; returns how many opened and were read to the end.
    func attack(_ original: [UInt8], _ credentials: ArchiveCredentials, seed: UInt64, accepts: (Int, [UInt8]) -> Bool)
        throws -> Int
    {
        var random = SeededGenerator(seed)
        var opened = 0
        for round in 0..<Self.rounds {
            let altered = mutated(original, &random)
            do {
                let reader = try ArchiveReader(MemorySource(altered), credentials: credentials)
                for (index, entry) in reader.entries.enumerated() {
                    #expect(accepts(index, try content(of: entry, in: reader)), "round \(round)")
                }
                opened += 1
            } catch {
                #expect(error is ExhaustError, "round \(round): \(error)")
            }
        }
        return opened
    }

    @Test func `altered AES archives never give altered content`() throws {
        let original = try archive(Self.entries, protection: .aes256(Password("pass1234")))
        let opened = try attack(original, credentials("pass1234"), seed: 1) { Self.entries[$0].1 == $1 }
        // Bytes that no reader needs, such as attributes and times, may change; most may not.
        #expect(opened < Self.rounds / 4)
    }

    @Test func `altered open archives never give altered content`() throws {
        let opened = try attack(archive(Self.entries), ArchiveCredentials(), seed: 2) { Self.entries[$0].1 == $1 }
        #expect(opened < Self.rounds / 4)
    }

    @Test func `altered ZipCrypto archives are refused or read true`() throws {
        let original = try archive(Self.entries, protection: .zipCrypto(Password("pass1234")))
        #expect(try attack(original, credentials("pass1234"), seed: 3) { Self.entries[$0].1 == $1 } < Self.rounds / 4)
    }

    @Test func `altered containers never give altered content`() throws {
        let container = try EncryptedContainer.textKey(Password("pass1234"))
        let plain = Self.entries[0].1
        var whole: [UInt8] = []
        var encryptor = try ContainerEncryptor(container)
        try plain.withUnsafeBytes { try encryptor.append($0) { whole += $0 } }
        let digest = try encryptor.finish { whole += $0 }
        var writer = ZipWriter()
        try writer.begin(digest.entry(name: "a.csv", modified: someTime))
        try writer.append(whole)
        try writer.end()
        try writer.finish(comment: ContainerAuthentication.comment(for: [("a.csv", digest)]))
        // An altered first line makes it an entry of ciphertext, which the code of the comment then refuses; with both
        // gone the content is that ciphertext, and reported as not protected.
        let opened = try attack(writer.takePending(), credentials("pass1234"), seed: 4) { $1 == plain || $1 == whole }
        #expect(opened < Self.rounds / 4)
    }

    @Test func `altered streams of deflate never crash`() throws {
        let original = try part(csv(rows: 200)).deflated + PartSummary.finalBlock
        var random = SeededGenerator(5)
        var inflater = Inflater()
        var refused = 0
        for _ in 0..<Self.rounds {
            let altered = mutated(original, &random)
            inflater.reset()
            let error = failure {
                try altered.withUnsafeBytes { try inflater.append($0) { _ in } }
                try inflater.finish()
            }
            if error != nil { refused += 1 }
        }
        #expect(refused > Self.rounds / 4)
    }
}
