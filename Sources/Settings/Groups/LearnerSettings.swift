/// Where learner data is read from.
public struct LearnerSettings: Sendable {
    /// A store of learner data.
    public enum Store: String, Sendable, Hashable, CaseIterable {
        /// `learners.db` of the data folder, which `exhaust import` fills.
        case embedded
        /// The tables of a deployment.
        case cassandra
    }

    /// `learners.store`.
    public var store = Store.embedded

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Learner data")
        try reader.choice(
            &store, "learners.store",
            "Where learner data is read from: learners.db of the data folder, or a deployment's Cassandra.")
    }
}
