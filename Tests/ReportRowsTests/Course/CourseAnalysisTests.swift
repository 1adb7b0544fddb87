import ReportModel
import ReportRows
import Testing

@Suite struct CourseAnalysisTests {
    @Test func `leaves are the nodes that are no collections, each at its first position`() {
        let course = CourseAnalysis(tree: CourseFixture.tree)
        #expect(course.leaves.map(\.identifier) == ["do_c1", "do_quiz1", "do_c2", "do_c3", "do_set1", "do_c4"])
        #expect(course.leaves.filter { !$0.isRequired }.map(\.identifier) == ["do_c2"])
        #expect(course.requiredLeafCount == 5)
        #expect(course.leafNodesCount == 5)
    }

    @Test func `the relation cache makes leaves optional too`() {
        let course = CourseAnalysis(tree: CourseFixture.tree, optionalNodes: ["do_c4", "do_unknown"])
        #expect(course.leaves.filter { !$0.isRequired }.map(\.identifier) == ["do_c2", "do_c4"])
        #expect(course.optional == ["do_c2", "do_c4", "do_unknown"])
    }

    @Test(arguments: [
        (0, []), (1, ["do_unit1", "do_unit2", "do_unit3"]),
        (2, ["do_unit1", "do_unit1a", "do_unit2", "do_unit3"]), (9, ["do_unit1", "do_unit1a", "do_unit2", "do_unit3"]),
    ])
    func `nested collections go down to the depth of the setting`(depth: Int, expected: [String]) {
        let course = CourseAnalysis(tree: CourseFixture.tree, rules: ReportRules(nestedDepth: depth))
        #expect(course.nestedCollections.map(\.identifier) == expected)
    }

    @Test func `a nested collection requires the leaves at any depth below it`() {
        let nested = CourseAnalysis(tree: CourseFixture.tree, rules: ReportRules(nestedDepth: 2)).nestedCollections
        #expect(nested.map(\.depth) == [1, 2, 1, 1])
        #expect(
            nested.map(\.requiredLeaves) == [
                ["do_c1", "do_quiz1", "do_c3"], ["do_c3"], ["do_c1", "do_set1"], [],
            ])
    }

    @Test func `assessments are found by type, or by object type and category, the root included`() {
        var root = CollectionTree.Node.assessment("do_c")
        root.children = [
            .questionSet("do_set1"), .questionSet("do_other", category: "Exam"), .assessment("do_quiz"),
            .content("do_leaf", [.questionSet("do_inside"), .assessment("do_quiz")]),
        ]
        let tree = CollectionTree(root: root)
        func found(_ change: (inout ReportRules) -> Void = { _ in }) -> [String] {
            var rules = ReportRules()
            change(&rules)
            return CourseAnalysis(tree: tree, rules: rules).assessments.map(\.identifier)
        }
        #expect(found() == ["do_c", "do_set1", "do_quiz", "do_inside"])
        #expect(found { $0.assessmentContentTypes = [] } == ["do_set1", "do_inside"])
        #expect(found { $0.assessmentPrimaryCategories = [] } == ["do_c", "do_quiz"])
        #expect(found { $0.assessmentObjectTypes = [] } == found())
        #expect(found { $0.assessmentObjectTypes = ["Content"] } == ["do_c", "do_quiz"])
        #expect(found { $0.assessmentPrimaryCategories = ["Exam"] } == ["do_c", "do_other", "do_quiz"])
    }

    @Test func `without a tree the catalogue's count is all that is known`() {
        let course = CourseAnalysis(tree: nil, leafNodesCount: 4)
        #expect(course.leaves.isEmpty && course.nestedCollections.isEmpty && course.assessments.isEmpty)
        #expect(course.leafNodesCount == 4)
        #expect(CourseAnalysis(tree: .test([]), leafNodesCount: 4).leafNodesCount == nil)
    }
}
