public import ReportModel

/// The waiting requests in the order in which they would be leased, if nothing changed meanwhile.
public struct WaitingLine: Sendable {
    private var places: [RequestKey: Int] = [:]

    /// Plays the lease rule through: each lease adds to the share of its channel, and requests that share a run stand
    /// where the first of them stands. Requests that wait for a live run stand at 0.
    public init(
        _ waiting: [WaitingRequest], standings: [String: ChannelStanding], rule: LeaseRule
    ) {
        var standings = standings
        // Turned round, so that the oldest is taken off the end.
        var lines = Dictionary(grouping: waiting.filter(rule.mayLease), by: \.channel)
            .mapValues { $0.sorted { LeaseRule.isOlder($1, $0) } }
        let leased = lines.values.flatMap { $0 }
        let sharers = Dictionary(grouping: leased.filter { $0.shareKey != nil }, by: \.shareKey)
        for follower in waiting where !rule.mayLease(follower) { places[follower.key] = 0 }
        var place = 0
        while let next = rule.next(of: lines.values.compactMap(\.last), standings: standings) {
            lines[next.channel]?.removeLast()
            guard places[next.key] == nil else { continue }
            places[next.key] = place
            for sharer in sharers[next.shareKey] ?? [] where places[sharer.key] == nil { places[sharer.key] = place }
            standings[next.channel, default: .init()].liveRuns += 1
            place += 1
        }
    }

    /// How many are leased before this one, 0 for the next; nil if it does not wait.
    public subscript(key: RequestKey) -> Int? { places[key] }
}
