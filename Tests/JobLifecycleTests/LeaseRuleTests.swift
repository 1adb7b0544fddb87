import JobLifecycle
import ReportModel
import ReportTesting
import Testing

@Suite struct LeaseRuleTests {
    private static func waiting(
        _ id: String, _ channel: String, _ at: Int64, share: String? = nil, freshSince: Int64? = nil
    ) -> WaitingRequest {
        WaitingRequest(
            key: RequestKey(tag: "t:\(channel)", requestID: id), channel: channel,
            submittedAt: Timestamp(milliseconds: at), shareKey: share.map { ShareKey(text: "\(channel)\($0)") },
            freshSince: freshSince.map(Timestamp.init(milliseconds:)))
    }

    /// The rule as a store asks it, over these requests.
    private static func next(
        _ waiting: [WaitingRequest], _ standings: [String: ChannelStanding], _ rule: LeaseRule
    ) -> WaitingRequest? {
        let lines = Dictionary(grouping: waiting, by: \.channel).mapValues { line in
            line.sorted { ($0.submittedAt, $0.key.requestID) < ($1.submittedAt, $1.key.requestID) }
        }
        let channels = lines.compactMap { name, line in
            line.first.map { WaitingChannel(name: name, oldest: $0.submittedAt) }
        }
        return rule.next(of: channels, standings: standings) { lines[$0]?.first(where: rule.mayLease) }
    }

    @Test func `within limits comes before over them, then the smaller share, then the older request`() {
        let rule = LeaseRule(limits: ThrottleLimits(batchesPerChannel: 5, bytesPerChannel: 100), liveRuns: [:])
        let standings = [
            "batches": ChannelStanding(batches: 5), "bytes": ChannelStanding(batches: 1, bytes: 100),
            "busy": ChannelStanding(batches: 1, liveRuns: 2), "idle": ChannelStanding(batches: 2, bytes: 99),
        ]
        var line = ["batches", "bytes", "busy", "idle"].enumerated().map { Self.waiting("A", $1, Int64($0)) }
        line.append(Self.waiting("B", "idle", 3))
        var order: [String] = []
        while let first = Self.next(line, standings, rule) {
            order.append(first.channel + first.key.requestID)
            line.removeAll { $0 == first }
        }
        #expect(order == ["idleA", "idleB", "busyA", "bytesA", "batchesA"])
    }

    @Test func `a follower of a live run is passed over, a fresh one of later is not`() {
        let live = [ShareKey(text: "cX"): Timestamp(milliseconds: 10)]
        let rule = LeaseRule(limits: .init(), liveRuns: live)
        #expect(!rule.mayLease(Self.waiting("A", "c", 1, share: "X")))
        #expect(!rule.mayLease(Self.waiting("A", "c", 1, share: "X", freshSince: 10)))
        #expect(rule.mayLease(Self.waiting("A", "c", 1, share: "X", freshSince: 11)))
        #expect(rule.mayLease(Self.waiting("A", "c", 1, share: "Y")))
        #expect(rule.mayLease(Self.waiting("A", "c", 1)))
    }

    @Test func `a run yields only if its channel has had its share and the other one has not`() {
        let rule = LeaseRule(limits: ThrottleLimits(batchesPerChannel: 2), liveRuns: [:])
        let standings = ["a": ChannelStanding(batches: 2), "b": ChannelStanding(batches: 1), "c": .init(batches: 3)]
        #expect(rule.mustYield("a", to: "b", standings: standings))
        #expect(rule.mustYield("a", to: "new", standings: standings))
        #expect(!rule.mustYield("a", to: "c", standings: standings))
        #expect(!rule.mustYield("a", to: "a", standings: standings))
        #expect(!rule.mustYield("b", to: "new", standings: standings))
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `the short way to the next request, and the line, are those of the rule asked step by step`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let limits = ThrottleLimits(batchesPerChannel: 3)
        let live = [ShareKey(text: "c1s0"): Timestamp(milliseconds: 5)]
        let rule = LeaseRule(limits: limits, liveRuns: live)
        var standings: [String: ChannelStanding] = [:]
        for channel in 0..<4 where random.chance(60) {
            standings["c\(channel)"] = ChannelStanding(
                batches: Int.random(in: 0..<5, using: &random), liveRuns: Int.random(in: 0..<3, using: &random))
        }
        var waiting = (0..<30).map { number in
            Self.waiting(
                "R\(number + 10)", "c\(Int.random(in: 0..<5, using: &random))",
                Int64.random(in: 0..<12, using: &random),
                share: random.pick([nil, nil, "s0", "s1"]), freshSince: random.pick([nil, nil, 4, 6]))
        }.shuffled(using: &random)
        let line = WaitingLine(waiting, standings: standings, rule: rule)
        for follower in waiting where !rule.mayLease(follower) { #expect(line[follower.key] == 0) }
        waiting = waiting.filter(rule.mayLease)
        var place = 0
        while let next = Self.next(waiting, standings, rule) {
            // The rule as its words say it, over all that wait.
            let first = waiting.min { one, other in
                func rank(_ request: WaitingRequest) -> (Int, Int, Int64, String, String) {
                    let standing = standings[request.channel] ?? .init()
                    return (
                        standing.isOver(limits) ? 1 : 0, standing.batches + standing.liveRuns,
                        request.submittedAt.milliseconds, request.key.tag, request.key.requestID
                    )
                }
                return rank(one) < rank(other)
            }
            #expect(next == first)
            for sharer in waiting where sharer == next || next.shareKey != nil && sharer.shareKey == next.shareKey {
                #expect(line[sharer.key] == place)
            }
            waiting.removeAll { $0 == next || next.shareKey != nil && $0.shareKey == next.shareKey }
            standings[next.channel, default: .init()].liveRuns += 1
            place += 1
        }
        #expect(waiting.isEmpty && line[RequestKey(tag: "t", requestID: "none")] == nil)
    }
}
