import Glibc
import ReportModel
import ServiceTesting
import Testing

extension TheProgram {
    /// `exhaust doctor` on a deployment of which one thing is broken at a time: it names that thing and what to do.
    @Suite(.needsDeployment) struct DoctorOfDeployments {
        private static let wrong = "Kanarienvogel-77"
        private static let cachePassword = "Zaunkoenig-12"

        /// What the doctor says of `subject` with these settings, and nothing of any secret.
        private static func expect(
            _ subject: String, _ text: String, _ remedy: String, in scene: Scene, _ settings: [String: String] = [:],
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let found = try await scene.with(
                settings.merging(["EXHAUST_POSTGRES_RETRYSECONDS": "0", "EXHAUST_PROFILES_REDIS_RETRYSECONDS": "0"]) {
                    $1
                }
            ).exhaust("doctor")
            #expect(found.status == 1, sourceLocation: sourceLocation)
            let lines = found.text.split(separator: "\n")
            let place = lines.firstIndex { $0.hasPrefix("broken  \(subject): ") && $0.contains(text) }
            #expect(
                place.map { lines.dropFirst($0 + 1).first?.contains(remedy) == true } == true, "\(found.text)",
                sourceLocation: sourceLocation)
            // What is well is not blamed.
            let others = lines.filter { $0.hasPrefix("broken") && !$0.hasPrefix("broken  \(subject): ") }
            #expect(others.isEmpty, "\(others)", sourceLocation: sourceLocation)
            for secret in [wrong, cachePassword, "exhaust-secret", StandInServices.refusal, Scene.password] {
                #expect(!(found.text + found.errors).contains(secret), sourceLocation: sourceLocation)
            }
        }

        @Test func `each broken part of a deployment is named with its remedy`() async throws {
            try await MixedDeployment.using { deployment in
                let scene = deployment.scene
                _ = try await scene.submit("progress-exhaust")
                try await scene.done("work", "--once")
                let well = try await scene.done("doctor").text
                for part in [
                    "bucket", "profiles", "content-search", "tenant-preferences", "organisation-search", "user-service",
                    "job tables", "audit tables", "key", "job store", "files",
                ] {
                    #expect(well.contains("good  \(part): "), "\(part): \(well)")
                }
                try await Self.buckets(deployment)
                try await Self.caches(deployment)
                try await Self.services(deployment)
            }
        }

        private static func buckets(_ deployment: MixedDeployment) async throws {
            let scene = deployment.scene
            try await expect(
                "bucket", "the credentials do not fit", "files.s3.keyID", in: scene, ["EXHAUST_FILES_S3_SECRET": wrong])
            try await expect(
                "bucket", "there is no such bucket", "files.s3.bucket", in: scene,
                ["EXHAUST_FILES_S3_BUCKET": "elsewhere"])
            try await expect(
                "bucket", "there are no credentials", "files.s3.keyID", in: scene,
                ["EXHAUST_FILES_S3_KEYID": "", "EXHAUST_FILES_S3_SECRET": ""])
            try await deployment.bucket.stop()
            try await expect("bucket", "it cannot be reached", "Check the address", in: scene)
            try await deployment.bucket.start()
        }

        private static func caches(_ deployment: MixedDeployment) async throws {
            let (scene, redis) = (deployment.scene, deployment.redis)
            let port = redis.address.split(separator: ":").last.map(String.init) ?? ""
            func configure(_ password: String, as known: String) async throws {
                let authority = known.isEmpty ? [] : ["--no-auth-warning", "-a", known]
                let done = try await Programs.run(
                    "redis-cli", ["-p", port] + authority + ["config", "set", "requirepass", password])
                try #require(done.text == "OK\n", "\(done.text)\(done.errors)")
            }
            try TestLogs.keepSecret(cachePassword, "a password of Redis")
            try await configure(cachePassword, as: "")
            for settings in [[:], ["EXHAUST_PROFILES_REDIS_PASSWORD": wrong]] {
                try await expect(
                    "profiles", "Redis \(redis.address): it wants a user and password that fit",
                    "profiles.redis.password", in: scene, settings)
            }
            try await configure("", as: cachePassword)
            try await redis.stop()
            try await expect("profiles", "Redis \(redis.address): ", "profiles.redis", in: scene)
            try await redis.start()
        }

        private static func services(_ deployment: MixedDeployment) async throws {
            let (scene, services) = (deployment.scene, deployment.services)
            let parts: [(service: StandInServices.Service, subject: String, name: String, setting: String)] = [
                (.search, "content-search", "content search", "SEARCH"),
                (.preferences, "tenant-preferences", "tenant preferences", "PREFERENCES"),
                (.organisations, "organisation-search", "organisation search", "ORGANISATIONS"),
                (.users, "user-service", "user service", "USERS"),
            ]
            for (service, subject, name, setting) in parts {
                services.answer(500, from: service)
                try await expect(subject, "\(name): it answers 500", "its address in services.*", in: scene)
                services.answer(service == .users ? nil : 403, from: service)
                if service != .users {
                    try await expect(subject, "\(name): it refuses us: 403", "inside the deployment", in: scene)
                }
                services.answer(nil, from: service)
                let nobody = "http://127.0.0.1:\(try LoopbackServer.freePort())\(service.rawValue)"
                try await expect(
                    subject, "\(name): ", "Check the address, and that the service runs", in: scene,
                    ["EXHAUST_SERVICES_\(setting)_URL": nobody])
            }
        }

