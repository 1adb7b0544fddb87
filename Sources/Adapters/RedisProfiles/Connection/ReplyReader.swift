import Glibc
import ReportModel

/// Reads the replies of a server (RESP 2) without copying them; values are shown where they arrived.
struct ReplyReader: ~Copyable {
    /// What the server says instead of an answer; its first word, such as `WRONGTYPE`, since the rest may quote.
    struct Refusal: Error, Equatable {
        let word: String
    }

    /// A reply that is not what the protocol or the command promises.
    struct Nonsense: Error, Equatable {}

    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    private var start = 0
    private var end = 0
    private let valueLimit: Int

    init(valueLimit: Int) { self.valueLimit = valueLimit }

    deinit { buffer.deallocate() }

    /// A way to get more bytes: fills a buffer and answers how many it got, at least one.
    typealias Source = (UnsafeMutableRawBufferPointer) throws -> Int

    /// The text of a simple reply, such as `OK`.
    mutating func simple(_ source: Source) throws -> String {
        let (kind, text) = try line(source)
        guard kind == UInt8(ascii: "+") else { throw Nonsense() }
        return text
    }

    /// A whole number.
    mutating func integer(_ source: Source) throws -> Int {
        try number(UInt8(ascii: ":"), source)
    }

    /// How many elements follow.
    mutating func arrayCount(_ source: Source) throws -> Int {
        try number(UInt8(ascii: "*"), source)
    }

    /// Shows a value to `body`, nil if there is none.
    mutating func value<Result>(
        _ source: Source, _ body: (UnsafeRawBufferPointer?) throws -> Result
    ) throws -> Result {
        let length = try number(UInt8(ascii: "$"), source)
        guard length >= 0 else { return try body(nil) }
        guard length <= valueLimit else { throw Nonsense() }
        try need(length + 2, source)
        guard buffer[start + length] == UInt8(ascii: "\r"), buffer[start + length + 1] == UInt8(ascii: "\n") else {
            throw Nonsense()
        }
        defer { start += length + 2 }
        return try body(UnsafeRawBufferPointer(rebasing: buffer[start..<(start + length)]))
    }

    private mutating func number(_ wanted: UInt8, _ source: Source) throws -> Int {
        let place = try lineEnd(source)
        defer { start = place + 2 }
        let kind = buffer[start]
        guard kind == wanted else {
            let text = String(decoding: buffer[(start + 1)..<place], as: UTF8.self)
            throw kind == UInt8(ascii: "-") ? Self.refusal(text) : Nonsense()
        }
        var index = start + 1
        let isNegative = index < place && buffer[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        guard index < place, place - index <= 10 else { throw Nonsense() }
        var value = 0
        while index < place {
            guard case let digit = buffer[index] &- 48, digit < 10 else { throw Nonsense() }
            value = value * 10 + Int(digit)
            index += 1
        }
        return isNegative ? -value : value
    }

    private mutating func line(_ source: Source) throws -> (kind: UInt8, text: String) {
        let place = try lineEnd(source)
        defer { start = place + 2 }
        let text = String(decoding: buffer[(start + 1)..<place], as: UTF8.self)
        if buffer[start] == UInt8(ascii: "-") { throw Self.refusal(text) }
        return (buffer[start], text)
    }

    /// Where the line that begins at `start` ends; it has one byte at least.
    private mutating func lineEnd(_ source: Source) throws -> Int {
        var looked = 1
        while true {
            try need(looked + 2, source)
            while start + looked + 1 < end {
                if buffer[start + looked] == UInt8(ascii: "\r"), buffer[start + looked + 1] == UInt8(ascii: "\n") {
                    return start + looked
                }
                looked += 1
            }
            guard looked < 4_096 else { throw Nonsense() }
        }
    }

    /// Waits until `count` bytes are there.
    private mutating func need(_ count: Int, _ source: Source) throws {
        guard end - start < count else { return }
        if start + count > buffer.count || start == end {
            // To the front, and into a larger room where the present one is too small.
            var room = buffer
            if count > buffer.count { room = .allocate(byteCount: max(count, 2 * buffer.count), alignment: 16) }
            if end > start, let target = room.baseAddress, let origin = buffer.baseAddress {
                memmove(target, origin + start, end - start)
            }
            if room.baseAddress != buffer.baseAddress { buffer.deallocate() }
            buffer = room
            end -= start
            start = 0
        }
        while end - start < count {
            end += try source(UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
        }
    }

    private static func refusal(_ text: String) -> Refusal {
        Refusal(word: String(text.prefix { $0.isASCII && $0.isUppercase }.prefix(32)))
    }
}
