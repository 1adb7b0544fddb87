public import ReportModel

/// The waiting requests in the order in which they would be leased, if nothing changed meanwhile.
public struct WaitingLine: Sendable {
    private var places: [RequestKey: Int] = [:]

    /// Plays the lease rule through: each lease adds to the share of its channel, so the second request of a channel
    /// stands where its share is one more, and all turns sort by that. Requests that share a run stand where the first
    /// of them stands; those that wait for a live run stand at 0.
    public init(
        _ waiting: [WaitingRequest], standings: [String: ChannelStanding], rule: LeaseRule
    ) {
        for follower in waiting where !rule.mayLease(follower) { places[follower.key] = 0 }
        var turns: [LeaseRule.Turn] = []
        var sharers: [RequestKey: [RequestKey]] = [:]
        for (channel, line) in Dictionary(grouping: waiting.filter(rule.mayLease), by: \.channel) {
            var leaders: [ShareKey: RequestKey] = [:]
            var standing = standings[channel] ?? .init()
            for request in line.sorted(by: LeaseRule.isOlder) {
                if let shareKey = request.shareKey {
                    // Equal share keys are of one channel.
                    if let leader = leaders[shareKey] {
                        sharers[leader, default: []].append(request.key)
                        continue
                    }
                    leaders[shareKey] = request.key
                }
                turns.append(rule.turn(of: request, standing))
                standing.liveRuns += 1
            }
        }
        for (place, turn) in turns.sorted().enumerated() {
            places[turn.request.key] = place
            for sharer in sharers[turn.request.key] ?? [] { places[sharer] = place }
        }
    }

    /// How many wait.
    public var count: Int { places.count }

    /// How many are leased before this one, 0 for the next; nil if it does not wait.
    public subscript(key: RequestKey) -> Int? { places[key] }
}
