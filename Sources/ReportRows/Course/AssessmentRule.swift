import ReportModel

/// Which nodes of a tree are assessments (design.md 6.1, upstream.md 5.3).
struct AssessmentRule {
    private let contentTypes: Set<String>
    private let objectTypes: Set<String>
    private let primaryCategories: Set<String>

    init(_ rules: ReportRules) {
        contentTypes = Set(rules.assessmentContentTypes)
        objectTypes = Set(rules.assessmentObjectTypes.isEmpty ? ["QuestionSet"] : rules.assessmentObjectTypes)
        primaryCategories = Set(rules.assessmentPrimaryCategories)
    }

    /// Upstream takes an empty list of types for a node without type; here an empty list switches its check off.
    func admits(_ node: CollectionTree.Node) -> Bool {
        contentTypes.contains(node.contentType)
            || objectTypes.contains(node.objectType) && primaryCategories.contains(node.primaryCategory)
    }
}
