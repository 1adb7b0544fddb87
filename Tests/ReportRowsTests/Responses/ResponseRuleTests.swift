import ReportModel
import Testing

@testable import ReportRows

@Suite struct ResponseRuleTests {
    private func cells(
        _ attempt: Attempt, _ layout: ReportLayout = .sunbird, titles: [String: String] = [:]
    ) throws -> [String] {
        let learner = Learner("u") { $0.attempts = [attempt] }
        let run = try ReportRun(ResponseReport(), of: [learner], in: .test(layout: layout), titles: titles)
        let rows = try #require(readCSV(run.csv, CSVOptions()))
        return rows[1].map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        (#"[{"1":"{\"text\":\"A=\\\\pi r^2\\n\"}"}]"#, "[{'1':'{'text':'A=pi r^2'}'}]"), ("[]", "[]"),
        (#"[{"a":"\\neq and \\nu"}]"#, "[{'a':'eq and u'}]"), (#"\"#, ""), (#"\n"#, ""), (#"\\nn"#, "n"), ("a\\", "a"),
    ])
    func `upstream's JSON loses backslashes, and quotes become apostrophes`(json: String, expected: String) throws {
        let question = Question("q") {
            $0.options = json
            $0.response = json
        }
        #expect(try cells(Attempt("do_q", "a", questions: [question])).suffix(2) == [expected, expected])
    }

    @Test func `lists that are missing are empty cells, in upstream's layout empty lists`() throws {
        let question = Question("q") {
            $0.options = nil
            $0.response = "[]"
        }
        let attempt = Attempt("do_q", "a", questions: [question])
        #expect(try cells(attempt).suffix(2) == ["[]", "[]"])
        #expect(try cells(attempt, .documented).suffix(2) == ["", "[]"])
        #expect(try cells(Attempt("do_q", "a")).suffix(2) == ["null", "null"])
        #expect(try cells(Attempt("do_q", "a"), .documented).suffix(2) == ["", ""])
    }

    @Test(arguments: [(2.5, "3"), (0.4, "0"), (0.5, "1"), (-2.5, "-3"), (nil, "")] as [(Double?, String)])
    func `upstream rounds the duration half up`(seconds: Double?, expected: String) throws {
        #expect(try cells(Attempt("do_q", "a", questions: [Question("q") { $0.duration = seconds }]))[13] == expected)
    }

    @Test func `an archived attempt has no fraction of a second in upstream's layout`() throws {
        var attempt = Attempt("do_q", "a", on: "2020-08-25T13:45:54.150Z")
        #expect(try cells(attempt)[8] == "2020-08-25 13:45:54.15")
        attempt.isArchived = true
        #expect(try cells(attempt)[8] == "2020-08-25 13:45:54")
        #expect(try cells(attempt, .documented)[9] == "2020-08-25 13:45:54:150+0000")
    }

    @Test func `a content without a known title has an empty one`() throws {
        #expect(try cells(Attempt("do_q", "a"), titles: ["do_q": "Quiz"])[6] == "Quiz")
        #expect(try cells(Attempt("do_q", "a"), titles: ["do_q": ""])[6] == "")
        #expect(try cells(Attempt("do_q", "a"))[6] == "")
    }

    @Test func `archived attempts and questions are asked for, but no profile that is not shown`() {
        let documented = ResponseReport().needs(in: .test())
        #expect(documented.attempts == .questions && documented.archivedAttempts)
        #expect(documented.profileFields == [.firstname, .lastname])
        #expect(ResponseReport().needs(in: .test(layout: .sunbird)).profileFields == [])
    }
}
