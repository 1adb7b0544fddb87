/// `exhaust idle`
enum IdleCommand {
    /// How long one sleep is, in seconds; a stop signal ends it at once.
    private static let sleepSeconds = 3600.0

    static let command = Command(
        "idle", summary: "Does nothing until it is told to stop.",
        details: """
            For a container in which commands are run by hand: the image has no shell that could wait. Touches neither \
            settings nor stores, so that it also runs where those are broken. Ctrl-C or SIGTERM ends it.
            """
    ) { _, console in
        do {
            try await StopSignals.cancelling {
                console.note("idle until it is told to stop")
                while true { try await SystemClock().sleep(seconds: sleepSeconds) }
            }
        } catch is CancellationError {
            // That was the word to stop.
        }
        return .success
    }
}
