import ReportModel
import Testing

@testable import RedisProfiles

@Suite struct ReplyReaderTests {
    @Test(arguments: [1, 2, 3, 7, 100_000])
    func `replies are read however they are cut`(piece: Int) throws {
        let large = String(repeating: "x", count: 200_000)
        let text = "+OK\r\n:-12\r\n*3\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n$200000\r\n\(large)\r\n:7\r\n"
        var stream = Stream(text, piece: piece)
        var reader = ReplyReader(valueLimit: 1 << 20)
        #expect(try reader.simple { stream.fill($0) } == "OK")
        #expect(try reader.integer { stream.fill($0) } == -12)
        #expect(try reader.arrayCount { stream.fill($0) } == 3)
        for expected in ["a\r\nbc", "", nil, large] as [String?] {
            let value = try reader.value({ stream.fill($0) }) { $0.map { String(decoding: $0, as: UTF8.self) } }
            #expect(value == expected)
        }
        #expect(try reader.integer { stream.fill($0) } == 7)
    }

    @Test(arguments: [
        "+OK\r\n", ":1\r\n", "$x\r\n", "$\r\n", "$3\r\nabcde", "$99999999999\r\n", "$2000\r\n", "HTTP/1.1 400\r\n",
    ])
    func `what is no value is refused`(text: String) {
        var stream = Stream(text + "\r\n\r\n", piece: 64)
        var reader = ReplyReader(valueLimit: 1_000)
        #expect(throws: ReplyReader.Nonsense.self) { try reader.value({ stream.fill($0) }) { _ in } }
    }

    @Test func `a line without an end is refused`() {
        var stream = Stream(String(repeating: "+", count: 100_000), piece: 5_000)
        var reader = ReplyReader(valueLimit: 1_000)
        #expect(throws: ReplyReader.Nonsense.self) { _ = try reader.simple { stream.fill($0) } }
    }

    @Test func `a refusal is told by its first word alone`() {
        var stream = Stream("-WRONGTYPE user:4711 is a list\r\n", piece: 64)
        var reader = ReplyReader(valueLimit: 1_000)
        #expect(throws: ReplyReader.Refusal(word: "WRONGTYPE")) { _ = try reader.integer { stream.fill($0) } }
    }

    /// Bytes that arrive a few at a time.
    struct Stream {
        private var rest: ArraySlice<UInt8>
        private let piece: Int

        init(_ text: String, piece: Int) {
            rest = Array(text.utf8)[...]
            self.piece = piece
        }

        mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
            let part = rest.prefix(min(piece, buffer.count))
            buffer.copyBytes(from: part)
            rest = rest.dropFirst(part.count)
            return part.count
        }
    }
}
