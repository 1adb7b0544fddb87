import ReportModel
import ReportTesting
import SQLiteLearners
import Testing

@Suite struct LearnerPortsTests {
    /// The scene in a store of its own.
    private func scene(in folder: TemporaryFolder, limits: ImportLimits = ImportLimits()) async throws -> LearnerScene {
        try LearnerScene.tables().write(to: folder.path)
        _ = try await Importer(folder: folder.path, store: folder.store, limits: limits)
            .run(now: Timestamp(milliseconds: 1))
        let catalogue = SQLiteCatalogue(path: folder.store)
        return LearnerScene(store: SQLiteLearnerStore(path: folder.store), catalogue: catalogue, policies: catalogue)
    }

    @Test(arguments: LearnerConformance.checks)
    func `the embedded store keeps the promises of the ports`(check: ConformanceCheck<LearnerScene>) async throws {
        let folder = try TemporaryFolder()
        try await check.run(on: scene(in: folder))
    }

    @Test(arguments: LearnerConformance.checks)
    func `it keeps them when rows are written a few at a time`(check: ConformanceCheck<LearnerScene>) async throws {
        let folder = try TemporaryFolder()
        try await check.run(on: scene(in: folder, limits: ImportLimits(readBytes: 4_096, chunkBytes: 300)))
    }

    @Test(arguments: LearnerConformance.checks)
    func `the sources in memory keep them too`(check: ConformanceCheck<LearnerScene>) async throws {
        try await check.run(on: .memory())
    }
}
