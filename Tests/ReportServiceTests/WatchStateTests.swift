import ReportModel
import Testing

@testable import ReportService

@Suite struct WatchStateTests {
    @Test func `listeners who came at once are not all told at once that nothing changed`() async {
        let start = Timestamp(milliseconds: 1_706_691_600_000)
        var state = WatchState(epoch: "e", limits: WatchLimits())
        state.begin()
        var listeners: [(AsyncStream<RequestWatch.Event>, WatchState.Continuation)] = []
        for number in 0..<32 {
            let (stream, continuation) = AsyncStream.makeStream(of: RequestWatch.Event.self)
            _ = state.add(.channel("org-1"), caller: "\(number)", continuation, after: nil, at: start)
            listeners.append((stream, continuation))
        }
        for second in 1...30 { _ = state.due(at: start.adding(seconds: Double(second))) }
        for (stream, continuation) in listeners {
            continuation.finish()
            var heartbeats = 0
            for await _ in stream { heartbeats += 1 }
            // The first after half a period or later, and then one a period.
            #expect(heartbeats == 2)
        }
    }

    @Test func `heartbeats of listeners who came at once are spread over half a period`() {
        let start = Timestamp(milliseconds: 1_706_691_600_000)
        var state = WatchState(epoch: "e", limits: WatchLimits())
        state.begin()
        for number in 0..<32 {
            let (_, continuation) = AsyncStream.makeStream(of: RequestWatch.Event.self)
            _ = state.add(.channel("org-1"), caller: "\(number)", continuation, after: nil, at: start)
        }
        let moments = Set(state.listeners.values.map(\.heartbeatAt.milliseconds))
        #expect(moments.count == 32)
        #expect(moments.allSatisfy { (7_500...15_000).contains($0 - start.milliseconds) })
    }
}
