import ReportModel
import ReportPorts
import Testing

extension LearnerConformance {
    static let enrolments: [ConformanceCheck<LearnerScene>] = [
        .init("an enrolment says whether it is active, in every form that truth is written in") { scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let page = try await sources.enrolments.enrolments(
                    of: keys, in: LearnerScene.batch, withContentStatus: false)
                #expect(page.enrolments.map(\.isActive) == [true, false, true, true, false, true, false])
            }
        },
        .init("the newer date wins, the older text is there without it, of equal keys the last row counts") { scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let page = try await sources.enrolments.enrolments(
                    of: keys, in: LearnerScene.batch, withContentStatus: false)
                let moment = Timestamp(milliseconds: 1_598_363_154_150)
                #expect(
                    page.enrolments.map(\.enrolledOn) == [
                        nil, nil, moment, Timestamp("2020-01-02"), nil, moment, nil,
                    ])
                let texts = page.enrolments.map { page.arena.optionalText($0.enrolledText) }
                #expect(texts[0] == "2020-08-25 13:45:54:150+0000" && texts[1] == nil && (texts[4] ?? "") == "")
            }
        },
        .init("completion, certificates and their status are read, and missing ones are missing") { scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let page = try await sources.enrolments.enrolments(
                    of: keys, in: LearnerScene.batch, withContentStatus: false)
                #expect(page.enrolments.map(\.completedOn).prefix(3) == [Timestamp("2020-09-01"), nil, nil])
                #expect(page.enrolments.map(\.hasCertificate) == [true, false, true, false, false, false, false])
                #expect(page.enrolments.map(\.certificateStatus).prefix(3) == [nil, nil, 3])
            }
        },
        .init("content status is read only on demand, each learner's entries as they are stored") { scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let without = try await sources.enrolments.enrolments(
                    of: keys, in: LearnerScene.batch, withContentStatus: false)
                #expect(without.contentStatus.isEmpty && without.enrolments.allSatisfy { $0.contentStatus.isEmpty })
                let page = try await sources.enrolments.enrolments(
                    of: keys, in: LearnerScene.batch, withContentStatus: true)
                let entries = page.enrolments.map { enrolment in
                    Dictionary(
                        uniqueKeysWithValues: enrolment.contentStatus.map { index in
                            let entry = page.contentStatus[Int(index)]
                            return (page.arena.text(entry.content), Int(entry.status))
                        })
                }
                #expect(entries[2] == ["do_1": 2, "do_10": 2, "do_2": 1])
                #expect(entries[6] == ["q\"uote": 2, "é": 0])
                #expect([0, 1, 3, 4, 5].allSatisfy { entries[$0].isEmpty })
            }
        },
        .init("a page in the middle gets its own learners, and a batch of another collection its own rows") { scene in
            try await scene.reading { sources in
                let pages = try await LearnerScene.pages(sources, limit: 2)
                let middle = try await sources.enrolments.enrolments(
                    of: pages[1], in: LearnerScene.batch, withContentStatus: true)
                #expect(middle.enrolments.count == 2 && middle.enrolments[0].certificateStatus == 3)
                #expect(middle.enrolments[1].enrolledOn == Timestamp("2020-01-02"))
                let other = BatchKey(collection: "do_b", batch: "b1")
                let keys = try await LearnerScene.everybody(sources, of: other)
                #expect(keys.texts == ["u2"])
                let page = try await sources.enrolments.enrolments(of: keys, in: other, withContentStatus: true)
                #expect(page.enrolments[0].enrolledOn == Timestamp("2021-01-01") && !page.enrolments[0].isActive)
            }
        },
    ]

    static let aggregates: [ConformanceCheck<LearnerScene>] = [
        .init("aggregates come by learner and activity, with the newer count if there is one") { scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let page = try await sources.aggregates.aggregates(
                    of: keys, in: LearnerScene.batch, activities: ["do_a_unit", "do_a", "do_none", "do_a"])
                let lines = page.aggregates.map { aggregate in
                    let learner = keys.arena.text(keys.ids[Int(aggregate.learner)])
                    let numbers = [aggregate.completedCount, aggregate.timeSpent].map { $0.map { "\($0)" } ?? "-" }
                    return "\(learner) \(page.arena.text(aggregate.activity)) \(numbers.joined(separator: " "))"
                }
                #expect(lines == ["U1 do_a 0.0 -", "u2 do_a 3.0 12.5", "u2 do_a_unit 2.0 -", "é do_a - -"])
            }
        },
        .init("aggregates of another batch, or of activities nobody asked for, stay away") { scene in
            try await scene.reading { sources in
                let second = BatchKey(collection: "do_a", batch: "b2")
                let keys = try await LearnerScene.everybody(sources, of: second)
                let page = try await sources.aggregates.aggregates(of: keys, in: second, activities: ["do_a"])
                #expect(page.aggregates.map(\.completedCount) == [8, 1])
                let none = try await sources.aggregates.aggregates(of: keys, in: second, activities: [])
                #expect(none.aggregates.isEmpty)
                let unknown = BatchKey(collection: "do_a", batch: "b9")
                #expect(
                    try await sources.aggregates.aggregates(of: keys, in: unknown, activities: ["do_a"])
                        .aggregates.isEmpty)
            }
        },
    ]
}
