import ReportModel
@testable import ReportService
@testable import ReportTesting
import Testing

@Suite struct LineBookTests {
    private let scene = JobScene.memory()
    private let tap = PortTap()
    private let book: LineBook

    init() {
        book = LineBook(jobs: TappedJobs(base: scene.store, tap: tap), clock: scene.clock)
    }

    private func place(_ id: String) async throws -> Int? { try await book.place(of: JobScene.row(id).key) }

    private var reads: Int { tap.count("jobs.waitingLine") }

    private func submit(_ numbers: ClosedRange<Int>) async throws {
        for number in numbers { try await scene.submitLater("A\(number)", "org-7") }
    }

    @Test func `many looks within a second read the line once`() async throws {
        try await submit(1...3)
        for (id, expected) in [("A1", 0), ("A2", 1), ("A3", 2), ("A1", 0)] {
            #expect(try await place(id) == expected)
        }
        #expect(reads == 1)
    }

    @Test func `after a second the line is read again`() async throws {
        try await submit(1...2)
        #expect(try await place("A2") == 1)
        _ = try await scene.leaseNext()
        #expect(try await place("A2") == 1)
        scene.clock.advance(seconds: 1)
        #expect(try await place("A2") == 0)
        #expect(try await place("A1") == nil)
    }

    @Test func `a clock that is set back keeps no old line`() async throws {
        try await submit(1...2)
        #expect(try await place("A2") == 1)
        _ = try await scene.leaseNext()
        scene.clock.advance(seconds: -60)
        #expect(try await place("A2") == 0)
    }

    @Test func `whoever joins a short line is told at once`() async throws {
        try await submit(1...1)
        #expect(try await place("A1") == 0)
        try await submit(2...2)
        #expect(try await place("A2") == 1)
    }

    @Test func `whoever joins a long line is told at the next look, and the line is not read for them`() async throws {
        try await submit(1...LineBook.shortLine + 1)
        #expect(try await place("A1") == 0)
        try await scene.submit("A500", channel: "org-7")
        let before = reads
        #expect(try await place("A500") == nil)
        #expect(reads == before)
        scene.clock.advance(seconds: 1)
        #expect(try await place("A500") == LineBook.shortLine + 1)
    }

    @Test func `what cannot be read is told, and read again by the next`() async throws {
        let failing = PortTap.at(1, .fail(ExhaustError(.unavailable, "the line")))
        let book = LineBook(jobs: TappedJobs(base: scene.store, tap: failing), clock: scene.clock)
        try await submit(1...1)
        await scene.expect(.unavailable) { _ = try await book.place(of: JobScene.row("A1").key) }
        #expect(try await book.place(of: JobScene.row("A1").key) == 0)
    }
}
