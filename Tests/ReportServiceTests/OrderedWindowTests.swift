@testable import ReportService
import ReportModel
import Synchronization
import Testing

@Suite struct OrderedWindowTests {
    @Test(arguments: [1, 2, 3, 8])
    func `results come in order whatever order the work ends in`(width: Int) async throws {
        var order: [Int] = []
        try await forEachInOrder(count: 20, width: width) { index in
            // Later pieces yield less often, so that they tend to end first.
            for _ in 0..<(20 - index) { await Task.yield() }
            return index * index
        } consume: { index, value in
            #expect(value == index * index)
            order.append(index)
        }
        #expect(order == Array(0..<20))
    }

    @Test func `no more work runs at once than the window is wide`() async throws {
        let running = Mutex((now: 0, most: 0))
        try await forEachInOrder(count: 30, width: 3) { index in
            running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            await Task.yield()
            running.withLock { $0.now -= 1 }
            return index
        } consume: { _, _ in
        }
        #expect((1...3).contains(running.withLock { $0.most }))
    }

    @Test func `an error of the work ends everything`() async {
        await #expect(throws: ExhaustError(.storageFailed, "x")) {
            try await forEachInOrder(count: 10, width: 2) { index in
                if index == 4 { throw ExhaustError(.storageFailed, "x") }
                return index
            } consume: { _, _ in
            }
        }
    }
}
