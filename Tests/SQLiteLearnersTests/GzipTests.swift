import CISAL
import ReportModel
@testable import SQLiteLearners
import ReportTesting
import Testing

@Suite struct GzipTests {
    let scene: ImportScene
    init() throws { scene = try ImportScene() }

    /// One gzip member.
    static func gzip(_ text: String) -> [UInt8] {
        var input = Array(text.utf8)
        var output = [UInt8](repeating: 0, count: input.count + 4_096)
        let stream = UnsafeMutablePointer<isal_zstream>.allocate(capacity: 1)
        defer { stream.deallocate() }
        let count = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                isal_deflate_stateless_init(stream)
                stream.pointee.gzip_flag = UInt16(IGZIP_GZIP)
                stream.pointee.end_of_stream = 1
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = UInt32(source.count)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(target.count)
                #expect(isal_deflate_stateless(stream) == COMP_OK)
                return target.count - Int(stream.pointee.avail_out)
            }
        }
        return Array(output[..<count])
    }

    private func lines(_ range: Range<Int>) -> String {
        range.map { #"{"userid":"u\#($0)","firstname":"name \#($0 &* 7919 % 1009)"}"# + "\n" }.joined()
    }

    @Test(arguments: [4_096, 5_000, 1 << 20])
    func `a gzipped file is read, in one member or several, whatever the blocks`(block: Int) async throws {
        for parts in [[0..<3_000], [0..<1, 1..<2, 2..<900, 900..<901, 901..<3_000]] {
            try scene.files.write(parts.flatMap { Self.gzip(lines($0)) }, to: "user.jsonl.gz")
            let report = try await scene.importFiles(limits: ImportLimits(readBytes: block))
            #expect(report.tables[0].rows == 3_000)
            #expect(try await scene.firstNames(["u0", "u2999"]) == ["name 0", "name \(2_999 * 7_919 % 1_009)"])
        }
    }

    @Test func `many small members lying across every block bound are read`() async throws {
        let bytes = (0..<500).flatMap { Self.gzip(lines($0..<$0 + 1)) }
        try scene.files.write(bytes, to: "user.jsonl.gz")
        for block in [4_096, 4_097, 4_099] {
            #expect(try await scene.importFiles(limits: ImportLimits(readBytes: block)).tables[0].rows == 500)
        }
    }

    @Test(arguments: [0, 5, 17, 400])
    func `a gzip file that ends too early is refused`(cut: Int) async throws {
        let whole = Self.gzip(lines(0..<200))
        try scene.files.write(Array(whole[..<min(cut, whole.count - 5)]), to: "user.jsonl.gz")
        let error = await failure { try await scene.importFiles() }
        #expect(error?.code == .invalidInput && error?.message.contains("user.jsonl.gz") == true)
        #expect(scene.folder.names == ["learners.db.lock"])
    }

    @Test func `a gzip file without its last bytes, or with a wrong check sum, is refused`() async throws {
        let whole = Self.gzip(lines(0..<200))
        try scene.files.write(Array(whole.dropLast(3)), to: "user.jsonl.gz")
        #expect(await failure { try await scene.importFiles() }?.message.contains("too early") == true)
        var damaged = whole
        damaged[whole.count - 6] ^= 1
        try scene.files.write(damaged, to: "user.jsonl.gz")
        #expect(await failure { try await scene.importFiles() }?.message.contains("damaged") == true)
    }

    @Test func `a file that is not gzip although its name says so is refused`() async throws {
        try scene.files.write(#"{"userid":"a"}"#, to: "user.jsonl.gz")
        #expect(await failure { try await scene.importFiles() }?.code == .invalidInput)
    }
}
