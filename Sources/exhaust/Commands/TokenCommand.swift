import Glibc
import ReportModel
import SecureArchive
import Settings
import WebTokens

/// `exhaust token`
enum TokenCommand {
    private static let keys = Parameter.option(
        "keys", "DIR", "Folder of the key pair; ./exhaust-development-keys otherwise.")
    private static let user = Parameter.option("user", "ID", isRequired: true, "The user.")
    private static let role = Parameter.option("role", "R", isRepeatable: true, "A role, such as ORG_ADMIN.")
    private static let organisation = Parameter.option(
        "organisation", "ORG", isRequired: true, "The user's root organisation.")
    private static let issuer = Parameter.option("issuer", "URL", "Issuer; `\(DevelopmentKeys.issuer)` otherwise.")
    private static let audience = Parameter.option("audience", "A", "Audience; none otherwise.")
    private static let minutes = Parameter.option("minutes", "N", "How long it is valid; 480 otherwise.")

    static let command = Command(
        "token", summary: "Makes a user token for development.",
        details: """
            It is signed by a key pair of the folder, which is made if there is none. No service accepts it unless its \
            settings name that key: access.token.keys is DIR/jwks.json, access.token.issuers the issuer. Never do that \
            where real data is. Claims have the names that the settings access.claims.… say.
            """,
        parameters: [keys, user, role, organisation, issuer, audience, minutes, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let keys = try DevelopmentKeys.open(arguments.value(keys) ?? DevelopmentKeys.folder)
        let access = composition.settings.access
        let now = composition.clock.now().milliseconds / 1000
        let end = now + Int64(try arguments.number(minutes, 1...525_600) ?? 480) * 60
        var claims = JSONValue.members(
            ("iss", .string(arguments.value(issuer) ?? DevelopmentKeys.issuer)), ("iat", .integer(now)),
            ("exp", .integer(end)))
        if let audience = arguments.value(audience) { claims.set("aud", .string(audience)) }
        claims.set(access.userClaim, .string(try arguments.required(user)))
        claims.set(access.rolesClaim, .array(arguments.values(role).map(JSONValue.string)))
        claims.set(access.organisationClaim, .string(try arguments.required(organisation)))
        let token = try keys.mint.token(claims)
        if arguments.has(SharedParameters.json) {
            let answer = JSONValue.members(
                ("token", .string(token)), ("keySet", .string(keys.keySetPath)),
                ("expiresAt", .string(Timestamp(milliseconds: end * 1000).iso8601)))
            try console.print(answer.compactText + "\n")
        } else {
            try console.print(token + "\n")
        }
        return .success
    }
}

/// A key pair for development, in a folder of its own.
struct DevelopmentKeys: Sendable {
    static let folder = "./exhaust-development-keys"
    static let issuer = "exhaust-development"

    let mint: TokenMint
    /// The key set, for `access.token.keys`.
    let keySetPath: String

    /// The key pair of a folder; made if there is none.
    static func open(_ path: String) throws -> DevelopmentKeys {
        let folder = try DataFolder.create(path).path
        let keyPath = "\(folder)/private.pem"
        if access(keyPath, F_OK) != 0 {
            let key = try SigningKey(generating: .rs256)
            let set = JSONValue.members(("keys", .array([try key.published(as: "development")])))
            try write(Array((set.prettyText + "\n").utf8), to: "\(folder)/jwks.json")
            try write(try key.publicPEM(), to: "\(folder)/public.pem")
            // Last: without it everything is made again.
            try write(try key.privatePEM(), to: keyPath)
        }
        let key = try SigningKey(pem: TextFile.read(keyPath, limit: 64 << 10))
        return DevelopmentKeys(
            mint: TokenMint(key: key, keyName: "development"), keySetPath: "\(folder)/jwks.json")
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try PlainFile(path)
        do {
            try file.write(bytes)
            try file.publish()
        } catch {
            file.discard()
            throw error
        }
    }
}

extension JSONValue {
    /// Sets the member of a dotted name, in objects within each other, as `access.claims.…` finds it.
    fileprivate mutating func set(_ name: String, _ value: JSONValue) {
        set(name.split(separator: ".").map(String.init)[...], value)
    }

    private mutating func set(_ path: ArraySlice<String>, _ value: JSONValue) {
        guard let name = path.first else {
            self = value
            return
        }
        var members = objectMembers ?? []
        var inner = self[name] ?? .object([])
        inner.set(path.dropFirst(), value)
        members.removeAll { $0.name == name }
        self = .object(members + [.init(name, inner)])
    }
}
