import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

@testable import SunbirdServices

@Suite struct NameSearchTests {
    /// A catalogue that knows batches and no names, with the search beside it: as of a deployment's Cassandra.
    private struct Batches: CatalogueSource {
        let tables: ImportTables
        private var all: MemoryCatalogue { MemoryCatalogue(tables) }

        func batches(ids: [String]) async throws -> [BatchRecord] { try await all.batches(ids: ids) }
        func batches(ofCollections ids: [String]) async throws -> [BatchRecord] {
            try await all.batches(ofCollections: ids)
        }
        func collections(ids: [String]) async throws -> [CollectionRecord] { [] }
        func search(_ body: JSONValue) async throws -> [CollectionRecord] { [] }
        func tree(of collection: String) async throws -> CollectionTree? { nil }
        func titles(of contents: [String]) async throws -> [String: String] { [:] }
        func optionalNodes(of collection: String) async throws -> Set<String> { [] }
        func custodianOrganisation() async throws -> String? { nil }
    }

    private static func tables(courses: Int) -> ImportTables {
        var tables = ImportTables()
        func add(_ id: String, _ name: String, _ more: [String: String] = [:]) {
            let row = [
                "identifier": id, "name": name, "channel": "c", "status": "Live",
                "mimeType": ContentSearchService.collectionType,
            ]
            tables.add(row.merging(more) { $1 }, to: "content")
        }
        for number in 0..<courses { add("do_\(number)", "Physics \(number)") }
        add("do_light", "Light and physics")
        add("do_none", "Physics without a batch")
        add("do_told", "Mathematics", ["description": "not physics"])
        add("do_video", "Physics film", ["mimeType": "video/mp4"])
        add("do_draft", "Physics draft", ["status": "Draft"])
        for id in (0..<courses).map({ "do_\($0)" }) + ["do_light", "do_told", "do_video", "do_draft"] {
            tables.add(
                ["courseid": id, "batchid": "b-\(id)", "createdby": id == "do_light" ? "u" : "v"], to: "course_batch")
        }
        return tables
    }

    @Test func `collections with a batch are found by their names, those that begin so first`() async throws {
        let tables = Self.tables(courses: 3)
        let server = try await PlatformServer(tables)
        defer { server.server.end() }
        let catalogue = ComposedCatalogue.make(Batches(tables: tables), contents: try server.search, optional: nil)
        let finding = try #require(catalogue as? any CollectionFinding)
        func found(_ query: CollectionQuery) async throws -> [String] {
            try await finding.collections(query).map(\.identifier)
        }
        #expect(try await found(CollectionQuery("PHYSICS")) == ["do_0", "do_1", "do_2", "do_light"])
        #expect(try await found(CollectionQuery("physics light")) == ["do_light"])
        #expect(try await found(CollectionQuery("", member: "u")) == ["do_light"])
        #expect(try await found(CollectionQuery("physics", limit: 2)) == ["do_0", "do_1"])
        #expect(try await found(CollectionQuery("chemistry")).isEmpty)
        #expect(!(catalogue is any CatalogueBrowsing))
    }

    @Test func `hits without a batch are passed over, page after page, up to a limit`() async throws {
        let tables = Self.tables(courses: 250)
        let server = try await PlatformServer(tables)
        defer { server.server.end() }
        let some = Batches(
            tables: { () -> ImportTables in
                var some = ImportTables()
                some.add(["courseid": "do_199", "batchid": "b"], to: "course_batch")
                return some
            }())
        let finding = try #require(
            ComposedCatalogue.make(some, contents: try server.search, optional: nil) as? any CollectionFinding)
        #expect(try await finding.collections(CollectionQuery("physics")).map(\.identifier) == ["do_199"])
        #expect(server.server.requests.count == 3)
    }
}
