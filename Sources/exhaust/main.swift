import CLinux
import Glibc

// Callbacks of C libraries must not be written here: they would inherit the main actor.
MemoryHabits.adopt()
StopSignals.catchAll()
// Pieces of parts and of uploads are that large, and should take memory only while they are worked on.
_ = clinux_return_freed(1 << 20)
exit(await ExhaustProgram.run(Array(CommandLine.arguments.dropFirst())))
