import ReportModel
import ReportRows
import Settings

/// `exhaust help [COMMAND | settings]`
enum HelpCommand {
    private static let topic = Parameter.positional("TOPIC", isRequired: false, "A command, or `settings`.")

    static let command: Command = Command(
        "help", summary: "Explains a command, or all settings.", parameters: [topic]
    ) { arguments, console in
        let topic = arguments.value(topic) ?? "help"
        if topic == "settings" {
            let reports = ReportRegistry.standard.reports.map(\.id)
            try console.print(Settings.help(reports: reports, columns: console.textColumns))
        } else {
            try console.print(ExhaustProgram.tool.help(of: topic, columns: console.textColumns))
        }
        return .success
    }
}

/// `exhaust version`
enum VersionCommand {
    static let command = Command("version", summary: "Tells the version of this program.") { _, console in
        try console.print("exhaust \(ProductVersion.current)\n")
        return .success
    }
}
