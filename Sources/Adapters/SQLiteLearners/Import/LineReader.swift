import Glibc
import ReportModel

/// Cuts a file of an import into its lines.
struct LineReader: ~Copyable {
    private var file: InputFile
    private let limits: ImportLimits
    private var room: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    /// The number of the line that was given last, from 1.
    private(set) var number = 0

    init(path: String, limits: ImportLimits) throws(ExhaustError) {
        file = try InputFile(path: path, readBytes: limits.readBytes)
        self.limits = limits
        room = .allocate(byteCount: max(4096, limits.readBytes), alignment: 16)
    }

    deinit { room.deallocate() }

    /// Bytes that were read from the disk.
    var bytesRead: Int64 { file.bytesRead }

    /// The next line without its end, which lives until the next call; nil at the end of the file.
    /// Throws `limitExceeded` for a line that is too long, and what reading throws.
    mutating func next() throws(ExhaustError) -> UnsafeRawBufferPointer? {
        var searched = start
        while true {
            if let lineEnd = newline(from: searched) { return line(through: lineEnd, next: lineEnd + 1) }
            searched = end
            if isAtEnd { return start == end ? nil : line(through: end, next: end) }
            guard end - start < limits.lineBytes else {
                throw ExhaustError(
                    .limitExceeded,
                    "import of \(file.path), line \(number + 1): it is longer than \(limits.lineBytes) bytes",
                    remedy: "Write one JSON object a line.")
            }
            searched -= makeRoom()
            let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[end...]))
            isAtEnd = count == 0
            end += count
        }
    }

    private mutating func line(through lineEnd: Int, next: Int) -> UnsafeRawBufferPointer {
        number += 1
        var begin = start
        start = next
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if number == 1, lineEnd - begin >= 3, room[begin..<begin + 3].elementsEqual(mark) { begin += 3 }
        return UnsafeRawBufferPointer(rebasing: room[begin..<lineEnd])
    }

    private func newline(from position: Int) -> Int? {
        guard position < end, let base = room.baseAddress,
            let found = memchr(base + position, 0x0A, end - position)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Moves the begun line to the front, and makes the room larger if that is not enough; answers how far it moved.
    private mutating func makeRoom() -> Int {
        let moved = start
        if start > 0, let base = room.baseAddress {
            memmove(base, base + start, end - start)
            end -= start
            start = 0
        }
        if end * 2 > room.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: room.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[..<end]))
            room.deallocate()
            room = larger
        }
        return moved
    }
}
