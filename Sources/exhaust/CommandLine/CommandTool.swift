import ReportModel
import Settings

/// How the program ends.
enum CommandStatus: Int32, Sendable {
    case success = 0
    /// What was asked for did not work.
    case failure = 1
    /// The command line cannot be understood.
    case usage = 2
    /// A signal stopped it, as shells report an interrupt.
    case stopped = 130
}

/// The program's commands: finds the one that is meant, runs it, and tells what went wrong.
struct CommandTool: Sendable {
    /// The commands, with the common options added.
    let commands: [Command]
    private let common: [Parameter]
    private let version: String

    /// A program of these commands; `common` options are taken by all of them.
    init(commands: [Command], common: [Parameter], version: String) {
        self.commands = commands.map { $0.taking(common) }
        self.common = common
        self.version = version
    }

    /// Runs what the words after the program's name say. Errors go to the console.
    func execute(_ words: [String], on console: Console) async -> CommandStatus {
        do {
            guard let name = words.first else {
                console.note(CommandHelp.overview(of: commands, columns: console.textColumns))
                return .usage
            }
            if name == "--help" || name == "-h" || (name == "help" && words.count == 1) {
                try console.print(CommandHelp.overview(of: commands, columns: console.textColumns))
                return .success
            }
            if name == "--version" {
                try console.print("exhaust \(version)\n")
                return .success
            }
            return try await run(try command(named: name), Array(words.dropFirst()), console)
        } catch {
            return Self.report(error, on: console)
        }
    }

    /// The help of a command, for `exhaust help COMMAND`.
    func help(of name: String, columns: Int) throws(UsageError) -> String {
        CommandHelp.help(of: try command(named: name), common: common, columns: columns)
    }

    private func run(_ command: Command, _ words: [String], _ console: Console) async throws -> CommandStatus {
        guard let arguments = try command.parse(words) else {
            try console.print(CommandHelp.help(of: command, common: common, columns: console.textColumns))
            return .success
        }
        return try await command.run(arguments, console)
    }

    private func command(named name: String) throws(UsageError) -> Command {
        if let command = commands.first(where: { $0.name == name }) { return command }
        if name.hasPrefix("-") {
            throw UsageError("\(name): the command comes first", remedy: "Write `exhaust COMMAND \(name) …`.")
        }
        let question = Suggestion.question(for: name, among: commands.map(\.name))
        throw UsageError(
            "\(name): there is no such command", remedy: question.isEmpty ? "`exhaust --help` lists all." : question)
    }

    /// Tells of an error as `exhaust: what: why. what to do.`, and says how the program ends.
    static func report(_ error: any Error, on console: Console) -> CommandStatus {
        switch error {
        case let error as UsageError:
            console.note(line(error.message, error.remedy))
            return .usage
        case let error as ExhaustError:
            console.note(line(error.message, error.remedy))
            return error.code == .cancelled ? .stopped : .failure
        case is CancellationError:
            console.note("exhaust: stopped.")
            return .stopped
        case is Console.ReaderGone: return .failure
        default:
            console.note(line("internal fault: \(error)", "Please report it with what you did."))
            return .failure
        }
    }

    private static func line(_ message: String, _ remedy: String) -> String {
        "exhaust: \(message)" + (message.hasSuffix(".") ? "" : ".") + (remedy.isEmpty ? "" : " \(remedy)")
    }
}
