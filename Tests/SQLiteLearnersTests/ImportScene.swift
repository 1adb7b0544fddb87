import ReportModel
import ReportPorts
import ReportTesting
@testable import SQLiteLearners

/// A folder of import files with a store beside them.
struct ImportScene {
    let folder: TemporaryFolder
    let files: TemporaryFolder
    static let batch = BatchKey(collection: "c1", batch: "b1")

    init() throws {
        folder = try TemporaryFolder()
        files = try TemporaryFolder()
    }

    var store: String { folder.store }

    @discardableResult
    func importFiles(limits: ImportLimits = ImportLimits(), at time: Int64 = 1) async throws -> ImportReport {
        try await Importer(folder: files.path, store: store, limits: limits).run(now: Timestamp(milliseconds: time))
    }

    /// Imports one table and answers the error, if it is one of ours.
    func failure(table: String = "user", _ text: String) async throws -> ExhaustError? {
        try files.write(text, to: "\(table).jsonl")
        return await ReportTesting.failure { try await importFiles() }
    }

    func open() async throws -> LearnerSources {
        try await SQLiteLearnerStore(path: store).open(for: [Self.batch], needs: LearnerNeeds())
    }

    /// First names by user id, of these users.
    func firstNames(_ ids: [String], in sources: LearnerSources) async throws -> [String?] {
        var arena = ByteArena()
        let slices = ids.map { arena.append($0) }
        let keys = LearnerKeys(arena: arena, ids: slices, range: .everybody)
        let page = try await sources.profiles.profiles(of: keys, fields: [.firstname])
        return ids.indices.map { page.value($0, 0).isAbsent ? nil : page.arena.text(page.value($0, 0)) }
    }

    func firstNames(_ ids: [String]) async throws -> [String?] {
        let sources = try await open()
        let names = try await firstNames(ids, in: sources)
        await sources.close()
        return names
    }
}
