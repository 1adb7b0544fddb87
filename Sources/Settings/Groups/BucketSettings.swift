/// Where published files and parts are kept: the data folder, or a bucket that speaks S3 (upstream.md 7).
public struct BucketSettings: Sendable {
    /// Where something is kept.
    public enum Place: String, Sendable, Hashable, CaseIterable {
        /// The data folder.
        case disk
        /// The bucket.
        case s3
    }

    /// How the bucket is named in addresses.
    public enum Addressing: String, Sendable, Hashable, CaseIterable {
        case path
        case virtualHost = "virtual-host"
    }

    /// What the bucket encrypts objects with.
    public enum Encryption: String, Sendable, Hashable, CaseIterable {
        case none
        case storeKeys = "AES256"
        case keyService = "aws:kms"
    }

    /// `files.store`.
    public var files = Place.disk
    /// `parts.store`.
    public var parts = Place.disk
    /// `files.s3.bucket`.
    public var bucket = ""
    /// `files.s3.region`.
    public var region = "us-east-1"
    /// `files.s3.endpoint`; empty is AWS.
    public var endpoint = ""
    /// `files.s3.addressing`.
    public var addressing: Addressing?
    /// `files.s3.prefix`.
    public var prefix = ""
    /// `files.s3.encryption`.
    public var encryption = Encryption.none
    /// `files.s3.encryptionKey`.
    public var encryptionKey = ""
    /// `files.s3.keyID`, `files.s3.secret`, `files.s3.sessionToken`.
    public var (keyID, secret, sessionToken) = ("", "", "")
    /// `files.s3.credentialsFile` and `files.s3.profile`.
    public var (credentialsFile, profile) = ("", "default")
    /// `files.s3.partBytes`.
    public var partBytes = 8 << 20
    /// `files.s3.parallelParts`.
    public var parallelParts = 3
    /// `files.s3.direct`: whether downloads are sent on to the bucket.
    public var isDirect = true
    /// `files.s3.attempts`.
    public var attempts = 5

    /// Whether the bucket is used at all.
    public var isUsed: Bool { files == .s3 || parts == .s3 }

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Bucket")
        try reader.choice(&files, "files.store", "Where published files are kept.")
        try reader.choice(
            &parts, "parts.store",
            "Where sealed parts of runs are kept; in the bucket, workers of other machines can go on from them.")
        try reader.text(&bucket, "files.s3.bucket", aliases: ["storageContainer"], "The bucket.")
        try reader.text(&region, "files.s3.region", "Region that signatures name.")
        try reader.text(
            &endpoint, "files.s3.endpoint", aliases: ["storageEndpoint"],
            "Address of the service, such as https://storage.googleapis.com; empty is AWS in the region.")
        try reader.choice(
            &addressing, "files.s3.addressing", otherwise: "",
            "Whether the bucket stands in the path or before the host's name; if empty, in the path of an endpoint.")
        try reader.text(
            &prefix, "files.s3.prefix", aliases: ["collection.exhaust.store.prefix"],
            "What goes before every path; readers of job_request expect none.")
        try reader.choice(&encryption, "files.s3.encryption", "What the store is asked to encrypt objects with.")
        try reader.text(&encryptionKey, "files.s3.encryptionKey", "Id of the key service's key; empty is its default.")
        try readCredentials(&reader)
        try reader.size(
            &partBytes, "files.s3.partBytes", 5 << 20...1 << 30, "Part of an upload; a file has at most 10,000.")
        try reader.whole(&parallelParts, "files.s3.parallelParts", 1...64, "parts", "Parts that go up at one time.")
        try reader.flag(
            &isDirect, "files.s3.direct",
            "Whether downloads are sent on to the bucket by signed links; if browsers do not reach it, turn it off.")
        try reader.whole(
            &attempts, "files.s3.attempts", 1...20, "times",
            "How often a request is sent while the store is in trouble.")
    }

    private mutating func readCredentials(_ reader: inout SettingsReader) throws {
        try reader.text(
            &keyID, "files.s3.keyID", "Id of the access key; empty takes AWS_ACCESS_KEY_ID or the credentials file.")
        try reader.text(&secret, "files.s3.secret", isSecret: true, "Secret of the access key.")
        try reader.text(&sessionToken, "files.s3.sessionToken", isSecret: true, "Token of temporary credentials.")
        try reader.text(
            &credentialsFile, "files.s3.credentialsFile",
            "File of credentials as the AWS tools keep it; read again every minute, so it can be renewed.")
        try reader.text(&profile, "files.s3.profile", "Section of the credentials file.")
    }
}
