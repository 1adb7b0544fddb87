import ReportModel
import ReportService
import SecureArchive
import WebTokens

/// To whom a link for everybody was given, within the link itself: the audit log names them, and whoever else has the link
/// cannot read it.
struct LinkIssuers: Sendable {
    private let master: MasterKey

    init(master: MasterKey) { self.master = master }

    func text(of caller: Caller, expiresAt: Timestamp) throws -> String {
        let parts: JSONValue = .array([
            .string(caller.credential.rawValue), .string(caller.channel), .string(caller.userID ?? ""),
            .string(caller.consumerID ?? ""),
        ])
        return Base64URL.encode(try box(expiresAt).seal(Array(parts.compactText.utf8)))
    }

    /// Only for what was signed. Throws if it was not written here.
    func caller(in text: String, expiresAt: Timestamp) throws -> Caller {
        let sealed = Base64URL.decode(text.utf8) ?? []
        let plain = try JSONValue(parsing: String(decoding: try box(expiresAt).open(sealed), as: UTF8.self))
        let parts = (plain.elements ?? []).compactMap(\.text)
        guard parts.count == 4, let credential = Caller.Credential(rawValue: parts[0]) else {
            throw ExhaustError(.internalFault, "download link: it was signed without saying for whom")
        }
        return Caller(
            credential: credential, channel: parts[1], userID: parts[2].isEmpty ? nil : parts[2],
            consumerID: parts[3].isEmpty ? nil : parts[3])
    }

    /// A key a day, since programs that list requests without end have links made without end (`SealedBox`).
    private func box(_ expiresAt: Timestamp) throws -> SealedBox {
        let key = try master.key(for: "link issuers 1 \(expiresAt.date(offsetMinutes: 0))")
        return SealedBox(.secret, key: try SymmetricKey(key.withUnsafeBytes { Array($0) }))
    }
}
