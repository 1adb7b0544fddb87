import ReportModel
import ReportPorts
import Testing

/// The promises of the learner ports, the catalogue and the policies; an adapter's tests run them on `LearnerScene.tables`.
public enum LearnerConformance {
    /// All promises.
    public static let checks: [ConformanceCheck<LearnerScene>] =
        learners + catalogue + browsing + policies

    /// The promises about learners alone.
    public static let learners: [ConformanceCheck<LearnerScene>] =
        roster + enrolments + aggregates + attempts + people

    static let roster: [ConformanceCheck<LearnerScene>] = [
        .init("a plan counts everybody, active or not, and cuts the batch by the data alone") { scene in
            try await scene.reading { sources in
                let plan = try await sources.roster.plan(of: LearnerScene.batch, learnersPerRange: 3)
                #expect(plan.count == 7)
                let bounds = ["u2", "～"].map { Array($0.utf8) }
                #expect(
                    plan.ranges == [
                        UserRange(after: nil, through: bounds[0]), UserRange(after: bounds[0], through: bounds[1]),
                        UserRange(after: bounds[1], through: nil),
                    ])
            }
        },
        .init("ranges that come out even leave no empty one, and one range is enough for few") { scene in
            try await scene.reading { sources in
                let even = try await sources.roster.plan(of: LearnerScene.batch, learnersPerRange: 7)
                #expect(even.ranges == [.everybody])
                let single = try await sources.roster.plan(of: LearnerScene.batch, learnersPerRange: 1)
                #expect(single.ranges.count == 7)
                let large = try await sources.roster.plan(of: LearnerScene.batch, learnersPerRange: 1_000)
                #expect(large.ranges == [.everybody] && large.count == 7)
            }
        },
        .init("an unknown batch has nobody and one range") { scene in
            try await scene.reading { sources in
                for batch in [BatchKey(collection: "do_a", batch: "b9"), BatchKey(collection: "do_z", batch: "b1")] {
                    let plan = try await sources.roster.plan(of: batch, learnersPerRange: 3)
                    #expect(plan.count == 0 && plan.ranges == [.everybody])
                    #expect(try await LearnerScene.pages(sources, of: batch, limit: 5).isEmpty)
                }
            }
        },
        .init("learners come in the order of their UTF-8 bytes, however large the pages are") { scene in
            try await scene.reading { sources in
                for limit in [1, 2, 3, 6, 7, 8, 100] {
                    let pages = try await LearnerScene.pages(sources, limit: limit)
                    #expect(pages.flatMap(\.texts) == ["U1", "u10", "u2", "z", "é", "～", "😀"], "pages of \(limit)")
                    #expect(pages.allSatisfy { $0.count <= limit })
                }
            }
        },
        .init("the pages of a range lie end to end in it and hold exactly its learners") { scene in
            try await scene.reading { sources in
                let plan = try await sources.roster.plan(of: LearnerScene.batch, learnersPerRange: 3)
                var seen: [[String]] = []
                for range in plan.ranges {
                    let pages = try await LearnerScene.pages(sources, range: range, limit: 2)
                    seen.append(pages.flatMap(\.texts))
                    #expect(pages.first?.range.after == range.after)
                    for (page, next) in zip(pages, pages.dropFirst()) {
                        #expect(page.range.through == next.range.after)
                    }
                    let last = pages.last.flatMap { $0.texts.last.map { Array($0.utf8) } }
                    #expect(pages.last?.range.through == range.through || pages.last?.range.through == last)
                }
                #expect(seen == [["U1", "u10", "u2"], ["z", "é", "～"], ["😀"]])
            }
        },
        .init("sources that are opened twice over the same data name the same version") { scene in
            let first = try await scene.reading { $0.dataVersion }
            let second = try await scene.reading { $0.dataVersion }
            #expect(first == second)
        },
    ]
}
