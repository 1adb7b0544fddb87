import ReportModel
import ReportPorts
import ReportTesting
import Testing

@testable import SunbirdServices

@Suite struct PlatformConformanceTests {
    @Test(arguments: LearnerConformance.catalogue)
    func `a catalogue whose contents come from the search service keeps every promise`(
        check: ConformanceCheck<LearnerScene>
    ) async throws {
        try await check.run(on: scene())
    }

    @Test(arguments: LearnerConformance.policies)
    func `policies from the platform's services keep every promise`(check: ConformanceCheck<LearnerScene>) async throws
    {
        try await check.run(on: scene())
    }

    private func scene() async throws -> LearnerScene {
        let tables = try LearnerScene.tables()
        let server = try await PlatformServer(tables)
        // Without contents of its own, so that every answer about them is the service's.
        var others = ImportTables()
        for (table, rows) in tables.rows where !["content", "organisation", "tenant_preference"].contains(table) {
            for row in rows { others.add(row, to: table) }
        }
        let memory = MemoryCatalogue(others)
        return LearnerScene(
            store: MemoryLearners(others),
            catalogue: ComposedCatalogue(memory, contents: try server.search, optional: nil),
            policies: try PlatformPolicies(memory, options: server.options, client: server.client))
    }
}
