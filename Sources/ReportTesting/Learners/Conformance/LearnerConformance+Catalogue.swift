import ReportModel
import ReportPorts
import Testing

extension LearnerConformance {
    private static func search(_ scene: LearnerScene, _ filters: String) async throws -> [String] {
        let body = try JSONValue(parsing: #"{"request":{"filters":"# + filters + "}}")
        return try await scene.catalogue.search(body).map(\.identifier).sorted()
    }

    /// The promises of a catalogue.
    public static let catalogue: [ConformanceCheck<LearnerScene>] = [
        .init("a batch id finds the batches of all collections that have it; unknown ids are passed over") { scene in
            let found = try await scene.catalogue.batches(ids: ["b1", "b9", "b1"])
            #expect(found.map(\.key.collection).sorted() == ["do_a", "do_b"])
            let first = try #require(found.first { $0.key.collection == "do_a" })
            #expect(
                first
                    == BatchRecord(
                        key: LearnerScene.batch, name: "A one", startDate: "2020-02-02T00:00:00.000Z",
                        endDate: "2020-12-31", status: 1, createdBy: "maker", mentors: ["m1", "m2"]))
            let bare = try await scene.catalogue.batches(ids: ["b2"])
            #expect(bare == [BatchRecord(key: BatchKey(collection: "do_a", batch: "b2"))])
        },
        .init("a collection's batches are found by its id") { scene in
            let found = try await scene.catalogue.batches(ofCollections: ["do_a", "do_z"])
            #expect(found.map(\.key.batch).sorted() == ["b1", "b2"])
        },
        .init("collections are Live, Unlisted or Retired, with their consent flag in any case") { scene in
            let found = try await scene.catalogue.collections(ids: ["do_a", "do_b", "do_c", "do_d", "do_z"])
            #expect(Set(found.map(\.identifier)) == ["do_a", "do_b", "do_c"])
            let first = try #require(found.first { $0.identifier == "do_a" })
            #expect(first.name == "Course A" && first.channel == "org-1" && first.asksForConsent && !first.isRetired)
            #expect(found.first { $0.identifier == "do_b" }?.isRetired == true)
            #expect(found.filter(\.asksForConsent).count == 1)
        },
        .init("a search filters by values and lists, Live only unless it says otherwise") { scene in
            let cases: [(filters: String, hits: [String])] = [
                (#"{"channel":"org-1"}"#, ["do_a", "do_e"]),
                (#"{"channel":["org-1","org-2"],"status":["Retired","Unlisted"]}"#, ["do_b", "do_c"]),
                (#"{"identifier":["do_a","do_b","do_z"],"status":["Live","Retired"]}"#, ["do_a", "do_b"]),
                (#"{"subject":"Physics"}"#, ["do_a"]), (#"{"nosuchfield":"x"}"#, []),
            ]
            for (filters, hits) in cases {
                let found = try await search(scene, filters)
                #expect(found == hits, "\(filters)")
            }
        },
        .init("a search is paged to the end, whatever limit it names") { scene in
            let body = try JSONValue(
                parsing: #"{"request":{"filters":{"channel":"many"},"limit":10,"fields":["name"]}}"#)
            let found = try await scene.catalogue.search(body)
            #expect(Set(found.map(\.identifier)).count == 250 && found.count == 250)
        },
        .init("a search without filters is refused") { scene in
            await #expect(throws: ExhaustError.self) {
                try await scene.catalogue.search(.members(("request", .members())))
            }
        },
        .init("a tree has its nodes in order, also where it is stored as text, and can be missing") { scene in
            let stored = try await scene.catalogue.tree(of: "do_a")
            let tree = try #require(stored)
            #expect(tree.root.name == "Course A" && tree.root.leafNodesCount == 2)
            #expect(tree.root.children[0].isNestedCollection)
            #expect(tree.root.children[0].children.map(\.identifier) == ["do_2", "do_1"])
            #expect(tree.root.children[0].children.map(\.isOptional) == [true, false])
            #expect(try await scene.catalogue.tree(of: "do_b")?.root.name == "as text")
            #expect(try await scene.catalogue.tree(of: "do_c") == nil)
        },
        .init("only Live contents have a title") { scene in
            let asked = ["do_a", "do_b", "do_c", "do_e", "do_z", "do_many_7"]
            let titles = try await scene.catalogue.titles(of: asked)
            #expect(titles == ["do_a": "Course A", "do_many_7": "Content 7"])
        },
        .init("the custodian organisation is the one that the settings name") { scene in
            let custodian = try await scene.catalogue.custodianOrganisation()
            #expect(custodian == "org-custodian")
        },
    ]

    static let browsing: [ConformanceCheck<LearnerScene>] = [
        .init("collections with a batch are found by words of their name, in any case, or by their id") { scene in
            let cases: [(query: String, hits: [String])] = [
                ("", ["do_a", "do_b"]), ("course", ["do_a", "do_b"]), (" COURSE  b ", ["do_b"]), ("b", ["do_b"]),
                ("urse", ["do_a", "do_b"]), ("do_a", ["do_a"]), ("do_c", []), ("Content 7", []), ("b a x", []),
                ("%", []), ("_", []), ("'", []),
            ]
            for (query, hits) in cases {
                let found = try await browsing(scene).collections(CollectionQuery(query))
                #expect(found.map(\.identifier) == hits, "\(query)")
            }
            let first = try #require(try await browsing(scene).collections(CollectionQuery("course a")).first)
            #expect(first == (try await scene.catalogue.collections(ids: ["do_a"]).first))
        },
        .init("collections can be those of batches that a user made or mentors, and are limited") { scene in
            let cases: [(member: String, hits: [String])] = [
                ("maker", ["do_a"]), ("m1", ["do_a"]), ("m2", ["do_a"]), ("m", []), ("do_a", []), ("\"m1\"", []),
            ]
            for (member, hits) in cases {
                let found = try await browsing(scene).collections(CollectionQuery("", member: member))
                #expect(found.map(\.identifier) == hits, "\(member)")
            }
            #expect(try await browsing(scene).collections(CollectionQuery("", limit: 1)).map(\.identifier) == ["do_a"])
            #expect(try await browsing(scene).collections(CollectionQuery("", limit: 0)).isEmpty)
        },
        .init("a batch's learners are counted, all of them and the active ones") { scene in
            let unknown = [BatchKey(collection: "do_a", batch: "b9"), BatchKey(collection: "do_z", batch: "b1")]
            let other = BatchKey(collection: "do_b", batch: "b1")
            let counts = try await browsing(scene).enrolmentCounts(of: [LearnerScene.batch, other] + unknown)
            #expect(
                counts == [
                    LearnerScene.batch: EnrolmentCount(enrolled: 7, active: 4),
                    other: EnrolmentCount(enrolled: 1, active: 0),
                ])
        },
        .init("sources that were opened show the catalogue too, if they can") { scene in
            try await scene.reading { (sources: LearnerSources) async throws in
                guard let catalogue = sources.catalogue else { return }
                #expect(try await catalogue.tree(of: "do_a")?.root.name == "Course A")
                #expect(try await catalogue.titles(of: ["do_a"]) == ["do_a": "Course A"])
                #expect(try await catalogue.batches(ids: ["b1"]).count == 2)
            }
        },
    ]

    private static func browsing(_ scene: LearnerScene) throws -> any CatalogueBrowsing {
        try #require(scene.catalogue as? any CatalogueBrowsing)
    }

    /// The promises of policies.
    public static let policies: [ConformanceCheck<LearnerScene>] = [
        .init("a level is the report's own, else the organisation's, else that of the default policy") { scene in
            let cases: [(organisation: String, report: String, level: SecurityLevel?)] = [
                ("org-1", "progress-exhaust", .textKey), ("org-1", "userinfo-exhaust", .plain),
                ("org-1", "response-exhaust", .plain), ("org-3", "progress-exhaust", nil),
                ("org-4", "progress-exhaust", .password), ("org-9", "progress-exhaust", .password),
            ]
            for (organisation, report, level) in cases {
                let found = try await scene.policies.level(of: organisation, report: report)
                #expect(found == level, "\(report) of \(organisation)")
            }
        },
        .init("a level that does not exist is an error, not an open file") { scene in
            let error = await #expect(throws: ExhaustError.self) {
                try await scene.policies.level(of: "org-2", report: "progress-exhaust")
            }
            #expect(error?.code == .dataDamaged)
        },
        .init("an organisation's public key is there, or it has none") { scene in
            let stored = try await scene.policies.publicKey(of: "org-1")
            let key = try #require(stored)
            #expect(String(decoding: key, as: UTF8.self).hasPrefix("-----BEGIN PUBLIC KEY-----"))
            for organisation in ["org-2", "org-3", "org-9"] {
                #expect(try await scene.policies.publicKey(of: organisation) == nil)
            }
        },
    ]
}
