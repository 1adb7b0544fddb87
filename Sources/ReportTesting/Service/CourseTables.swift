import ReportModel

/// Courses with everything that reports ask for, made by number so that a test can say how many learners it wants.
///
/// `b1` and `b2` are batches of `do_course` (org-1, asks for consent), `b3` of `do_open` (org-2, does not ask), `b9` of both,
/// `b0` of the retired `do_retired`. Every few learners are inactive, without profile, without consent and so on.
public enum CourseTables {
    /// A text that is in cells of every report and nowhere else: what must not be found in stored bytes.
    public static let marker = "Zephyrine"

    /// The tables with so many learners in `b1`.
    public static func make(_ learners: Int = 23) -> ImportTables {
        var tables = ImportTables()
        addCatalogue(to: &tables)
        for number in 0..<learners {
            addPerson(number, to: &tables)
            addLearning(number, collection: "do_course", batch: "b1", to: &tables)
        }
        for number in 0..<9 {
            addLearning(number, collection: "do_course", batch: "b2", to: &tables)
            addLearning(number, collection: "do_open", batch: "b3", to: &tables)
        }
        for number in 0..<3 { addLearning(number, collection: "do_course", batch: "b9", to: &tables) }
        for number in 3..<7 { addLearning(number, collection: "do_open", batch: "b9", to: &tables) }
        return tables
    }

    /// Ids that do not sort by number.
    public static func user(_ number: Int) -> String { "user-\(number * 7919 % 1000)-\(number)" }

    private static func addCatalogue(to tables: inout ImportTables) {
        for (collection, batch) in [
            ("do_course", "b1"), ("do_course", "b2"), ("do_open", "b3"), ("do_course", "b9"), ("do_open", "b9"),
            ("do_retired", "b0"),
        ] {
            tables.add(["courseid": collection, "batchid": batch, "name": "Batch \(batch)"], to: "course_batch")
        }
        for (id, name, channel, consent, status) in [
            ("do_course", "Course, first", "org-1", "Yes", "Live"), ("do_open", "Open course", "org-2", "No", "Live"),
            ("do_retired", "Old course", "org-1", "Yes", "Retired"), ("do_quiz", "Quiz", "org-1", "No", "Live"),
        ] {
            tables.add(
                ["identifier": id, "name": name, "channel": channel, "userConsent": consent, "status": status],
                to: "content")
        }
        for collection in ["do_course", "do_open"] {
            let unit: JSONValue = .members(
                ("identifier", .string("\(collection)_unit")), ("name", .string("Unit")),
                ("mimeType", .string("application/vnd.ekstep.content-collection")),
                (
                    "children",
                    .array([
                        .members(("identifier", .string("do_leaf1"))), .members(("identifier", .string("do_leaf2"))),
                        .members(("identifier", .string("do_quiz")), ("contentType", .string("SelfAssess"))),
                    ])
                ))
            let practice: JSONValue = .members(
                ("identifier", .string("do_practice")), ("objectType", .string("QuestionSet")),
                ("primaryCategory", .string("Practice Question Set")))
            tables.add(
                .members(
                    ("identifier", .string(collection)),
                    (
                        "hierarchy",
                        .members(
                            ("identifier", .string(collection)), ("leafNodesCount", .integer(4)),
                            ("children", .array([unit, practice])))
                    )), to: "content_hierarchy")
        }
        tables.add(["id": "custodianOrgId", "value": "org-custodian"], to: "system_settings")
    }

    private static func addPerson(_ number: Int, to tables: inout ImportTables) {
        let user = user(number)
        if number % 11 != 5 {
            let names = ["Asha \(marker)", "=José, \"\(marker)\"", "कमला \(marker)"]
            tables.add(
                [
                    "userid": user, "firstname": names[number % 3], "lastname": "No. \(number)", "state": marker,
                    "rootorgid": number % 4 == 1 ? "org-2" : "org-1", "email": "enc:\(marker)\(number)@example.org",
                    "phone": number % 5 == 2 ? "broken" : "enc:98765\(number)",
                ], to: "user")
        }
        if number % 8 != 3 {
            tables.add(
                [
                    "user_id": user, "consumer_id": "org-1", "object_id": "do_course",
                    "status": number % 6 == 4 ? "REVOKED" : "ACTIVE",
                    "expiry": number % 9 == 7 ? "2020-01-01T00:00:00Z" : "",
                ], to: "user_consent")
        }
    }

    private static func addLearning(
        _ number: Int, collection: String, batch: String, to tables: inout ImportTables
    ) {
        let user = user(number)
        var enrolment: [String: String] = [
            "userid": user, "courseid": collection, "batchid": batch, "active": number % 7 == 6 ? "false" : "True",
            "contentstatus": #"{"do_leaf1":2,"do_quiz":\#(number % 3)}"#,
        ]
        if number % 5 != 4 { enrolment["enrolled_date"] = "2024-01-02T10:00:0\(number % 10).000Z" }
        if number % 6 == 0 { enrolment["completedon"] = "2024-01-20T08:00:00.000Z" }
        tables.add(enrolment, to: "user_enrolments")
        tables.add(
            [
                "activity_type": "Course", "activity_id": "\(collection)_unit", "user_id": user,
                "context_id": "cb:\(batch)", "aggregates": #"{"completedCount":\#(number % 4)}"#,
            ], to: "user_activity_agg")
        for attempt in 0..<(number % 4) {
            let row = attemptRow(user, collection, batch, attempt: attempt, score: number % 5)
            tables.add(row, to: "assessment_aggregator")
            if attempt == 0, number % 3 == 1 { tables.add(row, to: "assessment_archive") }
        }
        if number % 5 == 2 {
            tables.add(attemptRow(user, collection, batch, attempt: 9, score: 1), to: "assessment_archive")
        }
    }

    private static func attemptRow(
        _ user: String, _ collection: String, _ batch: String, attempt: Int, score: Int
    ) -> JSONValue {
        let questions = (0..<(attempt + 1)).map { question in
            JSONValue.members(
                ("id", .string("q\(question)")), ("type", .string("mcq")), ("title", .string("What is \(question)?")),
                ("duration", .integer(question + 1)), ("score", .integer(question % 2)), ("max_score", .integer(1)),
                ("resvalues", .array([.members(("1", .string(#"{"text":"\#(marker)"}"#)))])))
        }
        return .members(
            ("user_id", .string(user)), ("course_id", .string(collection)), ("batch_id", .string(batch)),
            ("content_id", .string(attempt % 2 == 0 ? "do_quiz" : "do_practice")),
            ("attempt_id", .string("attempt-\(attempt)")),
            ("last_attempted_on", .string("2024-01-0\(attempt % 9 + 1)T09:30:00.000Z")),
            ("total_score", .integer(score)), ("total_max_score", .integer(5)),
            ("grand_total", .string("\(score)/5")), ("question", .array(questions)))
    }
}
