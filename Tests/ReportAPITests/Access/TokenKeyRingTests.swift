import ReportAPI
import ReportModel
import ReportTesting
import SecureArchive
import Synchronization
import Testing
import WebTokens

@Suite struct TokenKeyRingTests {
    @Test func `everybody who needs the new key waits for the one who reads it`() async throws {
        let key = try SigningKey(generating: .es256).verificationKey()
        let reading = ReadingGate()
        let clock = ManualClock()
        let ring = TokenKeyRing(clock: clock, log: MemoryLog()) { [reading] in
            let name = await reading.next()
            return [TokenKey(name: name, key: key)]
        }
        await reading.give("k1")
        #expect(try await ring.keys(for: "k1").map(\.name) == ["k1"])
        clock.advance(seconds: 60)
        async let first = ring.keys(for: "k2")
        await reading.whenAsked(2)
        async let second = ring.keys(for: "k2")
        async let third = ring.keys(for: "k2")
        // Who needs the old key does not wait.
        #expect(try await ring.keys(for: "k1").map(\.name) == ["k1"])
        await reading.give("k2")
        for keys in try await [first, second, third] { #expect(keys.map(\.name) == ["k2"]) }
        #expect(await reading.asked == 2)
    }
}

/// Gives names when a test says so.
private actor ReadingGate {
    private(set) var asked = 0
    private var names: [String] = []
    private var waiting: [CheckedContinuation<String, Never>] = []
    private var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    func next() async -> String {
        asked += 1
        for watcher in watchers where watcher.count <= asked { watcher.continuation.resume() }
        watchers.removeAll { $0.count <= asked }
        if !names.isEmpty { return names.removeFirst() }
        return await withCheckedContinuation { waiting.append($0) }
    }

    func give(_ name: String) {
        if waiting.isEmpty { names.append(name) } else { waiting.removeFirst().resume(returning: name) }
    }

    func whenAsked(_ count: Int) async {
        if asked >= count { return }
        await withCheckedContinuation { watchers.append((count, $0)) }
    }
}
