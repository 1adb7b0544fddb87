import PostgresJobs
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@Suite(.needsPostgres) struct ConsumerTests {
    /// As upstream's installer makes it, and as its API's tests do (upstream.md 1.3).
    private static let shapes = [
        "consumer_id text, channel text, status smallint, created_by text, created_on timestamptz",
        "consumer_id varchar(100), channel varchar(20), status integer",
    ]

    @Test(arguments: shapes) func `only rows of status 1 with both names allow anybody`(shape: String) async throws {
        let scene = try await PostgresScene(
            prepare: """
                CREATE TABLE dev_consumer_channel_mapping (\(shape));
                INSERT INTO dev_consumer_channel_mapping (consumer_id, channel, status) VALUES
                    ('portal', 'org-1', 1), ('portal', 'org-2', 0), ('portal', 'org-3', NULL), ('', 'org-1', 1),
                    ('job', '', 1), (NULL, 'org-1', 1), ('job', 'org-2', 1), ('job', 'org-3', 10)
                """)
        let found = try await scene.store.allowedConsumers()
        #expect(
            found == [
                ConsumerChannel(consumer: "job", channel: "org-2"),
                ConsumerChannel(consumer: "portal", channel: "org-1"),
            ])
        try await scene.end()
    }

    @Test func `a database without the table allows nobody, and says which one is missing`() async throws {
        let scene = try await PostgresScene()
        let error = await failure { _ = try await scene.store.allowedConsumers() }
        #expect(error?.code == .unavailable && error?.mender == .operator)
        #expect(error?.message.contains("dev_consumer_channel_mapping") == true)
        try await scene.end()
    }
}