        @Test func `an audit table that is missing, or closed to the user, is named with its remedy`() async throws {
            try await MixedDeployment.using { deployment in
                let (scene, schema) = (deployment.scene, deployment.schema)
                _ = try await scene.submit("progress-exhaust")
                try await scene.done("work", "--once")
                let role = "doctor_\(UInt32.random(in: 0 ... .max))"
                try await TestDatabase.sql(
                    """
                    CREATE ROLE \(role) LOGIN;
                    GRANT USAGE ON SCHEMA \(schema) TO \(role);
                    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(schema) TO \(role);
                    """)
                let user = ["EXHAUST_POSTGRES_USER": role]
                #expect(try await scene.with(user).exhaust("doctor").status == 0)
                try await TestDatabase.sql("REVOKE INSERT, DELETE ON \(schema).dev_exhaust_audit FROM \(role)")
                try await Self.expect(
                    "audit tables", "this user may not INSERT, DELETE on \"\(schema)\".\"dev_exhaust_audit\"",
                    "GRANT SELECT, INSERT, DELETE ON", in: scene, user)
                try await TestDatabase.sql("REVOKE ALL ON \(schema).dev_exhaust_audit_rule FROM \(role)")
                try await Self.expect("audit tables", "permission denied", "Grant it to the user", in: scene, user)
                try await TestDatabase.sql(
                    "REASSIGN OWNED BY \(role) TO CURRENT_USER; DROP OWNED BY \(role); DROP ROLE \(role);"
                        + "ALTER TABLE \(schema).dev_exhaust_audit RENAME TO moved")
                try await Self.expect("audit tables", "there is no table", "backup of the database", in: scene)
                try await TestDatabase.sql("ALTER TABLE \(schema).moved RENAME TO dev_exhaust_audit")
            }
        }
    }

    /// `exhaust doctor` on a data folder of which one thing is broken.
    @Suite struct DoctorOfFolders {
        private static func canDrop() async -> Bool {
            if geteuid() != 0 { return true }
            return await Programs.answers("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "true")
        }

        /// Runs the doctor as somebody whom modes of files concern, also where the tests run as root.
        private func doctor(_ scene: Scene) async throws -> Outcome {
            guard geteuid() == 0 else { return try await scene.exhaust("doctor") }
            let words = ["--bounding-set", "-dac_override,-dac_read_search", Programs.exhaust, "doctor"]
            return try await scene.start("setpriv", words + ["--data", scene.data]).outcome()
        }

        @Test(.enabled("the rights of root cannot be dropped here") { await canDrop() })
        func `folders of files and parts that cannot be written are named with the remedy`() async throws {
            let scene = try await Scene.withSample(learners: 5)
            _ = try await scene.submit("progress-exhaust")
            try await scene.done("work", "--once")
            #expect(try await doctor(scene).status == 0)
            for part in ["files", "parts"] {
                let folder = "\(scene.data)/\(part)"
                chmod(folder, 0o500)
                let found = try await doctor(scene)
                chmod(folder, 0o700)
                #expect(
                    found.status == 1
                        && found.text.contains(
                            "broken  \(part): folder \(folder): it cannot be written: Permission denied\n"
                                + "      Give the user of the service this folder"),
                    "\(found.text)")
            }
            rename("\(scene.data)/parts", scene.path("parts"))
            try Folder.write("no folder", to: "\(scene.data)/parts")
            let found = try await doctor(scene)
            #expect(found.status == 1 && found.text.contains("broken  parts: "), "\(found.text)")
        }

        @Test(arguments: [0, 1]) func `a damaged audit log is named with the remedy`(page: Int) async throws {
            let scene = try await Scene.withSample(learners: 5, settings: ["EXHAUST_ACCESS_DEMO": "true"])
            try await scene.running("serve", "--listen", "127.0.0.1:0") { server in
                try await server.line { $0.contains("server-started") }
                server.send(SIGTERM)
                #expect(await server.outcome().status == 0)
            }
            let audit = "\(scene.data)/audit.db"
            #expect(try await scene.done("doctor").text.contains("good  audit log: empty so far"))
            let whole = try Folder.read(audit)
            // The first page tells that it is a database; a later one only what stands there.
            let start = page == 0 ? 0 : 4096 * 3
            var bytes = whole
            for place in start..<(start + 4096) { bytes[place] = 7 }
            try Folder.write(bytes, to: audit)
            let found = try await scene.exhaust("doctor")
            #expect(
                found.status == 1 && found.text.contains("broken  audit log: ")
                    && found.text.contains(page == 0 ? "it is no database" : "its content is damaged")
                    && found.text.contains(page == 0 ? "restore a backup" : "Put audit.db back from a backup"),
                "\(found.text)")
        }
    }
}
