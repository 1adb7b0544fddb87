/// Reads back the cells of a CSV in dialect `rfc4180` with line feeds, as our writer makes it.
enum CSVCells {
    /// The cells of at most `limit` rows.
    static func rows(_ bytes: [UInt8], limit: Int) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var index = 0
        func endCell() {
            row.append(String(decoding: cell, as: UTF8.self))
            cell.removeAll(keepingCapacity: true)
        }
        while index < bytes.count, rows.count < limit {
            switch bytes[index] {
            case 0x22: index = quoted(bytes, from: index + 1, into: &cell)
            case 0x2C: endCell()
            case 0x0A:
                endCell()
                rows.append(row)
                row = []
            default: cell.append(bytes[index])
            }
            index += 1
        }
        return rows
    }

    /// Appends what stands in quotes, and answers where the closing quote is.
    private static func quoted(_ bytes: [UInt8], from start: Int, into cell: inout [UInt8]) -> Int {
        var index = start
        while index < bytes.count {
            if bytes[index] == 0x22 {
                guard index + 1 < bytes.count, bytes[index + 1] == 0x22 else { return index }
                index += 1
            }
            cell.append(bytes[index])
            index += 1
        }
        return index
    }
}
