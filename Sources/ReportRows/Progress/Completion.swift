import ReportModel

/// How much of the collection, and of its nested collections, a learner has completed (design.md 6.1 and 6.2).
///
/// `read` looks at one learner; the percentages are that learner's until the next `read`.
struct Completion: Sendable {
    private let layout: ReportLayout
    /// The contents that count for something; what for, the arrays below say by their numbers.
    private let contents: IdentifierTable
    private let isOptional: [Bool]
    private let isRequired: [Bool]
    /// Where the nested collections that require a content begin in `nestedOfContents`, and after the last where they end.
    private let nestedStart: [Int]
    private let nestedOfContents: [Int]
    private let requiredCount: Int
    private let leafNodesCount: Int
    private let requiredOfNested: [Int]

    private var completedRequired = 0
    /// Completed contents that are not optional, whether or not the tree has them.
    private var completedEntries = 0
    private var completedOfNested: [Int]
    private var isCompleted = false

    init(_ course: CourseAnalysis, layout: ReportLayout) {
        self.layout = layout
        leafNodesCount = course.leafNodesCount ?? 0
        requiredCount = course.requiredLeafCount
        requiredOfNested = course.nestedCollections.map(\.requiredLeaves.count)
        completedOfNested = [Int](repeating: 0, count: course.nestedCollections.count)

        let required = Set(course.leaves.lazy.filter(\.isRequired).map(\.identifier))
        var nestedOf: [String: [Int]] = [:]
        for (nested, collection) in course.nestedCollections.enumerated() {
            for leaf in collection.requiredLeaves { nestedOf[leaf, default: []].append(nested) }
        }
        contents = IdentifierTable(course.optional.sorted() + required.sorted() + nestedOf.keys.sorted())
        let identifiers = (0..<contents.count).map(contents.text(at:))
        isOptional = identifiers.map(course.optional.contains)
        isRequired = identifiers.map(required.contains)
        let nested = identifiers.map { nestedOf[$0] ?? [] }
        nestedOfContents = nested.flatMap(\.self)
        nestedStart = nested.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    }

    /// Counts what a learner has completed.
    mutating func read(_ learner: Int, of page: EnrolmentPage) {
        let enrolment = page.enrolments[learner]
        isCompleted = enrolment.completedOn != nil
        completedRequired = 0
        completedEntries = 0
        for nested in completedOfNested.indices { completedOfNested[nested] = 0 }
        for entry in enrolment.contentStatus {
            let status = page.contentStatus[Int(entry)]
            guard status.status == 2 else { continue }
            guard let content = contents.index(of: status.content, in: page.arena) else {
                completedEntries += 1
                continue
            }
            if !isOptional[content] { completedEntries += 1 }
            if isRequired[content] { completedRequired += 1 }
            for index in nestedStart[content]..<nestedStart[content + 1] {
                completedOfNested[nestedOfContents[index]] += 1
            }
        }
    }

    /// Whole percent of the collection; nil if neither its leaves nor their number are known.
    var percent: Int? {
        if isCompleted { return 100 }
        if layout == .sunbird { return roundedPercent }
        if requiredCount > 0 { return percentDown(completedRequired, of: requiredCount) }
        return leafNodesCount > 0 ? percentDown(completedEntries, of: leafNodesCount) : nil
    }

    /// Whether `percent` rests on nothing but convention, because the number of leaves is not known.
    var isLeafCountUnknown: Bool {
        !isCompleted && leafNodesCount <= 0 && (layout == .sunbird || requiredCount == 0)
    }

    /// Whole percent of a nested collection, by the completed count of the store if it has one; nil without leaves.
    func percent(ofNested nested: Int, completedCount: Double?) -> Int? {
        let required = requiredOfNested[nested]
        if required == 0 { return nil }
        guard let completedCount, completedCount.isFinite else {
            return percentDown(completedOfNested[nested], of: required)
        }
        let percent = (completedCount * 100 / Double(required)).rounded(.down)
        return Int(min(max(percent, 0), 100))
    }

    private func percentDown(_ completed: Int, of required: Int) -> Int { min(completed * 100 / required, 100) }

    /// Single precision and halves up, as upstream computes it (upstream.md 5.3): 1 of 8 is 13.
    private var roundedPercent: Int {
        if completedEntries >= leafNodesCount { return 100 }
        let percent = Float(completedEntries) / Float(leafNodesCount) * 100
        return Int((Double(percent) + 0.5).rounded(.down))
    }
}
