import ReportModel
import Testing

@testable import ReportRows

@Suite struct ProgressRuleTests {
    /// The cell of a column, of the only learner.
    private func cell(
        _ label: String, of learner: Learner, in context: ReportContext,
        _ report: any ReportDefinition = ProgressReport()
    ) throws -> String {
        let run = try ReportRun(report, of: [learner], in: context)
        let rows = try #require(readCSV(run.csv, context.csv))
        let column = try #require(rows[0].firstIndex(of: Array(label.utf8)))
        return String(decoding: rows[1][column], as: UTF8.self)
    }

    private func completed(_ count: Int) -> Learner {
        Learner("u") { learner in learner.contentStatus = (0..<count).map { ("do_\($0)", 2) } }
    }

    private func tree(_ leaves: Int) -> CollectionTree {
        .test(leafNodesCount: leaves, (0..<leaves).map { .content("do_\($0)") })
    }

    @Test(arguments: [
        (1, 3, "33"), (1, 6, "16"), (1, 8, "12"), (5, 8, "62"), (199, 200, "99"), (0, 4, "0"), (4, 4, "100"),
    ])
    func `documented progress is rounded down`(done: Int, of leaves: Int, expected: String) throws {
        #expect(try cell("Progress", of: completed(done), in: .test(tree: tree(leaves))) == expected)
    }

    @Test(arguments: [
        (1, 3, "33"), (1, 6, "17"), (1, 8, "13"), (5, 8, "63"), (1, 200, "1"), (3, 200, "2"), (249, 250, "100"),
        (0, 0, "100"), (7, 4, "100"),
    ])
    func `upstream's progress is rounded half up`(done: Int, of leaves: Int, expected: String) throws {
        let context = ReportContext.test(tree: .test(leafNodesCount: leaves, []), layout: .sunbird)
        #expect(try cell("Progress", of: completed(done), in: context) == expected)
    }

    @Test func `without leaves the count of the catalogue or the tree decides`() throws {
        let context = ReportContext.test { $0.batch.collection.leafNodesCount = 8 }
        #expect(try cell("Progress", of: completed(3), in: context) == "37")
        #expect(try cell("Progress", of: completed(9), in: context) == "100")
        #expect(try cell("Progress", of: completed(1), in: .test(tree: .test(leafNodesCount: 2, []))) == "50")
    }

    @Test func `without any count the cell is empty, and said so, unless the learner has completed`() throws {
        let run = try ReportRun(
            ProgressReport(), of: [completed(1), Learner("v") { $0.completedOn = "2021-01-01" }], in: .test())
        #expect(run.tally.findings == [.leafCountUnknown: 1])
        #expect(try cell("Progress", of: completed(1), in: .test()) == "")
        #expect(try cell("Progress", of: Learner("v") { $0.completedOn = "2021-01-01" }, in: .test()) == "100")
    }

    @Test(
        arguments: [
            (nil, "33"), (0, "0"), (1, "33"), (2, "66"), (2.9, "96"), (7, "100"), (-1, "0"),
        ] as [(Double?, String)])
    func `progress in a nested collection follows the store's count, else the statuses`(
        count: Double?, expected: String
    ) throws {
        let tree = CollectionTree.test([.collection("do_unit", [.content("do_0"), .content("do_a"), .content("do_b")])])
        var learner = completed(1)
        learner.completedOn = "2021-01-01"
        if count != nil { learner.aggregates = [("do_unit", count, nil), ("do_c", 1, nil)] }
        #expect(try cell("do_unit - Progress", of: learner, in: .test(tree: tree)) == expected)
    }

    @Test func `of the attempts with a score the best counts, of equal ones the later`() throws {
        let attempts = [
            Attempt("do_q", "a", on: "2021-01-01", score: 5, of: 10, grandTotal: "5/10"),
            Attempt("do_q", "z", score: 5, of: 10, grandTotal: "1/10"),
            Attempt("do_q", "b", on: "2021-01-01", score: 5, of: 10, grandTotal: "7/10"),
            Attempt("do_q", "c", on: "2021-02-01", score: 4, of: 10, grandTotal: "4/10"),
            Attempt("do_q", "d", on: "2021-03-01", of: 10, grandTotal: "9/10"),
        ]
        let learner = Learner("u") { $0.attempts = attempts }
        let tree = CollectionTree.test([.assessment("do_q")])
        let latest: (inout ReportContext) -> Void = { $0.rules.bestScore = false }
        #expect(try cell("do_q - Score", of: learner, in: .test(tree: tree)) == "5")
        #expect(try cell("do_q - Score", of: learner, in: .test(tree: tree, latest)) == "4")
        #expect(try cell("do_q - Score", of: learner, in: .test(tree: tree, layout: .sunbird)) == "70%")
        #expect(try cell("do_q - Score", of: learner, in: .test(tree: tree, layout: .sunbird, latest)) == "40%")
    }

