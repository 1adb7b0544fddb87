import ReportModel

/// What the store counted for a learner in the nested collections and the whole collection, walking the aggregates of a
/// page once.
struct NestedAggregates: Sendable {
    private let nested: IdentifierTable
    private let collection: [UInt8]
    private var next = 0

    /// Of each nested collection, in the order of `CourseAnalysis.nestedCollections`.
    private(set) var completedCounts: [Double?]
    /// Seconds that the store counted for the whole collection.
    private(set) var timeSpent: Double?

    init(_ course: CourseAnalysis, collection: String) {
        nested = IdentifierTable(course.nestedCollections.map(\.identifier))
        self.collection = Array(collection.utf8)
        completedCounts = [Double?](repeating: nil, count: nested.count)
    }

    /// Begins a page.
    mutating func reset() { next = 0 }

    /// Reads a learner's aggregates; learners must come in order.
    mutating func read(_ learner: Int, of page: AggregatePage) {
        for index in completedCounts.indices { completedCounts[index] = nil }
        timeSpent = nil
        while next < page.aggregates.count, page.aggregates[next].learner < learner { next += 1 }
        while next < page.aggregates.count, page.aggregates[next].learner == learner {
            let aggregate = page.aggregates[next]
            next += 1
            page.arena.withBytes(of: aggregate.activity) { activity in
                if let index = nested.index(of: activity) { completedCounts[index] = aggregate.completedCount }
                if collection.withUnsafeBytes({ equalBytes($0, activity) }) { timeSpent = aggregate.timeSpent }
            }
        }
    }
}
