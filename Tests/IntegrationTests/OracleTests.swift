import Glibc
import Testing

/// The independent computation of Tests/Oracle against the program. Apart from the other tests of the program and beside
/// them, since the oracle takes a minute of one core.
@Suite(.timeLimit(.minutes(20))) struct Oracle {
    private static let folder = "\(Programs.project)/Tests/Oracle"
    /// Real learner data; not part of the project.
    private static let openUniversity =
        getenv("EXHAUST_OULAD").map { String(cString: $0) } ?? "\(Programs.project)/../shared/data/oulad"
    /// What the jobs that are replaced made of it, beside it.
    private static let upstreamOutput = "\(openUniversity)/../upstream-output"

    @Test(.needsPython) func `every special case of the reports is as the oracle computes it`() async throws {
        let outcome = try await Programs.run(
            "python3", ["\(Self.folder)/check_edge.py", "--exhaust", Programs.exhaust])
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        #expect(outcome.text.contains("58 files, 6 refusals; 0 faults"), "\(outcome.text)")
    }

    @Test(
        .needsPython,
        .enabled(
            if: Programs.requiresAll || access(openUniversity, R_OK) == 0,
            "the Open University data is not there; EXHAUST_OULAD names its folder"))
    func `every cell of every report on the Open University data is as the oracle computes it`() async throws {
        var words = ["--exhaust", Programs.exhaust, "--oulad", Self.openUniversity]
        if access(Self.upstreamOutput, R_OK) == 0 { words += ["--upstream-output", Self.upstreamOutput] }
        let outcome = try await Programs.run("python3", ["\(Self.folder)/check_oulad.py"] + words)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        #expect(outcome.text.contains("22 batches, 22,437 progress rows; "), "\(outcome.text)")
    }
}
