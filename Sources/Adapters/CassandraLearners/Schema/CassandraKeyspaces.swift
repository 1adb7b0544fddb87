/// Where the deployment keeps its tables; the setting names are `cassandra.keyspace.…`.
public struct CassandraKeyspaces: Sendable, Hashable {
    /// Batches, enrolments, aggregates, attempts.
    public var courses = "sunbird_courses"
    /// Enrolments, where they are elsewhere than the courses; nil where they are not.
    public var enrolments: String?
    /// Trees of collections: `<env>_hierarchy_store`.
    public var hierarchy = "dev_hierarchy_store"
    /// Consent, settings, preferences, organisations.
    public var platform = "sunbird"

    /// The names of a deployment called `dev`.
    public init() {}

    var batches: String { "\(courses).course_batch" }
    var trees: String { "\(hierarchy).content_hierarchy" }
    var settings: String { "\(platform).system_settings" }
    var preferences: String { "\(platform).tenant_preference_v2" }
    var organisations: String { "\(platform).organisation" }

    var all: [String] { [courses, enrolments ?? courses, hierarchy, platform] }
}
