/// Where attempts are that were moved out of the live table (upstream.md 5.6, `assessmentFetcherConfig`).
public struct ArchiveSettings: Sendable {
    /// Where archives are.
    public enum Store: String, Sendable, Hashable, CaseIterable {
        /// Nowhere, or in the embedded store where learners come from that.
        case none
        /// In a folder of this machine.
        case folder
        /// In a bucket, by the address and credentials of `files.s3`.
        case s3
    }

    /// `archive.store`.
    public var store = Store.none
    /// `archive.folder`.
    public var folder = ""
    /// `archive.bucket`.
    public var bucket = ""
    /// `archive.path`.
    public var path = "archival-data/"

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Archived attempts")
        try reader.choice(&store, "archive.store", "Where archived attempts are, as CSV files by batch.")
        try reader.text(&folder, "archive.folder", "Folder that archive.path is in, for archive.store = folder.")
        try reader.text(
            &bucket, "archive.bucket", "Bucket for archive.store = s3; empty is files.s3.bucket.")
        try reader.text(
            &path, "archive.path", "What stands before the folders of batches, `<batch>_<collection>`.")
    }
}
