public import ReportModel

/// What an import did.
public struct ImportReport: Sendable, Hashable {
    /// What it did to one table.
    public struct Table: Sendable, Hashable {
        /// The table.
        public var name: String
        /// The file that was read.
        public var file: String
        /// Rows in the file.
        public var rows = 0
        /// Rows that took the place of one with the same key, in the store or earlier in the file.
        public var replaced = 0
        /// Columns that the table does not have, by name, with the number of rows that name them; they are left out.
        public var unknownColumns: [String: Int] = [:]

        /// A table of which nothing was read yet.
        public init(name: String, file: String) {
            self.name = name
            self.file = file
        }
    }

    /// The tables that were imported, in the order in which they were read.
    public var tables: [Table] = []
    /// Files of the folder with the ending of a table that are no table's; they are left alone.
    public var unknownFiles: [String] = []
    /// The version of the data that the store has now.
    public var dataVersion = ""
    /// When the data is from: the moment of this import.
    public var dataTime = Timestamp(milliseconds: 0)
    /// Bytes that were read, as they lie in the files.
    public var bytes: Int64 = 0

    /// An import that did nothing yet.
    public init() {}

    /// Rows of all tables.
    public var rows: Int { tables.reduce(0) { $0 + $1.rows } }
}

/// How far an import is.
public struct ImportProgress: Sendable, Hashable {
    /// The table that is being read.
    public var table: String
    /// Rows of it that were read.
    public var rows: Int
    /// Bytes that were read of all files, as they lie on the disk.
    public var bytesDone: Int64
    /// Bytes of all files.
    public var bytesTotal: Int64
}
