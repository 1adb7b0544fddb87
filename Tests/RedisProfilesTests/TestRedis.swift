import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting

@testable import RedisProfiles

/// A server of the tests, filled by commands.
struct TestRedis {
    let client: RedisClient
    let options: RedisOptions

    init(_ address: String, change: (inout RedisOptions) -> Void = { _ in }) async throws {
        let parts = address.split(separator: ":")
        var options = RedisOptions(host: String(parts[0]), port: Int(parts[1]) ?? 0)
        change(&options)
        self.options = options
        client = try await RedisClient(options, clock: WakefulClock())
    }

    /// Writes users as the user cache has them; of several with one id the last.
    func write(_ users: [JSONValue]) async throws {
        let users = Dictionary(users.map { ($0["userid"]?.text ?? "", $0) }, uniquingKeysWith: { $1 }).values
        try await client.reading(options.userDatabase) { connection in
            for user in users {
                guard let id = user["userid"]?.text, let members = user.objectMembers else { continue }
                var words = ["HSET", "user:\(id)"]
                for member in members where !member.value.isNull {
                    words += [member.name, member.value.text ?? member.value.compactText]
                }
                connection.append(words.map { Array($0.utf8) })
                _ = try connection.exchange { try connection.readInteger() }
            }
        }
    }

    /// One command whose answer is a number.
    func command(_ words: String..., database: Int? = nil) async throws {
        try await client.reading(database ?? options.userDatabase) { connection in
            connection.append(words.map { Array($0.utf8) })
            _ = try connection.exchange { try connection.readInteger() }
        }
    }

    /// The given fields of these users, nil where there is no profile.
    func profiles(_ ids: [String], _ fields: [ProfileField]) async throws -> [[String?]?] {
        let keys = Self.keys(ids)
        let page = try await RedisProfileSource(client).profiles(of: keys, fields: fields)
        return keys.ids.indices.map { learner in
            guard page.exists[learner] else { return nil }
            return fields.indices.map { position in
                let value = page.value(learner, position)
                return value.isAbsent ? nil : page.arena.text(value)
            }
        }
    }

    static func keys(_ ids: [String]) -> LearnerKeys {
        var arena = ByteArena()
        let slices = ids.map { arena.append($0) }
        return LearnerKeys(arena: arena, ids: slices, range: .everybody)
    }
}

/// A clock that lets nobody wait.
struct WakefulClock: ServiceClock {
    func now() -> Timestamp { Timestamp(milliseconds: 0) }
    func sleep(seconds: Double) async throws {}
}
