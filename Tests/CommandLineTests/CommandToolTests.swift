import ReportModel
import Testing

@testable import exhaust

@Suite struct CommandToolTests {
    private struct Broken: Error {}

    private func tool(_ run: @escaping @Sendable (Arguments, Console) async throws -> CommandStatus) -> CommandTool {
        let folder = Parameter.option("data", "DIR", "Folder.")
        return CommandTool(
            commands: [
                Command("status", summary: "Tells of a request.", parameters: [.positional("ID", "Which.")], run: run),
                Command("list", summary: "Lists requests.", run: run),
            ], common: [folder], version: "1.2.3")
    }

    @Test func `a command runs with what it was given`() async throws {
        let recorded = try RecordedConsole()
        let status = await tool { arguments, console in
            let folder = arguments.value(.option("data", "DIR", "Folder.")) ?? ""
            try console.print("in \(folder)\n")
            return .failure
        }.execute(["list", "--data", "d"], on: recorded.console)
        #expect(status == .failure)
        #expect(recorded.printed() == "in d\n")
        #expect(recorded.noted() == "")
    }

    @Test(arguments: [["--help"], ["-h"], ["help"]])
    func `the overview lists all commands`(words: [String]) async throws {
        let recorded = try RecordedConsole()
        #expect(await tool { _, _ in .failure }.execute(words, on: recorded.console) == .success)
        let text = recorded.printed()
        #expect(text.contains("  status  Tells of a request.\n  list    Lists requests.\n"))
    }

    @Test func `without a command the overview goes to standard error`() async throws {
        let recorded = try RecordedConsole()
        #expect(await tool { _, _ in .success }.execute([], on: recorded.console) == .usage)
        #expect(recorded.printed() == "")
        #expect(recorded.noted().hasPrefix("Usage: exhaust COMMAND"))
    }

    @Test func `version and the help of a command go to standard output`() async throws {
        let recorded = try RecordedConsole()
        let tool = tool { _, _ in .failure }
        #expect(await tool.execute(["--version"], on: recorded.console) == .success)
        #expect(recorded.printed() == "exhaust 1.2.3\n")
        #expect(await tool.execute(["status", "--help"], on: recorded.console) == .success)
        let text = recorded.printed()
        #expect(text.hasPrefix("Usage: exhaust status ID\n\nTells of a request.\n"))
        #expect(try tool.help(of: "status", columns: 80) == text)
    }

    @Test(arguments: [
        (["stauts", "x"], "exhaust: stauts: there is no such command. Did you mean status?\n"),
        (["zzz"], "exhaust: zzz: there is no such command. `exhaust --help` lists all.\n"),
        (["--data", "d"], "exhaust: --data: the command comes first. Write `exhaust COMMAND --data …`.\n"),
        (["status"], "exhaust: ID: it is missing from `exhaust status`. See `exhaust status --help`.\n"),
    ])
    func `a line that cannot be understood ends with status 2`(words: [String], message: String) async throws {
        let recorded = try RecordedConsole()
        #expect(await tool { _, _ in .success }.execute(words, on: recorded.console) == .usage)
        #expect(recorded.noted() == message)
    }

    @Test(arguments: [
        (
            ExhaustError(.notFound, "batch b1: unknown", remedy: "Check the id.") as any Error, CommandStatus.failure,
            "exhaust: batch b1: unknown. Check the id.\n"
        ),
        (ExhaustError(.notFound, "batch b1: unknown."), .failure, "exhaust: batch b1: unknown.\n"),
        (ExhaustError(.cancelled, "run: called off"), .stopped, "exhaust: run: called off.\n"),
        (UsageError("--x: bad", remedy: "Mend it."), .usage, "exhaust: --x: bad. Mend it.\n"),
        (CancellationError(), .stopped, "exhaust: stopped.\n"),
        (Console.ReaderGone(), .failure, ""),
        (Broken(), .failure, "exhaust: internal fault: Broken(). Please report it with what you did.\n"),
    ])
    func `what went wrong is told in one line`(error: any Error, status: CommandStatus, message: String) async throws {
        let recorded = try RecordedConsole()
        #expect(await tool { _, _ in throw error }.execute(["list"], on: recorded.console) == status)
        #expect(recorded.noted() == message)
    }
}
