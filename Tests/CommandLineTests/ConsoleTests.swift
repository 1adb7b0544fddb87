import Glibc
import ReportModel
import ReportPorts
import Testing

@testable import exhaust

@Suite struct ConsoleTests {
    @Test func `without a terminal there is no status line`() throws {
        let recorded = try RecordedConsole(columns: 0)
        recorded.console.setStatus("working")
        recorded.console.note("done")
        #expect(recorded.noted() == "done\n")
        #expect(!recorded.console.isInteractive)
        #expect(recorded.console.textColumns == 80)
    }

    @Test func `on a terminal the status line stays below what is written, and fits`() throws {
        let recorded = try RecordedConsole(columns: 10)
        recorded.console.setStatus("0123456789ABC")
        #expect(recorded.noted() == "012345678")
        recorded.console.note("a line")
        #expect(recorded.noted() == "\r\u{1B}[Ka line\n012345678")
        try recorded.console.print("result\n")
        #expect(recorded.printed() == "result\n")
        #expect(recorded.noted() == "\r\u{1B}[K012345678")
        recorded.console.setStatus(nil)
        #expect(recorded.noted() == "\r\u{1B}[K")
        recorded.console.note("b")
        #expect(recorded.noted() == "b\n")
    }

    @Test func `control characters do not reach the terminal`() throws {
        let recorded = try RecordedConsole(columns: 80)
        recorded.console.note("a\u{1B}[2Jb\rc\u{9B}d\te")
        #expect(recorded.noted() == "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d\te\n")
    }

    @Test func `a full disk is told and a reader that went away is not`() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let error = try #require(throws: ExhaustError.self) {
            try Console(output: full, errors: full) { 0 }.print("x")
        }
        #expect(error.code == .storageFailed && error.message.hasPrefix("standard output: cannot write to it: "))

        // What the program does at its start; without it the write would end the process.
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let console = Console(output: ends[1], errors: ends[1]) { 0 }
        #expect(throws: Console.ReaderGone.self) { try console.print("x") }
    }

    private struct Noon: ServiceClock {
        func now() -> Timestamp { Timestamp(milliseconds: 1_706_700_000_123) }
        func sleep(seconds: Double) async throws {}
    }

    @Test func `log lines for machines are JSON`() throws {
        let recorded = try RecordedConsole()
        let log = ConsoleLog(console: recorded.console, minimum: .info, format: .json, clock: Noon())
        log.log(.info, "request-leased", [("request", .string("A\nB")), ("count", .integer(3))])
        log.log(.debug, "left-out", [])
        let line = recorded.noted()
        #expect(
            line == #"{"time":"2024-01-31T11:20:00.123Z","level":"info","event":"request-leased","#
                + #""request":"A\nB","count":3}"# + "\n")
    }

    @Test func `log lines for people cannot be forged by values`() throws {
        let recorded = try RecordedConsole(columns: 80)
        let log = ConsoleLog(console: recorded.console, minimum: .warning, format: .text, clock: Noon())
        log.log(.info, "left-out", [])
        log.log(
            .warning, "run-failed",
            [
                ("request", .string("A1")), ("message", .string("two words")), ("path", .string("a=b\n2024 error x")),
                ("empty", .string("")), ("retry", .bool(true)),
            ])
        #expect(
            recorded.noted() == "2024-01-31T11:20:00.123Z warning run-failed request=A1 message=\"two words\" "
                + #"path="a=b\n2024 error x" empty="" retry=true"# + "\n")
    }
}