    @Test func `the total is the sum of the kept scores, empty without any`() throws {
        let tree = CollectionTree.test([.assessment("do_q"), .assessment("do_r")])
        let scored = Learner("u") {
            $0.attempts = [
                Attempt("do_q", "a", score: 0.1), Attempt("do_r", "b", score: 0.2), Attempt("do_x", "c", score: 9),
            ]
        }
        #expect(try cell("Total Score", of: scored, in: .test(tree: tree)) == "0.3")
        #expect(try cell("Total Score", of: Learner("u"), in: .test(tree: tree)) == "")
        #expect(try cell("Total Score", of: scored, in: .test(tree: tree), AssessmentScoreReport()) == "0.3")
        #expect(try cell("Total Score", of: scored, in: .test(tree: tree, layout: .sunbird)) == "")
    }

    @Test(arguments: [(3.0, 5.0, "60%"), (1, 3, "34%"), (0, 7, "0%"), (4, 3, "134%"), (1, 0, ""), (5, 16, "32%")])
    func `upstream's total is a percentage, rounded up`(score: Double, of maximum: Double, expected: String) throws {
        let context = ReportContext.test(tree: .test([.assessment("do_q")]), layout: .sunbird)
        let learner = Learner("u") { $0.attempts = [Attempt("do_q", "a", score: score, of: maximum)] }
        #expect(try cell("Total Score", of: learner, in: context) == expected)
    }

    @Test(arguments: [
        ("1.0/8.0", "13%"), (" 1 / 3 ", "34%"), ("20", ""), ("1/0", ""), ("a/b", ""), ("", ""), ("1/", ""), ("/2", ""),
        ("3/2", "150%"), ("-1/3", "-33%"), ("1e1/20", "50%"), ("0x1/2", ""), ("1/2/3", ""), ("nan/2", ""),
        ("0/5", "0%"),
        ("12345678901234567890/12345678901234567890", "100%"), (".5/1", "50%"), ("1.2.3/4", ""),
    ])
    func `upstream's score column follows the text of the grand total`(text: String, expected: String) throws {
        let context = ReportContext.test(tree: .test([.assessment("do_q")]), layout: .sunbird)
        let learner = Learner("u") { $0.attempts = [Attempt("do_q", "a", score: 1, of: 2, grandTotal: text)] }
        #expect(try cell("do_q - Score", of: learner, in: context) == expected)
    }

    @Test func `upstream's score columns are those that a reported learner attempted, sorted`() throws {
        let tree = CollectionTree.test(["do_b", "do_a", "do_a1", "do_none", "do_left"].map { .assessment($0) })
        let learners = [
            Learner("u") { $0.attempts = [Attempt("do_b", "1"), Attempt("do_a1", "2"), Attempt("do_x", "3")] },
            Learner("v") { $0.attempts = [Attempt("do_a", "4", score: 1)] },
            Learner("w") {
                $0.isActive = false
                $0.attempts = [Attempt("do_left", "5", score: 1)]
            },
        ]
        let run = try ReportRun(ProgressReport(), of: learners, in: .test(tree: tree, layout: .sunbird), pageSize: 1)
        #expect(run.text.split(separator: "\n")[0].hasSuffix("Total Score,do_a - Score,do_a1 - Score,do_b - Score"))
    }

    @Test func `time is that of all attempts and of the collection`() throws {
        let attempts = [
            Attempt("do_x", "a", duration: 1.25), Attempt("do_y", "b", duration: 0.5), Attempt("do_y", "c"),
        ]
        func time(_ attempts: [Attempt], _ spent: Double?) throws -> String {
            let learner = Learner("u") {
                $0.attempts = attempts
                $0.aggregates = [("do_c", nil, spent)]
            }
            return try cell("Time Spent", of: learner, in: .test())
        }
        #expect(try time(attempts, 60) == "61.75")
        #expect(try time(attempts, nil) == "1.75")
        #expect(try time([], 60) == "60")
        #expect(try time([Attempt("do_x", "a")], nil) == "")
    }

    @Test(arguments: [
        ("[\"CBSE\"]", "CBSE"), ("[\"CBSE\", \"State\"]", "CBSE"), ("[]", "[]"), ("[1]", "[1]"), ("CBSE", "CBSE"),
        ("[\"CBSE\"", "[\"CBSE\""), ("{\"a\":[]}", "{\"a\":[]}"), ("[\"a\\u0041\\\"\"]", "aA\""), ("[\"\"]", ""),
        ("", ""),
        ("[\"=1\"]", "'=1"),
    ])
    func `the declared board is the first of the list`(stored: String, expected: String) throws {
        let learner = Learner("u", profile: [.board: stored])
        #expect(try cell("Declared Board", of: learner, in: .test(layout: .sunbird)) == expected)
    }

    @Test(arguments: [
        ("2020-08-25", "2020-08-25 00:00:00:000+0000", "25/08/2020"),
        ("2020-08-25 13:45:54:150+0000", "2020-08-25 13:45:54:150+0000", "25/08/2020"),
        ("2020-08-25T23:30:00-02:00", "2020-08-26 01:30:00:000+0000", "25/08/2020"),
        ("2020-02-30", "", ""), ("2020-08-25 at noon", "", "25/08/2020"),
    ])
    func `an old enrolment date is read from its text`(text: String, documented: String, sunbird: String) throws {
        let learner = Learner("u") {
            $0.enrolledOn = nil
            $0.enrolledText = text
        }
        #expect(try cell("Enrolment Date", of: learner, in: .test()) == documented)
        #expect(try cell("Enrolment Date", of: learner, in: .test(layout: .sunbird)) == sunbird)
    }
}
