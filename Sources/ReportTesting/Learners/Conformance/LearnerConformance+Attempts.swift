import ReportModel
import ReportPorts
import Testing

extension LearnerConformance {
    private static let order = [
        "U1 a1 q1", "u2 a9 q9", "u2 a0 q1", "u2 a1 q1", "u2 a1 q2", "u2 a2 q1", "z a1 q1",
    ]

    static let attempts: [ConformanceCheck<LearnerScene>] = [
        .init("attempts come by learner, time with the missing first, attempt and content") { scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let all = try await LearnerScene.attempts(sources, of: keys)
                #expect(all.attempts.map(\.place) == order)
                #expect(all.pages == 1)
            }
        },
        .init("small pages give the same attempts, each once, and never part one from its questions") { scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                for withQuestions in [false, true] {
                    let whole = try await LearnerScene.attempts(sources, of: keys, withQuestions: withQuestions)
                    for bytes in [1, 20, 150, 400] {
                        let paged = try await LearnerScene.attempts(
                            sources, of: keys, withQuestions: withQuestions, bytes: bytes)
                        #expect(paged.attempts == whole.attempts, "pages of \(bytes) bytes")
                        #expect(bytes > 1 || paged.pages >= whole.attempts.count)
                    }
                }
            }
        },
        .init("an attempt has its scores, total and summed duration, or says that they are missing") { scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let all = try await LearnerScene.attempts(sources, of: keys).attempts
                #expect(
                    all.map(\.numbers) == [
                        [nil, nil, nil], [7, nil, nil], [nil, nil, nil], [nil, nil, nil], [0, nil, nil],
                        [1.5, 2, 3.5], [2, nil, 0.25],
                    ])
                #expect(all.map(\.grandTotal) == [nil, nil, nil, nil, "20", "1.5/2.0", nil])
                #expect(all.map(\.time)[1] == nil && all[0].time == Timestamp(milliseconds: -86_400_000))
                #expect(all[6].time == Timestamp("2020-01-05"))
                #expect(all.allSatisfy { $0.questions.isEmpty })
            }
        },
        .init("questions keep their order; texts are plain, options and responses compact JSON with sorted keys") {
            scene in
            try await scene.reading { sources in
                let keys = try await LearnerScene.everybody(sources)
                let all = try await LearnerScene.attempts(sources, of: keys, withQuestions: true).attempts
                #expect(all.map(\.questions.count) == [0, 0, 1, 0, 0, 2, 1])
                let first = all[5].questions[0]
                #expect(first.texts == ["x", "mcq", "T \"1\"\nnext \\frac", ""])
                #expect(first.numbers == [1.5, 0.5, 1])
                #expect(first.options == #"[{"a":"{\"k\": 1}","b":"2"}]"# && first.response == "[]")
                let second = all[5].questions[1]
                #expect(second.texts == ["y", nil, nil, nil] && second.numbers == [2, nil, nil])
                #expect(second.options == nil && second.response == nil)
            }
        },
        .init("a page in the middle gets the attempts of its learners in its batch only") { scene in
            try await scene.reading { sources in
                let pages = try await LearnerScene.pages(sources, limit: 2)
                #expect(
                    try await LearnerScene.attempts(sources, of: pages[1]).attempts.map(\.place)
                        == Array(order.dropFirst()))
                #expect(try await LearnerScene.attempts(sources, of: pages[2], bytes: 1).attempts.isEmpty)
                let other = BatchKey(collection: "do_b", batch: "b1")
                let keys = try await LearnerScene.everybody(sources, of: other)
                #expect(
                    try await LearnerScene.attempts(sources, of: keys, in: other).attempts.map(\.place) == ["u2 a7 q1"])
            }
        },
        .init("archived attempts are told apart from live ones, and most batches have none") { scene in
            try await scene.reading { sources in
                #expect(try await sources.archive.hasArchive(of: LearnerScene.batch))
                #expect(try await !sources.archive.hasArchive(of: BatchKey(collection: "do_a", batch: "b2")))
                #expect(try await !sources.archive.hasArchive(of: BatchKey(collection: "do_z", batch: "b1")))
                let keys = try await LearnerScene.everybody(sources)
                for bytes in [1, 1_000] {
                    let all = try await LearnerScene.attempts(sources, of: keys, bytes: bytes, archived: true).attempts
                    #expect(all.map(\.place) == ["U1 old q1", "u10 old q1"])
                    #expect(all[1].time == Timestamp("2020-01-01") && all[0].time == nil)
                    #expect(all[1].questions.first?.options == #"[{"a":2,"b":1}]"#)
                }
            }
        },
    ]
}
