import ReportModel

/// Reads CSV back, strictly, in either dialect; nil if it is not well formed.
func readCSV(_ bytes: [UInt8], _ options: CSVOptions) -> [[[UInt8]]]? {
    var rows: [[[UInt8]]] = []
    var row: [[UInt8]] = []
    var index = options.byteOrderMark ? 3 : 0
    let lineEnd: [UInt8] = options.lineEnd == .crlf ? [13, 10] : [10]
    while index < bytes.count {
        var cell: [UInt8] = []
        if bytes[index] == 34 {
            index += 1
            while true {
                guard index < bytes.count else { return nil }
                let isEscape = options.dialect == .spark ? bytes[index] == 92 : bytes[index...].starts(with: [34, 34])
                if isEscape {
                    guard index + 1 < bytes.count else { return nil }
                    cell.append(bytes[index + 1])
                    index += 2
                } else if bytes[index] == 34 {
                    index += 1
                    break
                } else {
                    cell.append(bytes[index])
                    index += 1
                }
            }
        } else {
            while index < bytes.count, bytes[index] != 44, !bytes[index...].starts(with: lineEnd) {
                if [34, 10, 13].contains(bytes[index]) { return nil }
                cell.append(bytes[index])
                index += 1
            }
        }
        row.append(cell)
        if index < bytes.count, bytes[index] == 44 {
            index += 1
        } else if bytes[index...].starts(with: lineEnd) {
            index += lineEnd.count
            rows.append(row)
            row = []
        } else {
            return nil
        }
    }
    return row.isEmpty ? rows : nil
}
