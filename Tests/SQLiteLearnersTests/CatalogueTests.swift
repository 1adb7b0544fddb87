import ReportModel
import ReportPorts
import ReportTesting
import SQLiteLearners
import Testing

@Suite struct CatalogueTests {
    let scene: ImportScene
    init() throws { scene = try ImportScene() }

    private func catalogue() async throws -> SQLiteCatalogue {
        try scene.files.write(
            #"""
            {"identifier":"a","name":"A","status":"Live","leafNodesCount":3,"createdOn":"2020-01-01","board":["CBSE","ICSE"]}
            {"identifier":"b","name":"B","status":"Live","leafNodesCount":12,"createdOn":"2021-06-30","board":"CBSE"}
            {"identifier":"c","name":"Cobra","status":"Live","leafNodesCount":"7","isPaid":true}
            {"identifier":"d","name":"D","status":"Draft","leafNodesCount":5}
            """#, to: "content.jsonl")
        try await scene.importFiles()
        return SQLiteCatalogue(path: scene.store)
    }

    private func search(_ request: String) async throws -> [String] {
        try await catalogue().search(JSONValue(parsing: #"{"request":"# + request + "}")).map(\.identifier)
    }

    @Test(arguments: [
        (#"{"leafNodesCount":{"min":4,"max":12}}"#, ["b", "c"]), (#"{"leafNodesCount":{">":3}}"#, ["b", "c"]),
        (#"{"leafNodesCount":{">=":3,"<":12}}"#, ["a", "c"]), (#"{"leafNodesCount":3}"#, ["a"]),
        (#"{"leafNodesCount":[3.0,"7"]}"#, ["a", "c"]), (#"{"createdOn":{">=":"2021-01-01"}}"#, ["b"]),
        (#"{"board":"CBSE"}"#, ["a", "b"]), (#"{"board":{"!=":"ICSE"}}"#, ["b"]), (#"{"board":["ICSE","x"]}"#, ["a"]),
        (#"{"name":{"startsWith":"Co"}}"#, ["c"]), (#"{"name":{"endsWith":"bra"}}"#, ["c"]),
        (#"{"name":{"contains":"obr"}}"#, ["c"]), (#"{"isPaid":true}"#, ["c"]), (#"{"isPaid":false}"#, []),
        (#"{"status":"Draft"}"#, ["d"]), (#"{"status":["Live","Draft"]}"#, ["a", "b", "c", "d"]),
        (#"{"status":null}"#, ["a", "b", "c", "d"]), (#"{"identifier":["b","a","d"]}"#, ["a", "b"]),
        (#"{"nosuch":{"!=":"x"}}"#, []), (#"{"nosuch":{"min":0}}"#, []), ("{}", ["a", "b", "c"]),
    ])
    func `a filter finds what the search service would`(filters: String, hits: [String]) async throws {
        #expect(try await search(#"{"filters":"# + filters + "}") == hits)
    }

    @Test(arguments: [
        (#"{"filters":{},"sort_by":{"name":"desc"}}"#, ["c", "b", "a"]),
        (#"{"filters":{},"sort_by":{"createdOn":"asc"}}"#, ["c", "a", "b"]),
        (#"{"filters":{},"limit":1}"#, ["a", "b", "c"]), (#"{"filters":{},"offset":2}"#, ["c"]),
        (#"{"filters":{},"exists":["createdOn"]}"#, ["a", "b"]), (#"{"filters":{},"not_exists":["createdOn"]}"#, ["c"]),
        (#"{"filters":{},"query":""}"#, ["a", "b", "c"]),
    ])
    func `hits are sorted and cut only at the front, whatever page size is asked for`(
        request: String, hits: [String]
    ) async throws {
        #expect(try await search(request) == hits)
    }

    @Test(arguments: [
        #"{"query":"algebra","filters":{}}"#, #"{"filters":{"name":{"sounds like":"A"}}}"#, #"{"filters":[]}"#, "{}",
    ])
    func `a search that the embedded store cannot answer is refused`(request: String) async throws {
        let catalogue = try await catalogue()
        let body = try JSONValue(parsing: #"{"request":"# + request + "}")
        #expect(await failure { _ = try await catalogue.search(body) }?.code == .invalidInput)
    }

    // MARK: Keys

    private func publicKey(_ place: String) async throws -> [UInt8]? {
        let row = JSONValue.members(
            ("id", .string("o")), ("keys", .members(("exhaustEncryptionKey", .array([.string(place)])))))
        try scene.files.write(row.compactText, to: "organisation.jsonl")
        try await scene.importFiles()
        return try await SQLiteCatalogue(path: scene.store).publicKey(of: "o")
    }

    @Test func `a public key is read from text, from an address of a file and from a path`() async throws {
        let pem = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"
        try scene.folder.write(pem, to: "org.pem")
        for place in [pem, "file://" + scene.folder.file("org.pem"), scene.folder.file("org.pem"), "org.pem"] {
            #expect(try await publicKey(place) == Array(pem.utf8), "\(place)")
        }
    }

    @Test func `a key that cannot be had is an error, not the absence of a key`() async throws {
        try scene.folder.write("root:secret-content", to: "passwords")
        for (place, code) in [
            ("https://keys.example.org/o.pem", ExhaustError.Code.refused), ("nosuch.pem", .storageFailed),
            ("passwords", .dataDamaged), ("MIIBIjANBgkq", .storageFailed),
        ] {
            let error = await failure { _ = try await publicKey(place) }
            #expect(error?.code == code, "\(place): \(String(describing: error))")
            #expect(error?.description.contains("secret-content") == false)
        }
        #expect(try await publicKey("") == nil)
    }
}

extension CatalogueTests {
    @Test func `consumers with status 1 act for their channels, and no others`() async throws {
        let catalogue = SQLiteCatalogue(path: scene.store)
        #expect(try await catalogue.allowedConsumers().isEmpty)
        try scene.files.write(
            #"""
            {"consumer_id":"c1","channel":"org-1","status":1,"created_by":"team"}
            {"consumer_id":"c1","channel":"org-2","status":0}
            {"consumer_id":"c2","channel":"org-1","status":2}
            {"consumer_id":"c3","channel":"org-1"}
            """#, to: "consumer_channel.jsonl")
        try await scene.importFiles()
        #expect(try await catalogue.allowedConsumers() == [ConsumerChannel(consumer: "c1", channel: "org-1")])
        try scene.files.write(#"{"consumer_id":"c1","channel":"org-1","status":0}"#, to: "consumer_channel.jsonl")
        try await scene.importFiles(at: 2)
        #expect(try await catalogue.allowedConsumers().isEmpty)
    }
}
