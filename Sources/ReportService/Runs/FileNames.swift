import ReportModel

/// Names of published files and of the entries in them (design.md 7, upstream.md 7.1).
enum FileNames {
    /// Names without extension, one for each batch: `<batch id>_<key>_<yyyyMMdd>`; batches of one request that would share
    /// a name get the collection id in it.
    static func names(of batches: [BatchKey], fileKey: String, date: String) -> [BatchKey: String] {
        let occurrences = Dictionary(grouping: batches, by: \.batch).mapValues(\.count)
        var names: [BatchKey: String] = [:]
        for batch in batches {
            let isShared = (occurrences[batch.batch] ?? 0) > 1
            let id = encoded(batch.batch) + (isShared ? "_" + encoded(batch.collection) : "")
            names[batch] = "\(id)_\(fileKey)_\(date)"
        }
        return names
    }

    /// `text` with everything but letters, digits, `-`, `_`, `~` and inner dots percent-encoded, so that it is one
    /// part of a path on every store.
    static func encoded(_ text: String) -> String {
        var result = ""
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ".") where index > 0:
                result.append(".")
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }

    /// Names of the CSV entries of one batch: one `<name>.csv`, or `<name>_part-00001.csv` and on.
    static func entries(_ name: String, count: Int) -> [String] {
        if count <= 1 { return [name + ".csv"] }
        return (1...count).map { number in
            let digits = String(number)
            return "\(name)_part-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).csv"
        }
    }
}
