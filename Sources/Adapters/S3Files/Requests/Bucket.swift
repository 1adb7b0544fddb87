import HTTPClient
import HTTPMessages
import ReportModel
import ReportPorts
import SecureArchive

/// Signed requests to one bucket.
struct Bucket: Sendable {
    let options: S3Options
    let address: BucketAddress
    let client: any WebClient
    let clock: any ServiceClock
    let credentials: S3CredentialSource

    /// One request, told in the store's terms.
    struct Call {
        var method: HTTPMethod
        var key: String?
        var query: [(name: String, value: String)] = []
        var fields = HTTPFields()
        var body: [UInt8] = []
        /// Bytes that the answer may have.
        var answerLimit = WebRequest.usualAnswerLimit
        /// What it is about, for errors.
        var subject: String
    }

    /// Sends `call`; answers are successes, or failures with one of `accepting`. Throws `notFound` for what is not there,
    /// `unavailable` while the store is in trouble, `storageFailed` for a refusal.
    func send(_ call: Call, accepting: Set<Int> = []) async throws -> WebAnswer {
        let credentials = try await credentials()
        let now = clock.now()
        let hash = SignatureV4.hexadecimal(try SHA256.hash(call.body))
        var fields = call.fields
        fields["Host"] = address.host
        fields["x-amz-date"] = SignatureV4.stamp(now)
        fields["x-amz-content-sha256"] = hash
        if let token = credentials.sessionToken { fields["x-amz-security-token"] = token }
        let path = address.path(of: call.key)
        let signer = SignatureV4(credentials: credentials, region: options.region)
        fields["Authorization"] = try signer.authorization(
            .init(method: call.method, path: path, query: call.query, fields: fields, payloadHash: hash), at: now)
        let query = SignatureV4.canonicalQuery(call.query)
        // Every call of this adapter can be repeated: an upload that is begun twice is swept (`begun/<path>`).
        let answer = try await client.send(
            WebRequest(
                call.method, address.origin + path + (query.isEmpty ? "" : "?" + query), fields: fields,
                body: call.body.isEmpty ? .none : .bytes(call.body), patience: Patience(whole: nil),
                answerLimit: call.answerLimit, isRepeatable: true))
        guard answer.isSuccess || accepting.contains(answer.status) else {
            throw failure(answer, call.subject)
        }
        return answer
    }

    /// An address that lets anybody read `key` for `seconds`.
    func signedAddress(of key: String, query: [(name: String, value: String)], seconds: Int) async throws -> String {
        let path = address.path(of: key)
        let signer = SignatureV4(credentials: try await credentials(), region: options.region)
        let signed = SignatureV4.Signed(
            method: .get, path: path, query: query, fields: ["Host": address.host],
            payloadHash: SignatureV4.unsignedPayload)
        return "\(address.origin)\(path)?" + (try signer.query(signed, at: clock.now(), seconds: seconds))
    }

    /// The fields that ask the store to encrypt an object.
    var encryptionFields: HTTPFields {
        switch options.encryption {
        case .bucketDefault: return [:]
        case .storeKeys: return ["x-amz-server-side-encryption": "AES256"]
        case .keyService(let key):
            var fields: HTTPFields = ["x-amz-server-side-encryption": "aws:kms"]
            fields["x-amz-server-side-encryption-aws-kms-key-id"] = key
            return fields
        }
    }
}
