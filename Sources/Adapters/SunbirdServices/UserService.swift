public import HTTPClient
import HTTPMessages
import ReportModel
public import ReportPorts

/// The user service of the platform (upstream.md 2.9): roles and root organisation of whoever calls us.
public struct UserService: UserSource {
    /// Bytes of what the service says when it refuses, as far as it is told on.
    private static let messageLimit = 200

    private let call: PlatformCall

    /// The service whose addresses are `address` and a user's id. Throws `invalidInput` for an address that cannot be asked.
    public init(_ address: String, options: ServiceOptions, client: any WebClient) throws {
        call = try PlatformCall("user service", address, client, options.patience)
    }

    /// Throws unless the service answers. Without somebody's token it refuses, which is answer enough.
    func check() async throws {
        let answer = try await call.send(
            WebRequest(
                .get, call.address + "-", fields: ["user-id": "analytics"], patience: call.patience,
                answerLimit: 1 << 20))
        if answer.status >= 500 { throw call.failed(answer.status) }
    }

    /// As `UserSource.user`. What counts is the answer's `responseCode`, not its status (upstream.md 2.14, 32).
    public func user(_ id: String, token: String) async throws -> UserRecord {
        // These would lead to another address.
        guard !["", ".", ".."].contains(id) else { throw ExhaustError(.forbidden, "user not found.") }
        let answer = try await call.send(
            WebRequest(
                .get, call.address + PercentEncoding.encode(id),
                fields: ["x-authenticated-user-token": token, "user-id": "analytics"], patience: call.patience,
                answerLimit: 1 << 20))
        if answer.status >= 500 { _ = try call.result(answer) }
        let document = try call.document(answer)
        guard let code = document["responseCode"]?.text else { throw call.unreadable(nil) }
        guard code.lowercased() == "ok" else {
            let message = document["params"]?["errmsg"]?.text ?? "user not found."
            throw ExhaustError(.forbidden, String(message.prefix(Self.messageLimit)))
        }
        let user = document["result"]?["response"]
        let roles = (user?["organisations"]?.elements ?? []).flatMap { $0["roles"]?.elements ?? [] }.compactMap(\.text)
        return UserRecord(rootOrganisation: user?["rootOrg"]?["id"]?.text, roles: Set(roles))
    }
}
