import BlockingWork
import Glibc
import ReportModel
import SealedSpool
import Testing

@Suite struct SpoolTests {
    private static func key(_ group: UInt32, _ text: String, _ number: Int64 = 0) -> SpoolKey {
        var key = SpoolKey(group: group)
        key.append(text: Array(text.utf8))
        key.append(number: number)
        return key
    }

    private static func spool(_ limits: SpoolLimits = SpoolLimits(), folder: String = "/tmp") async throws -> Spool {
        try Spool(folder: folder, limits: limits, pool: await BlockingPool(name: "spool") {})
    }

    private static let small = SpoolLimits(bufferBytes: 512, blockBytes: 128, runs: 4)

    private static func write(_ records: [(SpoolKey, String)], to spool: Spool) async throws {
        var writer = spool.writer()
        for (key, payload) in records {
            Array(payload.utf8).withUnsafeBytes { writer.append(key, $0) }
            try await writer.flushIfFull()
        }
        try await writer.finish()
    }

    private static func read(
        _ spool: Spool, from first: [UInt8] = [], before end: [UInt8]? = nil, atMost limit: Int = .max
    ) async throws -> [String] {
        try await spool.read(from: first, before: end, into: []) { found, key, payload in
            var text: [UInt8] = []
            SpoolKey.firstText(of: key, into: &text)
            found.append(String(decoding: text, as: UTF8.self) + "=" + String(decoding: payload, as: UTF8.self))
            return found.count < limit
        }
    }

    @Test(arguments: [SpoolLimits(), small]) func `records come in the order of their keys`(
        limits: SpoolLimits
    ) async throws {
        let spool = try await Self.spool(limits)
        let names = (0..<500).map { "u\($0 * 7919 % 500)" }
        try await Self.write(names.prefix(250).map { (Self.key(1, $0), "p\($0)") }, to: spool)
        try await Self.write(names.suffix(250).map { (Self.key(1, $0), "p\($0)") }, to: spool)
        let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(try await Self.read(spool) == sorted.map { "\($0)=p\($0)" })
        #expect(spool.recordCount == 500)
        #expect((spool.diskBytes > 0) == (limits == Self.small))
        // A second time, and from several tasks at once.
        async let once = Self.read(spool)
        async let again = Self.read(spool)
        #expect(try await once == again)
    }

    @Test(arguments: [SpoolLimits(), small]) func `a range is read without what lies around it`(
        limits: SpoolLimits
    ) async throws {
        let spool = try await Self.spool(limits)
        var records: [(SpoolKey, String)] = []
        for group in [2, 1] as [UInt32] {
            for number in 0..<40 { records.append((Self.key(group, "u\(10 + number)", Int64(number)), "\(group)")) }
        }
        try await Self.write(records, to: spool)
        var after = SpoolKey(group: 1)
        after.append(text: Array("u20".utf8))
        var through = SpoolKey(group: 1)
        through.append(text: Array("u23".utf8))
        let found = try await Self.read(spool, from: after.afterAll, before: through.afterAll)
        #expect(found == ["u21=1", "u22=1", "u23=1"])
        let group = try await Self.read(spool, from: SpoolKey(group: 2).bytes, atMost: 2)
        #expect(group == ["u10=2", "u11=2"])
        #expect(try await Self.read(spool, from: SpoolKey(group: 3).bytes).isEmpty)
    }

    @Test(arguments: [SpoolLimits(), small])
    func `pages that follow each other hold together all that one reading shows`(
        limits: SpoolLimits
    ) async throws {
        let spool = try await Self.spool(limits)
        let records = (0..<300).map { (Self.key(1, "u\(100 + $0 * 7 % 300 / 2)", Int64($0)), "p\($0)") }
        try await Self.write(records, to: spool)
        try await Self.write(Array(records.prefix(40)), to: spool)
        let all = try await Self.read(spool)
        #expect(all.count == 300)
        // Up to a number of records, each page from behind the last key, as attempts are read; some of them twice.
        for size in [1, 7, 64] {
            var pages: [String] = []
            var next: [UInt8] = []
            while true {
                let page = try await spool.read(from: next, before: nil, into: (found: [String](), last: [UInt8]())) {
                    page, key, payload in
                    var text: [UInt8] = []
                    SpoolKey.firstText(of: key, into: &text)
                    page.found.append(
                        String(decoding: text, as: UTF8.self) + "=" + String(decoding: payload, as: UTF8.self))
                    page.last = Array(key)
                    return page.found.count < size
                }
                if page.found.isEmpty { break }
                #expect(try await Self.read(spool, from: page.last, atMost: 1) == page.found.suffix(1))
                pages += page.found
                next = page.last + [0]
            }
            #expect(pages == all)
        }
        // Up to a key, each range from where the one before ended, by two readers in turn; then once more from the start.
        for _ in 0..<2 {
            var pages: [[String]] = [[], []]
            for range in 0..<15 {
                for reader in 0..<2 {
                    let bounds = [range, range + 1].map { number -> [UInt8] in
                        var key = SpoolKey(group: 1)
                        key.append(text: Array("u\(100 + number * 10)".utf8))
                        return key.bytes
                    }
                    pages[reader] += try await Self.read(spool, from: bounds[0], before: bounds[1])
                }
            }
            #expect(pages[0] == all && pages[1] == all)
        }
    }

