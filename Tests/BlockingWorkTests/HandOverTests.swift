import BlockingWork
import ReportModel
import Testing

@Suite struct HandOverTests {
    @Test func `everything that is given is taken, in order, however slow one side is`() async throws {
        let pool = try await BlockingPool<Void>(name: "test", limits: .init(threads: 2)) {}
        let handOver = HandOver<Int>(limit: 2)
        async let taken = pool.run { _ in
            var taken: [Int] = []
            while let element = handOver.take() { taken.append(element) }
            return taken
        }
        async let given = pool.run { _ in
            defer { handOver.close() }
            return (0..<5_000).allSatisfy { handOver.give($0) }
        }
        #expect(try await given)
        #expect(try await taken == Array(0..<5_000))
        await pool.close()
    }

    @Test func `who gives is told when nobody takes any more, also while it waits`() async throws {
        let pool = try await BlockingPool<Void>(name: "test", limits: .init(threads: 2)) {}
        let handOver = HandOver<Int>(limit: 1)
        #expect(handOver.give(1))
        async let second = pool.run { _ in handOver.give(2) }
        try await pool.run { _ in handOver.close() }
        #expect(try await !second)
        #expect(handOver.take() == 1 && handOver.take() == nil)
        await pool.close()
    }
}
