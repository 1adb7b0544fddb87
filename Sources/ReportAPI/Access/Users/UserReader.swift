public import ReportModel
public import ReportPorts
import SecureArchive
import Synchronization

/// A user as token and user service describe them.
public struct KnownUser: Sendable, Hashable {
    /// The id.
    public var id: String
    /// Roles in any organisation.
    public var roles: Set<String>
    /// The root organisation; nil if there is none.
    public var organisation: String?
}

/// Finds out who the user of checked claims is.
public final class UserReader: Sendable {
    /// Users of the user service that are remembered at the most.
    public static let nameLimit = 10_000

    private struct Remembered {
        var record: UserRecord
        var until: Timestamp
    }

    private let rules: ClaimRules
    private let service: (any UserSource)?
    private let cacheSeconds: Double
    private let clock: any ServiceClock
    private let remembered = Mutex(GenerationTable<Remembered>(names: UserReader.nameLimit))

    /// By the claims alone, or, with `service`, roles and organisation by the user service, whose answers are remembered for
    /// `cacheSeconds`.
    public init(
        rules: ClaimRules, service: (any UserSource)? = nil, cacheSeconds: Double = 60, clock: any ServiceClock
    ) {
        self.rules = rules
        self.service = service
        self.cacheSeconds = cacheSeconds
        self.clock = clock
    }

    /// The user of these claims, which `token` carried. Throws `unauthenticated` if they name no user, and what the user
    /// service says.
    public func user(_ claims: JSONValue, token: String) async throws -> KnownUser {
        guard let id = rules.userID(claims) else {
            throw ExhaustError(
                .unauthenticated, "user token: it does not say who the user is",
                remedy: "Set access.claims.user to the claim that holds the user's id.", mender: .operator)
        }
        guard let service else {
            return KnownUser(id: id, roles: rules.roleNames(claims), organisation: rules.organisationID(claims))
        }
        let record = try await record(of: id, token: token, service)
        return KnownUser(id: id, roles: record.roles, organisation: record.rootOrganisation)
    }

    private func record(of id: String, token: String, _ service: any UserSource) async throws -> UserRecord {
        // By the token, not by the user: what one token was told is not told to another.
        let name = Hexadecimal.text(try SHA256.hash(Array("\(id)\n\(token)".utf8)))
        let now = clock.now()
        if let known = remembered.withLock({ $0[name] }), known.until > now { return known.record }
        let record: UserRecord
        do {
            record = try await service.user(id, token: token)
        } catch let error as ExhaustError where error.code == .forbidden {
            // The token was good: whose it is is known.
            throw error.refusing(Caller(credential: .token, channel: "", userID: id))
        }
        let until = now.adding(seconds: cacheSeconds)
        remembered.withLock { $0[name] = Remembered(record: record, until: until) }
        return record
    }
}
