/// Does `count` pieces of work, at most `width` at a time, and hands on the results in order.
///
/// Work does not run more than `2 * width` ahead of what was handed on, so few results wait.
func forEachInOrder<Value: Sendable>(
    count: Int, width: Int, work: @escaping @Sendable (Int) async throws -> Value,
    consume: (Int, Value) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        var started = 0
        var consumed = 0
        var running = 0
        var waiting: [Int: Value] = [:]
        while consumed < count {
            while started < count, running < width, started < consumed + 2 * width {
                let index = started
                group.addTask { (index, try await work(index)) }
                started += 1
                running += 1
            }
            guard let (index, value) = try await group.next() else { break }
            running -= 1
            waiting[index] = value
            while let value = waiting.removeValue(forKey: consumed) {
                try await consume(consumed, value)
                consumed += 1
            }
        }
    }
}
