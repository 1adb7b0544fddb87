import Glibc
import ReportModel

/// The program: its commands, and the options that all of them take.
enum ExhaustProgram {
    static let tool: CommandTool = CommandTool(
        commands: [
            ImportCommand.command, CopyCommand.command, ServeCommand.command, HealthCommand.command,
            SubmitCommand.command,
            WorkCommand.command, StatusCommand.command,
            ListCommand.command, CancelCommand.command, AdoptCommand.command, RunCommand.command, OpenCommand.command,
            SampleCommand.command, DemoCommand.command, TokenCommand.command, AuditCommand.command,
            BenchCommand.command, DoctorCommand.command,
            MigrateCommand.command, ExpireCommand.command, BackupCommand.command, RestoreCommand.command,
            IdleCommand.command, HelpCommand.command, VersionCommand.command,
        ], common: CommonOptions.all, version: ProductVersion.current)

    /// Runs what the words after the program's name say, and answers with the exit status.
    static func run(_ words: [String]) async -> Int32 {
        await tool.execute(words, on: .standard(environment: environment)).rawValue
    }

    /// The environment of this process.
    static let environment: [String: String] = {
        var variables: [String: String] = [:]
        var entry = environ
        while let line = entry.pointee {
            let parts = String(cString: line).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }()
}
