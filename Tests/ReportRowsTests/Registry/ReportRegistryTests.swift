import ReportModel
import Testing

@testable import ReportRows

@Suite struct ReportRegistryTests {
    @Test(arguments: [
        ("progress-exhaust", "progress-exhaust"), ("course-report", "progress-exhaust"),
        ("response-exhaust", "response-exhaust"), ("userinfo-exhaust", "userinfo-exhaust"),
        ("assessment-score-report", "assessment-score-report"), ("assessment-report", "assessment-score-report"),
    ])
    func `reports are found by id and alias`(name: String, id: String) throws {
        #expect(try ReportRegistry.standard.report(named: name).id == id)
    }

    @Test func `an unknown report is refused with the known ones`() {
        let error = #expect(throws: ExhaustError.self) { try ReportRegistry.standard.report(named: "progress") }
        #expect(error?.code == .invalidInput)
        #expect(error?.message == "report progress: there is no such report")
        #expect(error?.remedy.contains("progress-exhaust, response-exhaust") == true)
    }

    @Test func `rows of other programs in a shared job table have none of the registry's names`() {
        let registry = ReportRegistry.standard
        #expect(registry.names().isSuperset(of: ["progress-exhaust", "course-report", "userinfo-exhaust"]))
        #expect(registry.names().isDisjoint(with: ["druid-dataset", "program-user-exhaust", ""]))
        #expect(registry.names(of: ["progress-exhaust"]) == ["progress-exhaust", "course-report"])
        // Never the empty set, which would mean every row.
        #expect(registry.names(of: ["unknown"]) == ["unknown"])
    }

    @Test func `files are named as the documents say`() {
        let reports = ReportRegistry.standard.reports
        #expect(
            reports.map(\.path) == [
                "progress-exhaust/", "response-exhaust/", "userinfo-exhaust/", "assessment-score-report/",
            ])
        #expect(reports.map(\.fileKey) == ["progress", "response", "userinfo", "assessment"])
        #expect(reports.map(\.isPersonal) == [false, false, true, false])
        #expect(reports.allSatisfy { $0.layouts.first == .documented })
    }

    @Test func `assessment scores have one layout`() {
        let context = ReportContext.test(layout: .sunbird)
        let error = #expect(throws: ExhaustError.self) { try AssessmentScoreReport().columns(in: context) }
        #expect(error?.message == "report assessment-score-report: it has no layout sunbird")
        #expect(throws: ExhaustError.self) { try AssessmentScoreReport().makeRows(in: context, limits: .init()) }
    }

    @Test(arguments: ["progress-exhaust", "response-exhaust", "userinfo-exhaust"])
    func `an unknown column is refused with the known ones`(id: String) throws {
        let report = try ReportRegistry.standard.report(named: id)
        for columns in [["userid", "User UUID"], []] {
            let context = ReportContext.test(layout: .sunbird) { $0.selectedColumns = columns }
            let error = #expect(throws: ExhaustError.self) { try report.columns(in: context) }
            #expect(error?.code == .invalidInput)
            #expect(throws: ExhaustError.self) { try report.makeRows(in: context, limits: .init()) }
        }
        let context = ReportContext.test { $0.selectedColumns = ["nothing"] }
        #expect(try report.columns(in: context) == report.columns(in: .test()))
    }

    @Test func `upstream's deployed column lists give all columns in upstream's order`() throws {
        let all = ReportContext.test(tree: CourseFixture.tree, layout: .sunbird)
        let lists = [
            "progress-exhaust": """
            courseid,collectionName,batchid,batchName,userid,state,district,orgname,schooludisecode,schoolname,board,\
            block,cluster,usertype,usersubtype,enrolleddate,completedon,certificatestatus,completionPercentage
            """,
            "response-exhaust": """
            courseid,collectionName,batchid,batchName,userid,content_id,contentname,attempt_id,last_attempted_on,\
            questionid,questiontype,questiontitle,questiondescription,questionduration,questionscore,questionmaxscore,\
            questionoption,questionresponse
            """,
            "userinfo-exhaust": """
            courseid,collectionName,batchid,batchName,userid,username,state,district,orgname,email,phone,consentflag,\
            consentprovideddate,block,cluster,usertype,usersubtype,schooludisecode,schoolname
            """,
        ]
        for (id, list) in lists {
            let report = try ReportRegistry.standard.report(named: id)
            var selected = all
            selected.selectedColumns = list.split(separator: ",").map(String.init)
            #expect(try report.columns(in: selected) == report.columns(in: all))
            #expect(report.needs(in: selected) == report.needs(in: all))
        }
    }

    @Test func `dropped columns are not read either`() {
        let context = ReportContext.test(tree: CourseFixture.tree, layout: .sunbird) {
            $0.selectedColumns = ["userid", "state"]
        }
        let needs = ProgressReport().needs(in: context)
        #expect(needs.profileFields == [.state])
        #expect(!needs.contentStatus)
        #expect(needs.attempts == .scores)
    }

    @Test func `questions are read where their answers or their durations are reported, and only there`() throws {
        func attempts(_ id: String, _ layout: ReportLayout) throws -> LearnerNeeds.Attempts {
            try ReportRegistry.standard.report(named: id).needs(
                in: .test(tree: CourseFixture.tree, layout: layout)
            ).attempts
        }
        #expect(try attempts("progress-exhaust", .sunbird) == .scores)
        #expect(try attempts("progress-exhaust", .documented) == .durations)
        #expect(try attempts("assessment-score-report", .documented) == .scores)
        #expect(try attempts("response-exhaust", .sunbird) == .questions)
        #expect(try attempts("userinfo-exhaust", .sunbird) == .none)
    }

    @Test func `the dictionary explains every column of every report`() throws {
        var dictionary: [UInt8] = []
        for report in ReportRegistry.standard.reports {
            for layout in report.layouts {
                var context = ReportContext.test(tree: CourseFixture.tree, layout: layout)
                context.surveyedContents = ["do_quiz1"]
                let columns = try report.columns(in: context)
                #expect(columns.allSatisfy { !$0.label.isEmpty && !$0.meaning.isEmpty && !$0.source.isEmpty })
                #expect(Set(columns.map(\.label)).count == columns.count)
                dictionary += Array("\(report.id) \(layout.rawValue)\n".utf8)
                dictionary += ReportDictionary.csv(of: columns, options: context.csv)
            }
        }
        try expectGolden(dictionary, "dictionaries.csv")
    }
}
