import ReportModel

/// The ids of the sample and the course that it is about.
///
/// The course has units, each with readings and a quiz. Its tree shows what a tree can: a unit inside a unit, a unit without
/// leaves, an optional reading, a reading that stands in two units, a question set with children of its own.
struct SampleCourse {
    static let course = "do_sample_course"
    static let batch = "sample-batch-1"
    static let secondBatch = "sample-batch-2"
    /// Without a tree, and of another organisation.
    static let treelessCourse = "do_sample_treeless"
    static let treelessBatch = "sample-batch-treeless"
    static let retiredCourse = "do_sample_retired"
    static let retiredBatch = "sample-batch-retired"
    static let organisation = "sample-org-1"
    static let otherOrganisation = "sample-org-2"
    static let custodian = "sample-org-custodian"
    /// Stands in `contentstatus` of some learners, but in no tree any more.
    static let removedContent = "do_sample_removed"

    /// A unit: a nested collection of the first level.
    struct Unit {
        let identifier: [UInt8]
        /// Required leaves, as learners complete them one after the other.
        let leaves: [[UInt8]]
        /// Its quiz, also one of the leaves.
        let quiz: [UInt8]
    }

    let units: [Unit]
    /// Distinct required leaves in tree order.
    let leaves: [[UInt8]]

    init(units count: Int) {
        units = (1...count).map { number in
            let quiz = Array("do_sample_quiz_\(number)".utf8)
            var leaves = ["do_sample_text_\(number)_1", "do_sample_text_\(number)_2"].map { Array($0.utf8) }
            if number == 2 { leaves.append(Array("do_sample_text_2_inner".utf8)) }
            leaves.append(quiz)
            return Unit(identifier: Array("do_sample_unit_\(number)".utf8), leaves: leaves, quiz: quiz)
        }
        leaves = units.flatMap(\.leaves)
    }

    /// The tree as `content_hierarchy` holds it.
    var tree: JSONValue {
        var children = units.indices.map(unitNode)
        children.append(
            node("do_sample_unit_empty", "Unit without contents", Self.collection, "CourseUnit", children: []))
        return node(Self.course, "Sample course: light, water & \"air\"", Self.collection, "Course", children: children)
    }

    private func unitNode(_ index: Int) -> JSONValue {
        let number = index + 1
        var children = (1...2).map { reading("do_sample_text_\(number)_\($0)", "Reading \(number).\($0)") }
        if number == 1 { children.append(reading("do_sample_optional", "For the curious", isOptional: true)) }
        if number == 2 {
            let inner = reading("do_sample_text_2_inner", "Reading inside the inner unit")
            children.append(
                node("do_sample_unit_2_inner", "Inner unit", Self.collection, "CourseUnit", children: [inner]))
        }
        // The same reading once more: it counts once in the course.
        if number == 3 { children.append(reading("do_sample_text_1_1", "Reading 1.1")) }
        children.append(quizNode(number))
        return node("do_sample_unit_\(number)", "Unit \(number)", Self.collection, "CourseUnit", children: children)
    }

    /// Every second quiz is a question set of the newer kind, whose questions are children in the tree.
    private func quizNode(_ number: Int) -> JSONValue {
        let identifier = "do_sample_quiz_\(number)"
        guard number % 2 == 0 else {
            return node(
                identifier, "Quiz \(number)", "application/vnd.ekstep.ecml-archive", "SelfAssess", children: nil)
        }
        return .members(
            ("identifier", .string(identifier)), ("name", .string("Quiz \(number)")),
            ("mimeType", .string("application/vnd.sunbird.questionset")), ("objectType", .string("QuestionSet")),
            ("primaryCategory", .string("Practice Question Set")),
            ("children", .array([reading("do_sample_question_\(number)", "Question")])))
    }

    private func reading(_ identifier: String, _ name: String, isOptional: Bool = false) -> JSONValue {
        guard case .object(let members) = node(identifier, name, "application/pdf", "Resource", children: nil) else {
            return .null
        }
        guard isOptional else { return .object(members) }
        return .object(members + [.init("relationalMetadata", .members(("optional", .bool(true))))])
    }

    private static let collection = "application/vnd.ekstep.content-collection"

    private func node(
        _ identifier: String, _ name: String, _ mimeType: String, _ contentType: String, children: [JSONValue]?
    ) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("identifier", .string(identifier)), .init("name", .string(name)),
            .init("mimeType", .string(mimeType)), .init("contentType", .string(contentType)),
            .init("objectType", .string(children == nil ? "Content" : "Collection")),
        ]
        if identifier == Self.course { members.append(.init("leafNodesCount", .integer(leaves.count + 1))) }
        if let children { members.append(.init("children", .array(children))) }
        return .object(members)
    }
}
