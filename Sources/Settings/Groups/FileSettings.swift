/// The encrypted files and how long they are kept (design.md 7).
public struct FileSettings: Sendable {
    /// How entries of a zip are encrypted.
    public enum Encryption: String, Sendable, Hashable, CaseIterable {
        /// AES-256, WinZip AE-2.
        case aes256
        /// The traditional cipher, which can be broken; for tools that know no other.
        case zipcrypto
    }

    /// `zip.encryption`.
    public var encryption = Encryption.aes256
    /// `zip.level`: 0 to 3, how hard deflate tries.
    public var deflateLevel = 1
    /// `archive.rowsPerEntry`: rows of one CSV without its header; what a spreadsheet can hold by default.
    public var rowsPerEntry = 1_048_575
    /// `file.dateOffset`: minutes before UTC of the zone whose date is in file names.
    public var dateOffsetMinutes = 330
    /// `expire.days`: files of requests that ended longer ago than this are removed by `exhaust expire`.
    public var expireDays = 30

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Files")
        try reader.choice(
            &encryption, "zip.encryption", "How zips are encrypted; zipcrypto can be broken and draws a warning.")
        try reader.whole(&deflateLevel, "zip.level", 0...3, "", "How hard files are compressed; 0 is fastest.")
        try reader.whole(
            &rowsPerEntry, "archive.rowsPerEntry", 1_000...1_000_000_000, "rows",
            "Rows after which a report goes on in a further CSV of the same zip.")
        try reader.zone(&dateOffsetMinutes, "file.dateOffset", "Time zone of the date in file names.")
        try reader.whole(
            &expireDays, "expire.days", 1...36_500, "days",
            "How long `exhaust expire` leaves the files of ended requests.")
    }
}
