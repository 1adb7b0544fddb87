import CassandraLoading
import Glibc
import ServiceTesting
import Testing

extension TheProgram {
    /// The golden files of the special cases, from the tables of a deployment.
    ///
    /// All 58 are the same bytes, and all 6 refusals the same. What the tables are given differs from Tests/Oracle/edge in
    /// this, for reasons that lie in Cassandra's types:
    /// - `standIns`: moments that a timestamp column cannot hold, or would hold as another one; each with its reason.
    /// - A number, moment or collection that is an empty text or an empty collection is no value; a text `TRUE` is a boolean.
    ///   A column that no deployment has (`favouritecolour`) is left out.
    /// - Archived attempts are in no table, but in CSV files, where no value and an empty text are the same.
    @Suite(.needsPython, .enabled(if: Deployment.service.isToBeTested, "\(Deployment.service.reason)"))
    struct CassandraGolden {
        private static let noColon =
            "a timestamp column takes no colon before the milliseconds, as text columns have it"
        private static let noZone =
            "the server takes a time without a zone as one of the zone that it happens to run in"

        private static let standIns = [
            EdgeFixture.StandIn(
                "user_enrolments", "enrolled_date", "2020-08-25 13:45:54:150+0000", "2020-08-25T13:45:54.150Z", noColon),
            .init("user_enrolments", "enrolled_date", "2020-08-25 13:45:54", "2020-08-25T13:45:54.000Z", noZone),
            .init("user_enrolments", "completedon", "2020-08-27 01:30:00.500", "2020-08-27T01:30:00.500Z", noZone),
        ]

        /// Further ones where the end of a consent is a timestamp.
        private static let standInsOfExpiry = [
            EdgeFixture.StandIn(
                "user_consent", "expiry", "2001-01-01 00:00:00:000+0000", "2001-01-01T00:00:00.000Z", noColon),
            .init("user_consent", "expiry", "2999-12-31 00:00:00:000+0000", "2999-12-31T00:00:00.000Z", noColon),
            .init("user_consent", "expiry", "2001-01-01", "2001-01-01T00:00:00.000Z", noZone),
            .init(
                "user_consent", "expiry", "someday", "1970-01-01T00:00:00.000Z",
                "a timestamp is always readable; what cannot be read has expired for the reports, and so has this"),
        ]

        /// Each form of the tables' keys, with one of the two types that the end of a consent has in deployments.
        private static let forms = [(DeploymentForm.AttemptKey.user, true), (.course, false)]

        @Test(arguments: forms)
        func
            `every special case is the same from a deployment, whatever its tables' keys are and however they are read`(
                key: DeploymentForm.AttemptKey, keepsExpiryAsText: Bool
            ) async throws
        {
            let scene = try Scene()
            let fixture = try EdgeFixture(
                below: scene.path("edge"),
                standIns: Self.standIns + (keepsExpiryAsText ? [] : Self.standInsOfExpiry))
            var deployment = try Deployment(key)
            deployment.form.keepsExpiryAsText = keepsExpiryAsText
            try await deployment.fill(from: fixture.tables)
            for enrolments in ["user_enrolments", "report_user_enrolments"] {
                for way in ["ask", "scan"] {
                    let settings = deployment.settings.merging([
                        "EXHAUST_CASSANDRA_ENROLMENTS": enrolments, "EXHAUST_CASSANDRA_READING": way,
                        "EXHAUST_ARCHIVE_STORE": "folder", "EXHAUST_ARCHIVE_FOLDER": fixture.archive,
                        "EXHAUST_ARCHIVE_PATH": EdgeFixture.archivePath,
                    ]) { $1 }
                    let outcome = try await Programs.run(
                        "python3",
                        [
                            "\(Programs.project)/Tests/Oracle/check_edge.py", "--exhaust", Programs.exhaust,
                            "--import", fixture.people,
                        ] + settings.sorted { $0.key < $1.key }.flatMap { ["--setting", "\($0.key)=\($0.value)"] })
                    #expect(outcome.status == 0, "\(enrolments), \(way): \(outcome.text)\(outcome.errors)")
                    #expect(outcome.text.contains("58 files, 6 refusals; 0 faults"), "\(outcome.text)")
                }
            }
            try await deployment.end()
        }
    }
}
