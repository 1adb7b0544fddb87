import ReportModel

/// What a receipt counts.
struct Receipt: Equatable {
    var enrolled: Int64 = 0
    var reported: Int64 = 0
    var rows: Int64 = 0
    var leftOut: [String: Int64] = [:]
    var findings: [String: Int64] = [:]
    /// SHA-256 of each CSV, in hex.
    var hashes: [String] = []
    var bytes: Int64 = 0

    init(_ bytes: [UInt8]?) throws {
        guard let bytes else { throw TestFailure("there is no receipt") }
        try self.init(JSONValue(parsing: bytes))
    }

    init(_ json: JSONValue?) throws {
        guard let json, let counts = json["counts"], let enrolled = counts["enrolled"]?.integer,
            let reported = counts["reported"]?.integer, let rows = counts["rows"]?.integer
        else { throw TestFailure("it is no receipt") }
        self.enrolled = enrolled
        self.reported = reported
        self.rows = rows
        leftOut = Self.counts(json["leftOut"])
        findings = Self.counts(json["findings"])
        for entry in json["entries"]?.elements ?? [] {
            hashes.append(entry["sha256"]?.text ?? "")
            bytes += entry["bytes"]?.integer ?? 0
        }
    }

    /// Nobody vanishes: who is enrolled is in the report or counted as left out. And the CSV is as long as it says.
    func addsUp(csv: [UInt8]) -> Bool {
        enrolled == reported + leftOut.values.reduce(0, +) && bytes == csv.count
            && Int64(Records.count(csv)) == rows + 1
    }

    private static func counts(_ list: JSONValue?) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for entry in list?.elements ?? [] { counts[entry["code"]?.text ?? ""] = entry["count"]?.integer }
        return counts
    }
}

/// Records of a CSV of RFC 4180 with LF.
enum Records {
    /// How many there are, the header included; line ends within quotes are part of a cell.
    static func count(_ csv: [UInt8]) -> Int {
        var isQuoted = false
        var count = 0
        for byte in csv {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted { count += 1 }
        }
        return count
    }
}
