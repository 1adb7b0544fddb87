public import ReportModel
import SQLiteAccess

/// What a store says of itself.
public struct StoreFacts: Sendable, Hashable {
    /// A random text that changes with every import.
    public var dataVersion: String
    /// The moment of the last import.
    public var dataTime: Timestamp

    init(dataVersion: String, dataTime: Timestamp) {
        self.dataVersion = dataVersion
        self.dataTime = dataTime
    }

    /// Facts of an import at `dataTime`, with a new version.
    static func fresh(dataTime: Timestamp) -> StoreFacts {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<2).map { _ in
            let part = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - part.utf8.count) + part
        }
        return StoreFacts(dataVersion: digits.joined(), dataTime: dataTime)
    }

    /// Reads the facts of an open store; nil if it has none yet.
    init?(of database: Database) throws {
        guard let version = try database.text("SELECT value FROM store WHERE name = 'data_version'"),
            let time = try database.text("SELECT value FROM store WHERE name = 'data_time'"),
            let milliseconds = Int64(time)
        else { return nil }
        self.init(dataVersion: version, dataTime: Timestamp(milliseconds: milliseconds))
    }

    func write(to database: Database) throws {
        for (name, value) in [("data_version", dataVersion), ("data_time", String(dataTime.milliseconds))] {
            try database.with("REPLACE INTO store VALUES (?1, ?2)") { statement in
                try statement.bind(1, name)
                try statement.bind(2, value)
                try statement.run()
            }
        }
    }
}
