public import HTTPClient
import HTTPMessages
import ReportModel

/// Reads an organisation's public key from where its row says it is: the PEM text itself, or an address (upstream.md 1.14).
public struct PublicKeyReader: Sendable {
    /// Bytes of a file with a key.
    public static let keyLimit = 64 << 10

    private let keyHosts: Set<String>
    private let client: any WebClient
    private let patience: Patience

    /// Keys by `client`; without TLS only from `keyHosts`.
    public init(keyHosts: Set<String>, client: any WebClient, patience: Patience = Patience(whole: 20)) {
        self.keyHosts = Set(keyHosts.map { $0.lowercased() })
        self.client = client
        self.patience = patience
    }

    /// The key at `place`. Throws `refused` for an address that may not be asked, `unavailable` if it cannot be fetched,
    /// `dataDamaged` if what is there is no key.
    public func key(at place: String, of organisation: String) async throws -> [UInt8] {
        let key = place.hasPrefix("-----BEGIN") ? Array(place.utf8) : try await fetch(place, organisation)
        let text = String(decoding: key, as: UTF8.self)
        guard text.contains("-----BEGIN PUBLIC KEY-----") || text.contains("-----BEGIN CERTIFICATE-----") else {
            throw failure(.dataDamaged, organisation, "it is no PEM public key", "Upload the organisation's key again.")
        }
        return key
    }

    private func fetch(_ address: String, _ organisation: String) async throws -> [UInt8] {
        let place = try WebAddress(parsing: address, what: "public key of organisation \(organisation)")
        guard place.scheme == "https" || keyHosts.contains(place.host) else {
            throw failure(
                .refused, organisation, "it lies at \(place.origin), without TLS",
                "Give it an https address, or name the host in services.keyHosts.")
        }
        let answer = try await client.send(WebRequest(.get, address, patience: patience, answerLimit: Self.keyLimit))
        guard answer.isSuccess else {
            throw failure(
                .unavailable, organisation, "\(place.origin) answers \(answer.status)",
                "Check the address of the organisation's key.")
        }
        return answer.body
    }

    private func failure(
        _ code: ExhaustError.Code, _ organisation: String, _ why: String, _ remedy: String
    ) -> ExhaustError {
        ExhaustError(code, "public key of organisation \(organisation): \(why)", remedy: remedy, mender: .operator)
    }
}