    @Test(arguments: [3, 4, 5, 20, 21, 90]) func `whoever reads first, everybody sees everything`(
        runs: Int
    ) async throws {
        // Runs that become too many are merged when they are written or when the first reads; others read meanwhile.
        let spool = try await Self.spool(Self.small)
        var written: Set<String> = []
        for run in 0..<runs {
            let names = (0..<20).map { "u\($0 * runs + run)" }
            written.formUnion(names.map { "\($0)=p\(run)" })
            try await Self.write(names.map { (Self.key(1, $0), "p\(run)") }, to: spool)
        }
        try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { try await Self.read(spool) } }
            for try await found in group {
                #expect(found.count == written.count && Set(found) == written)
            }
        }
    }

    @Test func `records larger than a block are found like others`() async throws {
        let spool = try await Self.spool(Self.small)
        let names = (0..<60).map { "u\(10 + $0 * 37 % 60)" }
        let long = { (name: String) in String(repeating: name, count: name.hasSuffix("3") ? 1 : 200) }
        try await Self.write(names.map { (Self.key(1, $0), long($0)) }, to: spool)
        #expect(try await Self.read(spool) == names.sorted().map { "\($0)=\(long($0))" })
        for (after, through) in [("u10", "u12"), ("u22", "u24"), ("u41", "u41"), ("u00", "u10"), ("u68", "u99")] {
            var (first, end) = (SpoolKey(group: 1), SpoolKey(group: 1))
            first.append(text: Array(after.utf8))
            end.append(text: Array(through.utf8))
            let found = try await Self.read(spool, from: first.afterAll, before: end.afterAll)
            #expect(found == names.sorted().filter { $0 > after && $0 <= through }.map { "\($0)=\(long($0))" })
        }
    }

    @Test func `a record that was written twice comes once`() async throws {
        let spool = try await Self.spool(Self.small)
        let records = (0..<30).map { (Self.key(1, "u\($0)"), "p") }
        try await Self.write(records, to: spool)
        try await Self.write(Array(records.prefix(10)), to: spool)
        #expect(try await Self.read(spool).count == 30)
    }

    @Test func `texts sort as texts, whatever bytes they hold, and numbers below zero first`() async throws {
        let texts = ["", "a", "a\0", "a\0b", "a\u{1}", "ab", "b", "～", "😀"]
        let spool = try await Self.spool()
        var records = texts.shuffled().map { (Self.key(1, $0), "t") }
        records += [3, -5, 0, .min, .max].map { (Self.key(2, "n", $0), "\($0)") }
        try await Self.write(records, to: spool)
        let found = try await Self.read(spool)
        #expect(found.prefix(texts.count).map { String($0.dropLast(2)) } == texts)
        #expect(found.suffix(5) == ["n=\(Int64.min)", "n=-5", "n=0", "n=3", "n=\(Int64.max)"])
    }

    @Test func `nothing of a record is readable on the disk, and no name is left`() async throws {
        var template = Array("/tmp/exhaust-spool-XXXXXX".utf8CString)
        #expect(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { rmdir(folder) }
        let spool = try await Self.spool(Self.small, folder: folder)
        try await Self.write((0..<50).map { (Self.key(1, "learner-\($0)"), "secret-\($0)") }, to: spool)
        #expect(spool.diskBytes > 0)
        var names = 0
        if let directory = opendir(folder) {
            while readdir(directory) != nil { names += 1 }
            closedir(directory)
        }
        #expect(names == 2)
        #expect(try await Self.read(spool).count == 50)
    }

    @Test func `a spool that would fill the disk is refused`() async throws {
        var limits = Self.small
        limits.diskBytes = 300
        let spool = try await Self.spool(limits)
        let error = await #expect(throws: ExhaustError.self) {
            try await Self.write((0..<50).map { (Self.key(1, "u\($0)"), "payload") }, to: spool)
        }
        #expect(error?.code == .limitExceeded)
    }

    @Test func `a folder that is not there is told with the remedy`() async throws {
        let spool = try await Self.spool(Self.small, folder: "/nowhere")
        let error = await #expect(throws: ExhaustError.self) {
            try await Self.write((0..<50).map { (Self.key(1, "u\($0)"), "payload") }, to: spool)
        }
        #expect(error?.code == .storageFailed && error?.message.contains("/nowhere") == true)
    }
}
