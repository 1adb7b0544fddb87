import Glibc
import RedisProfiles
import ReportModel
import ReportPorts

/// How fast profiles come from a user cache by our adapter, pages of learners in turn. `Benchmarks/profiles.py` fills the cache
/// with users `000000000000` and on, and runs it.
///
///     RedisBench HOST:PORT DATABASE USERS READS CONNECTIONS FIELD…     prints how many profiles came, and in how many seconds
struct RedisBench {
    /// Learners of a page, as a run has them.
    private static let pageLearners = 1_000

    private let options: RedisOptions
    private let users: Int
    private let reads: Int
    private let fields: [ProfileField]

    init(_ words: [String]) throws {
        let address = words.first?.split(separator: ":") ?? []
        let fields = words.dropFirst(5).compactMap(ProfileField.init(rawValue:))
        guard address.count == 2, words.count > 5, let port = Int(address[1]), let database = Int(words[1]),
            let users = Int(words[2]), let reads = Int(words[3]), let connections = Int(words[4]),
            fields.count == words.count - 5
        else {
            throw ExhaustError(
                .invalidInput, "HOST:PORT DATABASE USERS READS CONNECTIONS FIELD… are needed, fields of profiles")
        }
        options = RedisOptions(
            host: String(address[0]), port: port, userDatabase: database, connections: connections)
        (self.users, self.reads, self.fields) = (users, reads, fields)
    }

    func run() async throws {
        let client = try await RedisClient(options, clock: SystemTime())
        let source = RedisProfileSource(client)
        let pages = Self.pages(users)
        // Connects, and warms the cache as the other contestant's run before does.
        _ = try await source.profiles(of: pages[0], fields: fields)
        let begin = SystemTime.seconds()
        let share = reads / options.connections / Self.pageLearners
        let found = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<options.connections {
                group.addTask {
                    var found = 0
                    for number in 0..<share {
                        let keys = pages[(task * share + number) % pages.count]
                        let page = try await source.profiles(of: keys, fields: fields)
                        found += page.exists.count { $0 }
                    }
                    return found
                }
            }
            return try await group.reduce(0, +)
        }
        print("\(found) \(SystemTime.seconds() - begin)")
        await client.close()
    }

    private static func pages(_ users: Int) -> [LearnerKeys] {
        stride(from: 0, to: users, by: pageLearners).map { start in
            var arena = ByteArena()
            let ids = (start..<min(users, start + pageLearners)).map { number in
                let digits = String(number)
                return arena.append(String(repeating: "0", count: 12 - digits.utf8.count) + digits)
            }
            return LearnerKeys(arena: arena, ids: ids, range: .everybody)
        }
    }
}

private struct SystemTime: ServiceClock {
    func now() -> Timestamp { Timestamp(milliseconds: Int64(Self.seconds() * 1000)) }

    func sleep(seconds: Double) async throws { try await Task.sleep(for: .seconds(seconds)) }

    static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
