import BlockingWork
import Glibc
import ReportModel
import Synchronization
import Testing

@Suite struct BlockingPoolTests {
    /// Holds threads of a pool until it is opened.
    final class Gate: Sendable {
        private let ends: (read: Int32, write: Int32)
        init() {
            var pair: [Int32] = [0, 0]
            pipe(&pair)
            ends = (pair[0], pair[1])
        }
        deinit { close(ends.read) }
        func wait() {
            var byte: UInt8 = 0
            _ = read(ends.read, &byte, 1)
        }
        func open() { close(ends.write) }
    }

    final class Counter: Sendable {
        private let value = Atomic(0)
        func increment() -> Int { value.add(1, ordering: .relaxed).newValue }
    }

    @Test func `work runs in order on one thread that is not the caller's`() async throws {
        let pool = try await BlockingPool<UInt>(name: "test") { UInt(pthread_self()) }
        var seen: [Int] = []
        for number in 0..<100 {
            let (thread, value) = try await pool.run { own in (own == UInt(pthread_self()), number) }
            #expect(thread)
            seen.append(value)
        }
        #expect(seen == Array(0..<100))
        await pool.close()
    }

    @Test func `as many pieces of work block at once as there are threads, and Swift's own go on`() async throws {
        let pool = try await BlockingPool<Void>(name: "test", limits: .init(threads: 8)) {}
        let arrived = Counter()
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await pool.run { _ in
                        // The eighth opens the gate: without eight threads nobody would come through.
                        if arrived.increment() == 8 { gate.open() } else { gate.wait() }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(arrived.increment() == 9)
        await pool.close()
    }

    @Test func `a resource that cannot be made is told at the start`() async {
        await #expect(throws: ExhaustError(.storageFailed, "no resource")) {
            _ = try await BlockingPool<Int>(name: "test", limits: .init(threads: 2)) {
                throw ExhaustError(.storageFailed, "no resource")
            }
        }
    }

    @Test func `more work than the limit is refused, and the rest is done`() async throws {
        let pool = try await BlockingPool<Void>(name: "test", limits: .init(threads: 1, waiting: 2)) {}
        let gate = Gate()
        let began = AsyncStream<Void>.makeStream()
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await pool.run { _ in
                    began.continuation.yield()
                    gate.wait()
                }
                return true
            }
            for await _ in began.stream { break }
            for _ in 0..<6 {
                group.addTask {
                    do {
                        try await pool.run { _ in }
                        return true
                    } catch let error as ExhaustError where error.code == .unavailable {
                        return false
                    }
                }
            }
            var refused = 0
            var done = 0
            while let outcome = try await group.next() {
                if outcome {
                    done += 1
                } else {
                    refused += 1
                    if refused == 4 { gate.open() }
                }
            }
            return (done, refused)
        }
        #expect(outcomes == (3, 4))
        await pool.close()
    }

    @Test func `work of a cancelled task is not begun`() async throws {
        let pool = try await BlockingPool<Void>(name: "test") {}
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await pool.run { _ in Issue.record("it ran") }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        await pool.close()
    }
}
