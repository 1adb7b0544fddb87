import CassandraAccess
import CassandraLoading
import Glibc
import ReportModel
import ServiceTesting
import Testing

extension TheProgram {
    /// A server that warns of every read, quoting the query with the learners in it, and then fails reads.
    @Suite(.needsPython, .enabled(if: Deployment.service.isToBeTested, "\(Deployment.service.reason)"))
    struct CassandraSecrecy {
        private static let password = "Lese-Geheimnis-7421"

        /// Lowers a limit of the server.
        private static func set(_ name: String, _ value: String, _ server: OwnServer) async throws {
            try await server.run(
                "nodetool", "sjk", "mx", "-b", "org.apache.cassandra.db:type=StorageService", "--set", "-f", name,
                "-v", value)
        }

        /// A deployment that only a reader with a password may read.
        private static func filled(
            _ server: OwnServer, _ folder: String, users: [String]
        ) async throws -> Deployment {
            let deployment = try Deployment(
                .user, at: server.address, libraries: server.variables["EXHAUST_TEST_CASSANDRA_DRIVER"]
            ) { $0.credentials = .init(user: "cassandra", password: "cassandra") }
            try await deployment.fill(from: folder)
            try await deployment.changing { loader in
                try await loader.run("CREATE ROLE reader WITH PASSWORD = '\(password)' AND LOGIN = true")
                for keyspace in deployment.form.keyspaces {
                    try await loader.run("GRANT SELECT ON KEYSPACE \(keyspace) TO reader")
                }
                // What was taken back is what the server warns of.
                for user in users.prefix(20) {
                    for attempt in 0..<5 {
                        try await loader.run(
                            "DELETE FROM \(deployment.form.courses).assessment_aggregator WHERE user_id = '\(user)' AND "
                                + "course_id = 'do_sample_course' AND batch_id = '\(Scene.batch)' AND "
                                + "content_id = 'gone' AND attempt_id = '\(attempt)'")
                    }
                }
            }
            return deployment
        }

        @Test func `no learner and no password is in logs and errors, whatever the server warns of and fails at`()
            async throws
        {
            try await OwnServer.using(
                Deployment.service, options: ["--auth", "--address", "127.0.0.9"], body: Self.check)
        }

        private static func check(_ server: OwnServer) async throws {
            let embedded = try await Scene.withoutArchive(learners: 100)
            let users = Secrecy.users(try await embedded.csv("progress-exhaust"))
            #expect(users.count > 80)
            let deployment = try await filled(server, embedded.path("sample"), users: users)
            let scene = try embedded.with(
                deployment.settings.merging([
                    "EXHAUST_CASSANDRA_USER": "reader", "EXHAUST_CASSANDRA_PASSWORD": password,
                    "EXHAUST_LOG_LEVEL": "debug", "EXHAUST_CASSANDRA_READING": "ask",
                    "EXHAUST_CASSANDRA_ATTEMPTS": "2", "EXHAUST_RETRY_BASESECONDS": "1",
                ]) { $1 })
            var said = ""
            try await set("TombstoneWarnThreshold", "1", server)
            for report in ["progress-exhaust", "response-exhaust", "userinfo-exhaust"] {
                _ = try await scene.submit(report)
            }
            let good = try await scene.done("work", "--once")
            said += good.errors + good.text
            // The driver hands warnings on; of them the log tells where they came from.
            #expect(said.contains("cassandra-driver") && said.contains("decode_warnings"))
            let log = String(decoding: try Folder.read("\(server.folder)/node1/log"), as: UTF8.self)
            #expect(users.contains { log.contains($0) }, "the server did not warn with a learner's id")

            try await set("TombstoneFailureThreshold", "2", server)
            let id = try await scene.submit("response-exhaust", tag: "failing")
            let failing = try await scene.done("work", "--once")
            said += failing.errors + failing.text
            let status = try await scene.status(id)
            #expect(status["error"]?.text?.contains("too many tombstones") == true, "\(status.compactText)")
            let plain = try await scene.exhaust(
                "run", "response-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--csv", "-")
            #expect(plain.status == 1)
            let wrong = try await scene.with(["EXHAUST_CASSANDRA_PASSWORD": password + "x"]).exhaust("doctor")
            let doctor = try await scene.exhaust("doctor")
            said += [status.compactText, plain.errors, wrong.text, wrong.errors, doctor.text, doctor.errors]
                .joined(separator: "\n")
            for secret in users + Secrecy.people + [password] {
                #expect(!said.contains(secret), "what was said holds a secret")
            }
            #expect(!said.contains("SELECT "))
        }
    }
}
