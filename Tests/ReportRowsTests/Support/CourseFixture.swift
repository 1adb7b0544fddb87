import ReportModel

/// One small course in which every special case of design.md 6 occurs; the golden files show it.
enum CourseFixture {
    /// Two units, one of them with a unit inside; `c1` occurs twice, `c2` is optional, `c4` has a child that is no leaf.
    static let tree = CollectionTree.test(
        leafNodesCount: 5,
        [
            .collection(
                "do_unit1",
                [
                    .content("do_c1"), .assessment("do_quiz1"), .content("do_c2", optional: true),
                    .collection("do_unit1a", [.content("do_c3")]),
                ]),
            .collection("do_unit2", [.content("do_c1"), .questionSet("do_set1")]),
            .collection("do_unit3", [.content("do_c2", optional: true)]),
            .content("do_c4", [.content("do_inner")]),
        ])

    static let titles = ["do_quiz1": "Quiz, the first", "do_set1": "Set \"one\"", "do_other": "=Other"]

    static let learners: [Learner] = [
        Learner("u01", profile: anita) {
            $0.completedOn = "2020-08-27T13:45:54.150Z"
            $0.hasCertificate = true
            $0.contentStatus = [("do_c1", 2), ("do_c3", 2), ("do_quiz1", 2), ("do_set1", 2), ("do_c4", 2)]
            $0.aggregates = [("do_c", 5, 600), ("do_unit1", 3, nil), ("do_unit2", 1, nil)]
            $0.attempts = [
                Attempt(
                    "do_quiz1", "a1", on: "2020-08-26T09:30:00.150Z", score: 3, of: 5, grandTotal: "3.0/5.0",
                    questions: [choice, essay]),
                Attempt(
                    "do_quiz1", "a2", on: "2020-08-27T09:30:00Z", score: 2, of: 5, grandTotal: "2.0/5.0",
                    questions: [choice]),
                Attempt("do_set1", "a3", on: "2020-08-27T10:00:00.100Z", score: 1, of: 3, grandTotal: " 1 / 3 "),
            ]
            $0.consent = Consent("ACTIVE", updatedOn: "2020-08-25T13:45:54.150Z")
        },
        Learner(
            "u02", profile: [.firstname: "=cmd|' /c'", .state: "Kerala, south", .board: "[1]", .phone: "secret:+91 98"]
        ) {
            $0.contentStatus = [("do_c1", 2), ("do_c2", 2), ("do_quiz1", 1), ("do_gone", 2)]
            $0.certificateStatus = 3
            $0.attempts = [
                Attempt("do_quiz1", "b1", score: 4.25, of: 5, grandTotal: "20"),
                Attempt("do_quiz1", "b2", on: "2020-09-01T00:00:00Z", score: 4.25, of: 5, grandTotal: "4.25/5"),
                Attempt("do_other", "b3", on: "2020-09-02T00:00:00Z", score: 9, of: 9, duration: 30),
            ]
            $0.consent = Consent("active", expiry: "2099-01-01")
        },
        Learner("u03", profile: anita) { $0.isActive = false },
        Learner("u04", profile: nil) {
            $0.enrolledOn = nil
            $0.enrolledText = "2020-08-25 23:30:00:000+0000"
            $0.attempts = [Attempt("do_set1", "d1", on: "2020-09-03T00:00:00Z", of: 3)]
            $0.consent = Consent("ACTIVE", expiry: "")
        },
        Learner("u05", profile: [.lastname: "Müller", .board: "[\"A \\\"quoted\\\" board\"]", .email: "no secret"]) {
            $0.enrolledOn = nil
            $0.certificateStatus = 1
            $0.consent = Consent("ACTIVE", expiry: "some day")
        },
        Learner(
            "u06",
            profile: ["firstname", "lastname"].reduce(into: [:]) { $0[ProfileField(rawValue: $1) ?? .state] = "" }
        ) {
            $0.enrolledOn = nil
            $0.enrolledText = "yesterday"
            $0.consent = Consent("REVOKED")
        },
        Learner("u07", profile: [.firstname: "नीता", .lastname: "शर्मा", .orgname: "Org \"one\"", .email: "secret:=x@y.z"]) {
            $0.enrolledOn = nil
            $0.enrolledText = "2020-08-25T23:30:00-02:00"
            $0.completedOn = "2020-12-31T23:59:59Z"
            $0.attempts = [Attempt("do_set1", "g1", on: "2020-09-03T00:00:00Z", score: 4, of: 3, grandTotal: "4/3")]
            $0.consent = Consent("Active", expiry: "2023-11-14T22:13:20.001Z", updatedOn: "2021-01-01")
        },
        Learner("u08", profile: anita) { $0.consent = Consent("ACTIVE", expiry: "2023-11-14T22:13:20Z") },
    ]

    private static let anita: [ProfileField: String] = [
        .firstname: "Anita", .lastname: "Rao", .state: "Kerala", .district: "Thrissur", .block: "B1", .cluster: "C1",
        .rootorgid: "org-1", .orgname: "Org one", .schoolname: "School, one", .schooludisecode: "0042",
        .usertype: "teacher,student", .usersubtype: "hm", .board: "[\"CBSE\",\"State\"]",
        .email: "secret:anita@example.org", .phone: "secret:9876543210",
    ]

    private static let choice = Question("q1") {
        $0.type = "mcq"
        $0.title = "What is 1/3, about?"
        $0.description = ""
        $0.duration = 2.5
        $0.score = 0.33
        $0.maximum = 1
        $0.options = #"[{"1":"{\"text\":\"A=\\\\pi r^2\\n\"}"},{"answer":"{\"correct\":[\"1\"]}"}]"#
        $0.response = #"[{"1":"{\"text\":\"A\"}"}]"#
    }

    private static let essay = Question("q2") {
        $0.type = "sa"
        $0.title = "-why?\nbecause"
        $0.duration = 10
        $0.score = 2
        $0.maximum = 10_000_000
    }
}
