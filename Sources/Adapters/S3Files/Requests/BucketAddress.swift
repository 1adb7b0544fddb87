import HTTPClient
import HTTPMessages
import ReportModel

/// Where a bucket is.
struct BucketAddress: Sendable {
    /// `https://host[:port]`, with the bucket if it is in the host's name.
    let origin: String
    /// The field `Host`.
    let host: String
    /// Escaped; what comes before a key's `/`.
    private let base: String

    /// Throws `invalidInput` for a bucket's name or endpoint that cannot be.
    init(_ options: S3Options) throws {
        let name = options.bucket
        guard (3...63).contains(name.utf8.count), name.utf8.allSatisfy(Self.isAllowed), !name.contains("..") else {
            throw ExhaustError(
                .invalidInput, "bucket \"\(name.prefix(80))\": that is not a bucket's name",
                remedy: "Use 3 to 63 letters, digits, hyphens and dots.", mender: .operator)
        }
        let endpoint = options.endpoint ?? "https://s3.\(options.region).amazonaws.com"
        let address = try WebAddress(parsing: endpoint, what: "address of the bucket's service")
        guard address.target.isEmpty || address.target == "/" else {
            throw ExhaustError(
                .invalidInput, "address of the bucket's service: it has a path",
                remedy: "Leave the bucket and everything after it out.", mender: .operator)
        }
        switch options.addressing {
        case .path:
            host = address.authority
            base = "/\(name)"
        case .virtualHost:
            host = "\(name).\(address.authority)"
            base = ""
        }
        origin = "\(address.scheme)://\(host)"
    }

    /// The escaped path of an object; of the bucket itself for nil.
    func path(of key: String?) -> String {
        guard let key else { return base.isEmpty ? "/" : base }
        return base + "/" + PercentEncoding.encode(key, keeping: "/")
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
