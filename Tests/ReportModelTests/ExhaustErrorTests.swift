import ReportModel
import Testing

@Suite struct ExhaustErrorTests {
    @Test func `says what, why and what to do in one line`() {
        let error = ExhaustError(.notFound, "batch b1: unknown", remedy: "Check the id.")
        #expect(error.description == "batch b1: unknown. Check the id.")
        #expect(ExhaustError(.notFound, "batch b1: unknown").description == "batch b1: unknown")
    }

    @Test(arguments: [
        (ExhaustError.Code.unavailable, true), (.storageFailed, true), (.invalidInput, false), (.dataDamaged, false),
        (.cancelled, false),
    ])
    func `only what time can mend is retried`(code: ExhaustError.Code, canPass: Bool) {
        #expect(ExhaustError(code, "x").canPass == canPass)
    }

    @Test func `names who can mend it`() {
        #expect(ExhaustError(.invalidInput, "x").mender == .requester)
        #expect(ExhaustError(.dataDamaged, "x").mender == .data)
        #expect(ExhaustError(.storageFailed, "x").mender == .operator)
    }
}
