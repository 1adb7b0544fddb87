import ReportModel

/// What the store counted for a learner in the nested collections and the whole collection, walking the aggregates of a
/// page once.
struct NestedAggregates: Sendable {
    /// The collection first, then the nested ones.
    private var activities = IdentifierTable()
    private let activityOfNested: [Int]
    /// NaN where the store did not count; by activity.
    private var completedCounts: [Double]
    private var next = 0

    /// Seconds that the store counted for the whole collection.
    private(set) var timeSpent: Double?

    init(_ course: CourseAnalysis, collection: String) {
        activities.insert(collection)
        var activityOfNested: [Int] = []
        for nested in course.nestedCollections { activityOfNested.append(activities.insert(nested.identifier).index) }
        self.activityOfNested = activityOfNested
        completedCounts = [Double](repeating: .nan, count: activities.count)
    }

    /// What the store counted as completed in a nested collection, by its place in `CourseAnalysis.nestedCollections`.
    func completedCount(ofNested nested: Int) -> Double? {
        let count = completedCounts[activityOfNested[nested]]
        return count.isNaN ? nil : count
    }

    /// Begins a page.
    mutating func reset() { next = 0 }

    /// Reads a learner's aggregates; learners must come in order.
    mutating func read(_ learner: Int, of page: AggregatePage) {
        for index in completedCounts.indices { completedCounts[index] = .nan }
        timeSpent = nil
        while next < page.aggregates.count, page.aggregates[next].learner <= learner {
            let aggregate = page.aggregates[next]
            next += 1
            guard aggregate.learner == learner, let activity = activities.index(of: aggregate.activity, in: page.arena)
            else { continue }
            completedCounts[activity] = aggregate.completedCount ?? .nan
            if activity == 0 { timeSpent = aggregate.timeSpent }
        }
    }
}
