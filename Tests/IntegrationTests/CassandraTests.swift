import CassandraLoading
import Glibc
import ReportModel
import ServiceTesting
import Testing

extension TheProgram {
    /// The real binary on the tables of a deployment.
    @Suite(.enabled(if: Deployment.service.isToBeTested, "\(Deployment.service.reason)")) struct Cassandra {
        /// The sample course in the data folder, and in a deployment.
        private static func scene(_ deployment: Deployment, learners: Int = 60) async throws -> Scene {
            let scene = try await Scene.withoutArchive(learners: learners)
            try await deployment.fill(from: scene.path("sample"))
            return scene
        }

        @Test(arguments: [
            (DeploymentForm.AttemptKey.user, "user_enrolments", "ask"), (.course, "report_user_enrolments", "scan"),
        ])
        func `a request gives the same CSV from a deployment as from the data folder, and tells how it was read`(
            key: DeploymentForm.AttemptKey, enrolments: String, way: String
        ) async throws {
            let deployment = try Deployment(key)
            let embedded = try await Self.scene(deployment)
            let scene = try embedded.with(
                deployment.settings.merging([
                    "EXHAUST_CASSANDRA_ENROLMENTS": enrolments, "EXHAUST_CASSANDRA_READING": way,
                ]) { $1 })
            for report in ["progress-exhaust", "response-exhaust"] {
                let expected = try await embedded.csv(report)
                #expect(try await scene.csv(report) == expected)
                let id = try await scene.submit(report)
                try await scene.done("work", "--once")
                let files = try await scene.open(try scene.file(of: try await scene.status(id)))
                #expect(files.first { $0.key.hasSuffix(".csv") && $0.key != "dictionary.csv" }?.value == expected)
                let receipt = try JSONValue(parsing: try #require(files["receipt.json"]))
                let readings = receipt["reading"]?.elements ?? []
                #expect(readings.first?["table"]?.text == "\(deployment.form.courses).\(enrolments)")
                #expect(readings.first?["way"]?.text == (key == .user ? "scanned" : "partition"))
                #expect(readings.count > 1 && readings.allSatisfy { $0["reason"]?.text?.isEmpty == false })
            }
            try await deployment.end()
        }

        @Test(arguments: [
            (DeploymentForm.AttemptKey.user, "user_enrolments"), (.course, "report_user_enrolments"),
        ])
        func `a batch that is copied from a deployment gives the same reports from the data folder`(
            key: DeploymentForm.AttemptKey, enrolments: String
        ) async throws {
            let deployment = try Deployment(key)
            let original = try await Self.scene(deployment)
            let copy = try Scene(
                settings: deployment.settings.merging(["EXHAUST_CASSANDRA_ENROLMENTS": enrolments]) { $1 })
            let unknown = try await copy.exhaust("copy", "--from", "cassandra", "--batch", "nothing")
            #expect(unknown.status == 1 && unknown.errors.contains("no batch has the id nothing"), "\(unknown.errors)")
            try await copy.done("copy", "--from", "cassandra", "--batch", Scene.batch)
            #expect(!Folder.names(in: copy.data).contains { $0.hasPrefix("copy.") })
            // Profiles and contents are kept elsewhere, and no such store is named here.
            try Folder.make(copy.path("people"))
            for file in Folder.files(below: original.path("sample"))
            where file.hasPrefix("user.") || file.hasPrefix("content.") {
                try Folder.write(
                    try Folder.read("\(original.path("sample"))/\(file)"), to: "\(copy.path("people"))/\(file)")
            }
            try await copy.done("import", copy.path("people"))
            let embedded = try copy.with(["EXHAUST_LEARNERS_STORE": "embedded"])
            for report in ["progress-exhaust", "response-exhaust"] {
                #expect(try await embedded.csv(report) == (try await original.csv(report)))
            }
            try await deployment.end()
        }

        @Test func `the doctor names each fault of a deployment with its remedy`() async throws {
            let deployment = try Deployment(.user)
            let embedded = try await Self.scene(deployment, learners: 5)
            func expect(
                _ change: [String: String], _ text: String, _ remedy: String,
                sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                let scene = try embedded.with(deployment.settings.merging(change) { $1 })
                let outcome = try await scene.exhaust("doctor")
                #expect(outcome.status == 1, sourceLocation: sourceLocation)
                #expect(
                    outcome.text.contains("broken  cassandra") && outcome.text.contains(text)
                        && outcome.text.contains(remedy), "\(outcome.text)", sourceLocation: sourceLocation)
            }
            let good = try await embedded.with(deployment.settings).exhaust("doctor")
            #expect(good.status == 0 && good.text.contains("good  cassandra: cluster at"), "\(good.text)")
            #expect(good.text.contains("user_enrolments: keyed by (userid), scanned once a run"), "\(good.text)")
            try await expect(["EXHAUST_CASSANDRA_DRIVER": "libnone.so"], "libnone.so", "cassandra.driver")
            try await expect(
                ["EXHAUST_CASSANDRA_PORT": "1", "EXHAUST_CASSANDRA_CONNECTSECONDS": "1"], "no node answers",
                "cassandra.contactPoints")
            try await expect(
                ["EXHAUST_CASSANDRA_LOCALDATACENTRE": "elsewhere"], "there is no data centre elsewhere",
                "cassandra.localDataCentre")
            try await expect(
                ["EXHAUST_CASSANDRA_KEYSPACE_PLATFORM": "nowhere"], "there is no keyspace nowhere", "cassandra.keyspace"
            )
            try await deployment.changing { loader in
                try await loader.run("ALTER TABLE \(deployment.form.courses).user_enrolments DROP active")
            }
            try await expect([:], "user_enrolments has no column active", "migrations")
            try await deployment.end()
        }

        @Test func `without the driver everything starts, and a report fails with the remedy`() async throws {
            let deployment = try Deployment(.user, libraries: "libnone.so")
            let scene = try await Scene.withSample(learners: 5).with(deployment.settings)
            let refused = try await scene.exhaust(
                "run", "progress-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--csv", "-")
            #expect(refused.status == 1 && refused.errors.contains("cassandra.driver"), "\(refused.errors)")
            #expect(try await scene.exhaust("expire").status == 0)
        }
    }
}
