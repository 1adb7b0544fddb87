import Glibc

// Callbacks of C libraries must not be written here: they would inherit the main actor.
StopSignals.catchAll()
exit(await ExhaustProgram.run(Array(CommandLine.arguments.dropFirst())))
