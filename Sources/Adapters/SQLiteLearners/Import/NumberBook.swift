/// The small numbers that stand for pairs of ids in the store, such as a batch for (course, batch). Used by one thread.
struct NumberBook {
    private var numbers: [[UInt8]: Int64]
    private var highest: Int64
    private var last: (key: [UInt8], number: Int64)?
    private var room: [UInt8] = []
    /// Numbers that were given since this was last emptied.
    var fresh: [Chunk.FreshNumber] = []

    /// A book with the numbers that the store has.
    init(_ known: [(number: Int64, first: [UInt8], second: [UInt8])]) {
        numbers = [:]
        highest = 0
        for entry in known {
            numbers[entry.first + [0] + entry.second] = entry.number
            highest = max(highest, entry.number)
        }
    }

    /// The number of a pair, a new one if it has none. Ids hold no NUL.
    mutating func number(_ first: Cell, _ second: Cell?, of row: borrowing Row) -> Int64 {
        room.removeAll(keepingCapacity: true)
        if case .text(let range) = first { room.append(contentsOf: row.scratch[range]) }
        let firstCount = room.count
        room.append(0)
        if case .text(let range) = second { room.append(contentsOf: row.scratch[range]) }
        // Rows of a batch mostly follow one another.
        if let last, last.key == room { return last.number }
        let number = numbers[room] ?? give(firstCount)
        last = (room, number)
        return number
    }

    private mutating func give(_ firstCount: Int) -> Int64 {
        highest += 1
        numbers[room] = highest
        fresh.append(
            Chunk.FreshNumber(
                number: highest, first: Array(room[..<firstCount]), second: Array(room[(firstCount + 1)...])))
        return highest
    }
}
