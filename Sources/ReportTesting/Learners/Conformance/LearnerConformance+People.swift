import ReportModel
import ReportPorts
import Testing

extension LearnerConformance {
    static let people: [ConformanceCheck<LearnerScene>] = [
        .init("profiles have the fields that were asked for, in that order, absent ones apart from empty ones") {
            scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let fields: [ProfileField] = [.lastname, .firstname, .status, .board, .email, .phone]
                let page = try await sources.profiles.profiles(of: keys, fields: fields)
                #expect(page.fields == fields)
                #expect(page.exists == [true, true, true, true, false, false, false])
                let values = keys.ids.indices.map { learner in
                    fields.indices.map { page.arena.optionalText(page.value(learner, $0)) }
                }
                #expect(values[0] == [nil, "José", nil, nil, nil, nil])
                #expect(values[1] == Array(repeating: nil, count: 6))
                #expect(values[2] == ["", "Asha", "1", #"["CBSE"]"#, "line\nbreak", nil])
                #expect(values[3] == ["New", nil, nil, nil, nil, nil])
                #expect(values[4...].allSatisfy { $0.allSatisfy { $0 == nil } })
            }
        },
        .init("profiles need no field to tell who has one, and come for every page alike") { scene in
            try await scene.reading { sources in
                let pages = try await LearnerScene.pages(sources, limit: 3)
                var exists: [Bool] = []
                for page in pages {
                    let profiles = try await sources.profiles.profiles(of: page, fields: [])
                    #expect(profiles.values.isEmpty)
                    exists += profiles.exists
                }
                #expect(exists == [true, true, true, true, false, false, false])
            }
        },
        .init("consent is that for the collection and the organisation, as it is stored") { scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let page = try await sources.consents.consents(of: keys, collection: "do_a", organisation: "org-1")
                #expect(page.consents.map { $0 != nil } == [true, false, true, false, false, false, false])
                let first = try #require(page.consents[0])
                #expect(page.arena.optionalText(first.status) == "revoked" && page.arena.text(first.expiry) == "")
                #expect(first.updatedOn == nil)
                let third = try #require(page.consents[2])
                #expect(page.arena.optionalText(third.status) == "ACTIVE")
                #expect(page.arena.optionalText(third.expiry) == "whenever")
                #expect(third.updatedOn == Timestamp(milliseconds: 1_598_363_154_150))
                let unknown = try await sources.consents.consents(of: keys, collection: "do_a", organisation: "org-9")
                #expect(unknown.consents.count == keys.count && unknown.consents.allSatisfy { $0 == nil })
            }
        },
    ]
}
