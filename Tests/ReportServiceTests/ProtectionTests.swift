@testable import ReportService
import ReportModel
import ReportRows
import Testing

@Suite struct ProtectionTests {
    private func rule(
        _ level: SecurityLevel, isPersonal: Bool = false, hasPassword: Bool, requiresKey: Bool = false
    ) throws -> Protection {
        try Protection.rule(
            level: level, report: AnyReport(isPersonal: isPersonal), hasPassword: hasPassword, requiresKey: requiresKey)
    }

    @Test func `a progress request without a key gives an open file that says so`() throws {
        #expect(try rule(.password, hasPassword: false).isUnexpectedlyOpen)
        #expect(try !rule(.password, hasPassword: true).isUnexpectedlyOpen)
        #expect(try !rule(.plain, hasPassword: false).isUnexpectedlyOpen)
    }

    @Test func `no key is refused where one is required`() {
        #expect(throws: ExhaustError.self) { try rule(.password, hasPassword: false, requiresKey: true) }
        #expect(throws: ExhaustError.self) { try rule(.password, isPersonal: true, hasPassword: false) }
        #expect(throws: ExhaustError.self) { try rule(.textKey, hasPassword: false) }
    }

    @Test func `contact details are never put into an open file`() {
        #expect(throws: ExhaustError.self) { try rule(.plain, isPersonal: true, hasPassword: true) }
    }

    @Test func `a public key needs no password`() throws {
        #expect(try rule(.publicKey, isPersonal: true, hasPassword: false).level == .publicKey)
    }
}

/// A report of which only the protection matters.
private struct AnyReport: ReportDefinition {
    var isPersonal: Bool
    let id = "any"
    let aliases: [String] = []
    let title = "Any"
    let summary = ""
    let path = "any/"
    let fileKey = "any"
    let layouts: [ReportLayout] = [.documented]

    func needs(in context: ReportContext) -> LearnerNeeds { LearnerNeeds() }
    func columns(in context: ReportContext) throws -> [ColumnDescription] { [] }
    func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)? { nil }
    func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker {
        throw ExhaustError(.internalFault, "any: it makes no rows")
    }
}
