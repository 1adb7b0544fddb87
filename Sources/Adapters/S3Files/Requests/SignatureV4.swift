import HTTPMessages
import ReportModel
import SecureArchive

/// Signs requests by AWS Signature Version 4, in a field or in the address.
struct SignatureV4 {
    static let algorithm = "AWS4-HMAC-SHA256"
    /// Stands for the hash of a body that is not signed, as in addresses that are handed out.
    static let unsignedPayload = "UNSIGNED-PAYLOAD"

    let credentials: S3Credentials
    let region: String
    var service = "s3"

    /// What is signed of a request.
    struct Signed {
        var method: HTTPMethod
        /// As it is sent: escaped once.
        var path: String
        /// Names and values, not escaped.
        var query: [(name: String, value: String)]
        /// All fields that are signed, `Host` among them.
        var fields: HTTPFields
        var payloadHash: String
    }

    /// The field `Authorization` for `request`.
    func authorization(_ request: Signed, at time: Timestamp) throws -> String {
        let signature = try signature(request, at: time)
        return "\(Self.algorithm) Credential=\(credentials.keyID)/\(scope(time)), "
            + "SignedHeaders=\(Self.fieldNames(request.fields)), Signature=\(signature)"
    }

    /// The query that makes the address of `request` valid for `seconds` from `time`; begins with the request's own.
    func query(_ request: Signed, at time: Timestamp, seconds: Int) throws -> String {
        var request = request
        request.query += [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(credentials.keyID)/\(scope(time))"),
            ("X-Amz-Date", Self.stamp(time)), ("X-Amz-Expires", String(seconds)),
            ("X-Amz-SignedHeaders", Self.fieldNames(request.fields)),
        ]
        if let token = credentials.sessionToken { request.query.append(("X-Amz-Security-Token", token)) }
        return Self.canonicalQuery(request.query) + "&X-Amz-Signature=\(try signature(request, at: time))"
    }

    private func signature(_ request: Signed, at time: Timestamp) throws -> String {
        let canonical = [
            request.method.rawValue, request.path, Self.canonicalQuery(request.query),
            Self.canonicalFields(request.fields), Self.fieldNames(request.fields), request.payloadHash,
        ].joined(separator: "\n")
        let text = [
            Self.algorithm, Self.stamp(time), scope(time), Self.hexadecimal(try SHA256.hash(Array(canonical.utf8))),
        ].joined(separator: "\n")
        // The secret with its prefix is a key of its own, and is wiped like one.
        var key = credentials.secret.withUnsafeBytes { SecretBytes(Array("AWS4".utf8) + Array($0)) }
        for part in [String(Self.stamp(time).prefix(8)), region, service, "aws4_request"] {
            key = SecretBytes(try HMACSHA256.authenticate(Array(part.utf8), key: key))
        }
        return Self.hexadecimal(try HMACSHA256.authenticate(Array(text.utf8), key: key))
    }

    private func scope(_ time: Timestamp) -> String {
        "\(Self.stamp(time).prefix(8))/\(region)/\(service)/aws4_request"
    }

    /// Escaped and in order of names, then of values, by their bytes.
    static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    private static func canonicalFields(_ fields: HTTPFields) -> String {
        names(fields).map { name in
            let values = fields.values(name).map { value in
                value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
            }
            return "\(name):\(values.joined(separator: ","))\n"
        }.joined()
    }

    private static func fieldNames(_ fields: HTTPFields) -> String { names(fields).joined(separator: ";") }

    private static func names(_ fields: HTTPFields) -> [String] {
        Set(fields.all.map { $0.name.lowercased() }).sorted()
    }

    /// `20240131T090000Z`.
    static func stamp(_ time: Timestamp) -> String {
        time.iso8601.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
