import Glibc

/// Keys whose bytes sort as their fields do, one field after the other.
public struct SpoolKey: Sendable {
    /// The key so far.
    public private(set) var bytes: [UInt8]

    /// The keys of a group, such as a batch; groups sort by number.
    public init(group: UInt32) {
        bytes = []
        begin(group: group)
    }

    /// Forgets everything for a key of `group`, and keeps the room: for keys of many records, one after the other.
    public mutating func begin(group: UInt32) {
        bytes.removeAll(keepingCapacity: true)
        withUnsafeBytes(of: group.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Adds a text. A shorter one sorts before a longer one that begins with it, so an end mark follows; NUL is escaped.
    public mutating func append(text: UnsafeRawBufferPointer) {
        if text.contains(0) {
            for byte in text { if byte == 0 { bytes += [0, 0xFF] } else { bytes.append(byte) } }
        } else {
            bytes.append(contentsOf: text)
        }
        bytes += [0, 0]
    }

    /// Adds a text.
    public mutating func append(text: [UInt8]) { text.withUnsafeBytes { append(text: $0) } }

    /// Adds a signed number.
    public mutating func append(number: Int64) {
        let bits = UInt64(bitPattern: number) ^ (1 << 63)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
    }

    /// The first key after all that begin as this one, once its last text is complete.
    public var afterAll: [UInt8] {
        // The end mark is 0 0. What can stand in its place is more than 0 1: another byte, or an escaped NUL, 0 255.
        guard let last = bytes.indices.last else { return bytes }
        var next = bytes
        next[last] = 1
        return next
    }

    /// The first text of a key, which follows its group; appended to `text`. Nothing for what is no key.
    @inline(__always)
    public static func firstText(of key: UnsafeRawBufferPointer, into text: inout [UInt8]) {
        var start = 4
        while start < key.count, let base = key.baseAddress, let mark = memchr(base + start, 0, key.count - start) {
            let end = UnsafeRawPointer(mark) - base
            text.append(contentsOf: UnsafeRawBufferPointer(rebasing: key[start..<end]))
            // What follows a NUL tells whether it ends the text or is escaped.
            guard end + 1 < key.count, key[end + 1] != 0 else { return }
            text.append(0)
            start = end + 2
        }
    }
}
