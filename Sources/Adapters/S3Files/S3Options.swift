/// Which bucket to use, and how.
public struct S3Options: Sendable, Hashable {
    /// How a bucket is named in addresses.
    public enum Addressing: String, Sendable, Hashable, CaseIterable {
        /// `https://host/bucket/key`: MinIO, Oracle, and servers without a name of their own.
        case path
        /// `https://bucket.host/key`: AWS, Google.
        case virtualHost
    }

    /// What the bucket encrypts objects with.
    public enum Encryption: Sendable, Hashable {
        /// What the bucket does by itself.
        case bucketDefault
        /// Keys of the store (`AES256`).
        case storeKeys
        /// A key of the key service (`aws:kms`), by its id; nil is the account's.
        case keyService(key: String?)
    }

    /// The bucket's name.
    public var bucket: String
    /// The region that signatures name.
    public var region: String
    /// The address of the service, such as `https://storage.googleapis.com`; nil is AWS in `region`.
    public var endpoint: String?
    /// How the bucket is named in addresses.
    public var addressing: Addressing
    /// What goes before every path, such as `reports/`; empty in deployments (upstream.md 7.1).
    public var prefix: String
    /// Whose files and parts are swept: installations that share a bucket and a prefix have different ones. Letters, digits.
    public var owner = "exhaust"
    /// What the bucket encrypts objects with.
    public var encryption: Encryption
    /// Bytes of one part of an upload, which wait in memory; the store takes 10,000 parts of 5 MiB at least.
    public var partBytes: Int
    /// Parts of one file that are uploaded at one time.
    public var parallelParts: Int

    /// A bucket; AWS by virtual host and everything else by path, parts of 8 MiB and 3 at one time, unless said
    /// otherwise.
    public init(
        bucket: String, region: String = "us-east-1", endpoint: String? = nil, addressing: Addressing? = nil,
        prefix: String = "", encryption: Encryption = .bucketDefault, partBytes: Int = 8 << 20, parallelParts: Int = 3
    ) {
        self.bucket = bucket
        self.region = region
        self.endpoint = endpoint
        self.addressing = addressing ?? (endpoint == nil ? .virtualHost : .path)
        self.prefix = prefix
        self.encryption = encryption
        self.partBytes = partBytes
        self.parallelParts = parallelParts
    }
}
