import ReportModel
import Testing

@testable import SecureArchive

@Suite struct SealedBoxTests {
    let key: SymmetricKey
    let box: SealedBox

    init() throws {
        key = try .random()
        box = SealedBox(.wrappedKey, key: key)
    }

    @Test(arguments: [0, 1, 32, 100_000])
    func `what was sealed opens with the same key and place`(count: Int) throws {
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = try box.seal(plain, associatedData: bytes("run 7"))
        #expect(sealed.count == count + SealedBox.overhead)
        #expect(try box.open(sealed, associatedData: bytes("run 7")) == plain)
    }

    @Test func `the same bytes never give the same box`() throws {
        #expect(try box.seal([1, 2, 3]) != box.seal([1, 2, 3]))
    }

    @Test func `a box with any bit altered is refused`() throws {
        let sealed = try box.seal(bytes("secret"), associatedData: [9])
        for bit in 0..<8 * sealed.count {
            var altered = sealed
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(failure { _ = try box.open(altered, associatedData: [9]) } != nil, "bit \(bit)")
        }
        for count in 0..<sealed.count {
            #expect(
                failure { _ = try box.open(Array(sealed[..<count]), associatedData: [9]) } != nil, "cut to \(count)")
        }
    }

    @Test func `a box of another place, key or purpose is refused`() throws {
        let sealed = try box.seal([1], associatedData: [1])
        #expect(failure { _ = try box.open(sealed, associatedData: [2]) }?.code == .authenticationFailed)
        let other = SealedBox(.wrappedKey, key: try .random())
        #expect(failure { _ = try other.open(sealed, associatedData: [1]) }?.code == .authenticationFailed)
        let secret = SealedBox(.secret, key: key)
        #expect(failure { _ = try secret.open(sealed, associatedData: [1]) }?.code == .dataDamaged)
    }

    @Test func `a box of a newer version says so`() throws {
        var sealed = try box.seal([1])
        sealed[4] = 2
        #expect(failure { _ = try box.open(sealed) }?.code == .newerVersion)
    }

    @Test func `a sealed part comes back whole, and only for its run and range`() throws {
        let seal = PartSeal(key: key)
        var deflater = Deflater()
        try deflater.append(csv(rows: 100))
        let part = try deflater.finish(rowCount: 100, notes: bytes("{\"inactive\":3}"))
        let sealed = try seal.seal(part, associatedData: bytes("run 7, range 3"))
        #expect(try seal.open(sealed, associatedData: bytes("run 7, range 3")) == part)
        #expect(part.summary.rowCount == 100 && part.summary.uncompressedCount == UInt64(csv(rows: 100).count))
        #expect(failure { _ = try seal.open(sealed, associatedData: bytes("run 7, range 4")) } != nil)
    }

    @Test func `no row of a sealed part can be read`() throws {
        let sealed = try PartSeal(key: key).seal(
            Part(
                summary: .init(deflatedCount: 6, uncompressedCount: 6, crc32: 0, rowCount: 1), deflated: bytes("Asha K")
            ),
            associatedData: [])
        #expect(!String(decoding: sealed, as: UTF8.self).contains("Asha"))
    }

    @Test func `a part whose summary speaks of other bytes is not sealed`() throws {
        let wrong = Part(summary: .empty, deflated: [1])
        #expect(failure { _ = try PartSeal(key: key).seal(wrong, associatedData: []) }?.code == .internalFault)
    }
}
