public import ReportModel

/// What the reports need to know of a collection's tree (the table of design.md 6.1).
public struct CourseAnalysis: Sendable, Hashable {
    /// A node below the root that is no nested collection; its children, if any, are not leaves.
    public struct Leaf: Sendable, Hashable {
        /// `identifier`.
        public var identifier: String
        /// False if it is optional: then it counts on neither side of a progress.
        public var isRequired: Bool
    }

    /// A collection below the root that gets a column of its own.
    public struct NestedCollection: Sendable, Hashable {
        /// `identifier`.
        public var identifier: String
        /// `name`, the title.
        public var name: String
        /// 1 for a child of the root.
        public var depth: Int
        /// Identifiers of the required leaves below it at any depth, each once.
        public var requiredLeaves: [String]
    }

    /// A node that counts as an assessment.
    public struct Assessment: Sendable, Hashable {
        /// `identifier`.
        public var identifier: String
        /// `name`, the title.
        public var name: String
    }

    /// Distinct leaves in tree order, each at its first position.
    public private(set) var leaves: [Leaf] = []
    /// Distinct nested collections in tree order, down to `ReportRules.nestedDepth`.
    public private(set) var nestedCollections: [NestedCollection] = []
    /// Distinct assessments in tree order, the root included.
    public private(set) var assessments: [Assessment] = []
    /// Identifiers that are optional, by the relation cache or by the leaf's first position in the tree.
    public private(set) var optional: Set<String>
    /// `leafNodesCount` of the root, or without a tree of the catalogue.
    public let leafNodesCount: Int?

    /// Analyses a tree; without one there are no leaves, nested collections or assessments, and the catalogue's
    /// `leafNodesCount` counts.
    public init(
        tree: CollectionTree?, optionalNodes: Set<String> = [], leafNodesCount: Int? = nil, rules: ReportRules = .init()
    ) {
        optional = optionalNodes
        self.leafNodesCount = tree == nil ? leafNodesCount : tree?.root.leafNodesCount
        guard let root = tree?.root else { return }
        var walk = TreeWalk(rules: rules)
        walk.visit(root)
        optional.formUnion(walk.optional)
        leaves = walk.leaves.map { Leaf(identifier: $0, isRequired: !optional.contains($0)) }
        nestedCollections = walk.nestedCollections.map { nested in
            var nested = nested
            nested.requiredLeaves.removeAll { optional.contains($0) }
            return nested
        }
        assessments = walk.assessments
    }

    /// The analysis of a report's collection.
    init(_ context: ReportContext) {
        self.init(
            tree: context.tree, optionalNodes: context.optionalNodes,
            leafNodesCount: context.batch.collection.leafNodesCount, rules: context.rules)
    }

    /// How many leaves are required.
    public var requiredLeafCount: Int { leaves.count { $0.isRequired } }
}

/// One depth-first walk over a tree.
private struct TreeWalk {
    let rule: AssessmentRule
    let nestedDepth: Int
    var leaves: [String] = []
    var nestedCollections: [CourseAnalysis.NestedCollection] = []
    var assessments: [CourseAnalysis.Assessment] = []
    var optional: Set<String> = []
    private var seenLeaves: Set<String> = []
    private var seenNested: Set<String> = []
    private var seenAssessments: Set<String> = []

    init(rules: ReportRules) {
        rule = AssessmentRule(rules)
        nestedDepth = rules.nestedDepth
    }

    mutating func visit(_ root: CollectionTree.Node) {
        noteAssessment(root)
        _ = visitChildren(of: root, depth: 1, isInsideLeaf: false)
    }

    /// Gives the leaves below `node`, in tree order, each once. Inside a leaf are no leaves of the collection, though a
    /// nested collection there has leaves of its own.
    private mutating func visitChildren(
        of node: CollectionTree.Node, depth: Int, isInsideLeaf: Bool
    ) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        for child in node.children {
            noteAssessment(child)
            var below = [child.identifier]
            if child.isNestedCollection {
                let column = reserveColumn(for: child, depth: depth)
                below = visitChildren(of: child, depth: depth + 1, isInsideLeaf: isInsideLeaf)
                if let column { nestedCollections[column].requiredLeaves = below }
            } else {
                if !isInsideLeaf { noteLeaf(child) }
                _ = visitChildren(of: child, depth: depth + 1, isInsideLeaf: true)
            }
            for leaf in below where seen.insert(leaf).inserted { found.append(leaf) }
        }
        return found
    }

    /// The column of a nested collection, before the columns of those inside it.
    private mutating func reserveColumn(for node: CollectionTree.Node, depth: Int) -> Int? {
        guard depth <= nestedDepth, seenNested.insert(node.identifier).inserted else { return nil }
        nestedCollections.append(
            .init(identifier: node.identifier, name: node.name, depth: depth, requiredLeaves: []))
        return nestedCollections.count - 1
    }

    private mutating func noteLeaf(_ node: CollectionTree.Node) {
        guard seenLeaves.insert(node.identifier).inserted else { return }
        leaves.append(node.identifier)
        if node.isOptional { optional.insert(node.identifier) }
    }

    private mutating func noteAssessment(_ node: CollectionTree.Node) {
        guard rule.admits(node), seenAssessments.insert(node.identifier).inserted else { return }
        assessments.append(.init(identifier: node.identifier, name: node.name))
    }
}
