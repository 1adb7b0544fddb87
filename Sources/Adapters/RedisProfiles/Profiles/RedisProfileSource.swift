public import ReportModel
public import ReportPorts

/// Profiles from the user cache of a deployment: hashes `user:<user id>` (upstream.md 1.11), a page of learners in a few
/// pipelined exchanges. Never looks for keys.
public struct RedisProfileSource: ProfileSource {
    private let client: RedisClient
    private let fallback: (any ProfileSource)?

    /// Profiles from `client`; learners that it does not know are asked of `fallback`, if there is one.
    public init(_ client: RedisClient, fallback: (any ProfileSource)? = nil) {
        self.client = client
        self.fallback = fallback
    }

    /// As `ProfileSource.profiles`. Throws `unavailable` while the server does not answer.
    public func profiles(of keys: LearnerKeys, fields: [ProfileField]) async throws -> ProfilePage {
        let page = try await client.reading(client.options.userDatabase) { connection in
            try connection.profiles(of: keys, fields: fields)
        }
        guard let fallback, page.exists.contains(false) else { return page }
        // The whole page, since a source may read by range; few pages have anybody missing.
        let other = try await fallback.profiles(of: keys, fields: fields)
        return page.filled(from: other)
    }
}

extension ProfilePage {
    /// This page, with the profiles of `other` for learners that have none here.
    func filled(from other: ProfilePage) -> ProfilePage {
        var page = self
        for learner in exists.indices where !exists[learner] && other.exists[learner] {
            page.exists[learner] = true
            for position in fields.indices {
                let value = other.value(learner, position)
                guard !value.isAbsent else { continue }
                page.values[learner * fields.count + position] = other.arena.withBytes(of: value) {
                    page.arena.append($0)
                }
            }
        }
        return page
    }
}
