import HTTPMessages
import ReportModel
import ReportPorts
import ServiceTesting
import Testing

@testable import S3Files

@Suite(.enabled(if: TestService.rclone.isToBeTested, "\(TestService.rclone.reason)")) struct FolderSourceTests {
    @Test func `folders that others wrote are listed and read in pieces`() async throws {
        let scene = try await TestBucket(.rclone)
        let prefix = scene.store.keys.prefix
        let bytes = Array("0123456789".utf8)
        for name in ["a/2024-01-1.csv", "a/other", "a/deeper/file", "b/x"] {
            _ = try await scene.store.bucket.send(
                .init(method: .put, key: prefix + name, body: bytes, subject: "object"))
        }
        let source = S3FolderSource(scene.store)
        #expect(try await source.names(in: prefix + "a") == ["2024-01-1.csv", "other"])
        #expect(try await source.names(in: prefix + "nothing").isEmpty)
        let file = try await source.open(prefix + "a/other")
        #expect(file.size == 10)
        #expect(try await file.read(at: 0, count: 4) == Array(bytes[..<4]))
        #expect(try await file.read(at: 8, count: 100) == Array(bytes[8...]))
        #expect(try await file.read(at: 10, count: 1).isEmpty)
        let error = await #expect(throws: ExhaustError.self) { _ = try await source.open(prefix + "a/missing") }
        #expect(error?.code == .notFound)
    }
}
