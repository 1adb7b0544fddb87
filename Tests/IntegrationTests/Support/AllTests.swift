import Testing

/// All tests of the real binary. One after the other: a test starts several programs that want both cores, and some of
/// them are about time.
@Suite(.serialized, .timeLimit(.minutes(10))) enum TheProgram {}
