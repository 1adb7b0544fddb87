import DiskFiles
import ReportPorts
import ReportTesting
import Testing

@Suite struct DiskConformanceTests {
    @Test(arguments: FileStoreConformance.checks)
    func `a folder keeps every promise of a file store`(check: ConformanceCheck<FileStoreConformance.Store>)
        async throws
    {
        let folder = try TemporaryFolder()
        try await check.run(on: DiskFileStore.open(folder: folder.file("data/files")))
    }

    @Test(arguments: PartStoreConformance.checks)
    func `a folder keeps every promise of a part store`(check: ConformanceCheck<any PartStore>) async throws {
        let folder = try TemporaryFolder()
        try await check.run(on: DiskPartStore.open(folder: folder.file("data/parts")))
    }

    @Test(arguments: FileStoreConformance.checks)
    func `the store in memory keeps every promise of a file store`(
        check: ConformanceCheck<FileStoreConformance.Store>
    ) async throws {
        try await check.run(on: MemoryFileStore(clock: ManualClock()))
    }

    @Test(arguments: PartStoreConformance.checks)
    func `the store in memory keeps every promise of a part store`(
        check: ConformanceCheck<any PartStore>
    ) async throws {
        try await check.run(on: MemoryPartStore())
    }
}
