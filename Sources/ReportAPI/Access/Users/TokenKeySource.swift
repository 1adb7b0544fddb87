public import HTTPClient
import HTTPMessages
import ReportModel
import SecureArchive
public import WebTokens

/// Where keys of user tokens come from.
public enum TokenKeySource {
    /// Keys published at an address (JWKS).
    public static func published(
        at url: String, by client: any WebClient
    ) -> @Sendable () async throws -> [TokenKey] {
        { try await keys(at: url, by: client) }
    }

    /// The keys in the text of a file: PEM, or a key set in JSON. `name` says in errors which file.
    /// Throws `invalidInput` if it is neither, or holds no key that checks signatures.
    public static func keys(inFile bytes: [UInt8], name: String) throws -> [TokenKey] {
        let isJSON = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } == UInt8(ascii: "{")
        guard isJSON else { return [TokenKey(name: nil, key: try VerificationKey(pem: bytes))] }
        return try some(TokenKeySet.keys(bytes, name: name), name)
    }

    private static func keys(at url: String, by client: any WebClient) async throws -> [TokenKey] {
        let request = WebRequest(
            .get, url, fields: ["Accept": "application/json"], patience: Patience(connect: 5, idle: 5, whole: 10),
            answerLimit: TokenKeySet.byteLimit)
        let answer = try await client.send(request)
        guard answer.status == 200 else {
            throw ExhaustError(.unavailable, "key set: the server answers with status \(answer.status)")
        }
        return try some(TokenKeySet.keys(answer.body, name: "key set"), "key set")
    }

    private static func some(_ keys: [TokenKey], _ name: String) throws -> [TokenKey] {
        guard !keys.isEmpty else {
            throw ExhaustError(
                .invalidInput, "\(name): it holds no RSA or P-256 key that checks signatures",
                remedy: "Name the key set of the provider that signs user tokens.", mender: .operator)
        }
        return keys
    }
}
