/// How much sample data is made. The same options give the same files, byte for byte, on every machine.
public struct SampleOptions: Sendable, Hashable {
    /// Learners of the sample batch.
    public var learners: Int
    /// Sets names, scores and times; which learners are special cases it only shifts.
    public var seed: UInt64
    /// Attempts a learner, on average.
    public var attemptsPerLearner: Double
    /// Rows of `user_activity_agg` a learner, on average: the course's own, and one a unit begun.
    public var aggregatesPerLearner: Double
    /// Questions an attempt.
    public var questionsPerAttempt: Int
    /// Whether files are gzipped.
    public var isCompressed: Bool

    /// Options; the defaults are those of the benchmark (design.md 11).
    public init(
        learners: Int, seed: UInt64 = 1, attemptsPerLearner: Double = 3, aggregatesPerLearner: Double = 4.5,
        questionsPerAttempt: Int = 2, isCompressed: Bool = true
    ) {
        self.learners = learners
        self.seed = seed
        self.attemptsPerLearner = attemptsPerLearner
        self.aggregatesPerLearner = aggregatesPerLearner
        self.questionsPerAttempt = questionsPerAttempt
        self.isCompressed = isCompressed
    }

    /// Units of the course, so many that a learner can have that many aggregates.
    var units: Int { max(1, Int(aggregatesPerLearner.rounded(.up)) - 1) }
}
