import CassandraAccess
import CassandraLoading
import Glibc
import ReportModel
import ServiceTesting
import Testing

extension TheProgram {
    /// A node that wants TLS and a password, and that hangs when it is told to.
    @Suite(.serialized, .enabled(if: Deployment.service.isToBeTested, "\(Deployment.service.reason)"))
    struct GuardedCassandra {
        private static let address = "127.0.0.8"
        private static let password = "Schau-Geheimnis-1918"

        /// An authority, and what it signed: a certificate for the node's address and one for another name.
        private static func makeCertificates(in folder: TemporaryFolder) async throws {
            let script = """
                set -e
                for name in authority other; do
                    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$name -keyout $name.key -out $name.pem
                done
                for name in \(address) elsewhere.example.org; do
                    kind=DNS; case $name in [0-9]*) kind=IP;; esac
                    openssl req -newkey rsa:2048 -nodes -subj /CN=node -keyout $name.key -out $name.csr
                    echo "subjectAltName=$kind:$name" > $name.ext
                    openssl x509 -req -in $name.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
                        -extfile $name.ext -out $name.crt
                    openssl pkcs8 -topk8 -nocrypt -in $name.key > $name.node.pem
                    cat $name.crt authority.pem >> $name.node.pem
                done
                """
            let outcome = try await Programs.run("sh", ["-c", script], folder: folder.path)
            try #require(outcome.status == 0, "\(outcome.errors)")
        }

        private static func using(
            _ certificate: String, in folder: TemporaryFolder, body: (OwnServer) async throws -> Void
        ) async throws {
            try await OwnServer.using(
                Deployment.service,
                options: ["--auth", "--tls", "\(folder.path)/\(certificate).node.pem", "--address", address],
                body: body)
        }

        private static func settings(
            _ deployment: Deployment, _ folder: TemporaryFolder, _ change: [String: String] = [:]
        ) -> [String: String] {
            deployment.settings.merging([
                "EXHAUST_CASSANDRA_TLS": "true", "EXHAUST_CASSANDRA_USER": "cassandra",
                "EXHAUST_CASSANDRA_PASSWORD": "cassandra",
                "EXHAUST_CASSANDRA_TLS_AUTHORITIES": "\(folder.path)/authority.pem",
            ]) { $1 }.merging(change) { $1 }
        }

        private static func deployment(_ server: OwnServer, _ folder: TemporaryFolder) throws -> Deployment {
            let authority = try Folder.read("\(folder.path)/authority.pem")
            return try Deployment(
                .user, at: server.address, libraries: server.variables["EXHAUST_TEST_CASSANDRA_DRIVER"]
            ) { options in
                options.credentials = .init(user: "cassandra", password: "cassandra")
                options.tls = .init(authorities: authority)
            }
        }

        @Test func `only the right authority, name and password connect, and a node that hangs costs time alone`()
            async throws
        {
            let folder = try TemporaryFolder()
            try await Self.makeCertificates(in: folder)
            try await Self.using(Self.address, in: folder) { try await Self.connect($0, folder) }
        }

        private static func connect(_ server: OwnServer, _ folder: TemporaryFolder) async throws {
            var deployment = try Self.deployment(server, folder)
            // The sample has a consent whose end is no moment.
            deployment.form.keepsExpiryAsText = true
            let embedded = try await Scene.withoutArchive(learners: 300)
            try await deployment.fill(from: embedded.path("sample"))
            let expected = try await embedded.csv("progress-exhaust")
            let good = try embedded.with(Self.settings(deployment, folder))
            #expect(try await good.csv("progress-exhaust").elementsEqual(expected))

            try await refused(
                embedded,
                Self.settings(
                    deployment, folder, ["EXHAUST_CASSANDRA_TLS_AUTHORITIES": "\(folder.path)/other.pem"]),
                "the node's certificate is not by a trusted authority")
            try await refused(
                embedded, Self.settings(deployment, folder, ["EXHAUST_CASSANDRA_PASSWORD": "wrong-secret"]),
                "user name or password is wrong")
            try await refused(
                embedded, Self.settings(deployment, folder, ["EXHAUST_CASSANDRA_TLS": "false"]), "no node answers")

            // A user without rights: the doctor names each table.
            try await deployment.changing { loader in
                try await loader.run("CREATE ROLE reader WITH PASSWORD = '\(password)' AND LOGIN = true")
                try await loader.run("GRANT SELECT ON KEYSPACE \(deployment.form.hierarchy) TO reader")
            }
            let reader = ["EXHAUST_CASSANDRA_USER": "reader", "EXHAUST_CASSANDRA_PASSWORD": password]
            let doctor = try await embedded.with(Self.settings(deployment, folder, reader)).exhaust("doctor")
            #expect(doctor.status == 1 && doctor.text.contains("the user may not"), "\(doctor.text)")
            #expect(doctor.text.contains("\(deployment.form.courses).user_enrolments"), "\(doctor.text)")
            #expect(doctor.text.contains("Grant SELECT") && !doctor.text.contains("content_hierarchy"))

            try await Self.hang(server, embedded, good, expected)
        }

        /// A node that answers nothing for four seconds, in which reads are given up after one, in the middle of a run: what
        /// was done stays done, and what was not answered is asked again.
        private static func hang(_ server: OwnServer, _ embedded: Scene, _ good: Scene, _ expected: [UInt8])
            async throws
        {
            let scene = try good.with([
                "EXHAUST_CASSANDRA_REQUESTSECONDS": "1", "EXHAUST_CASSANDRA_ATTEMPTS": "20",
                "EXHAUST_CASSANDRA_READING": "ask", "EXHAUST_CASSANDRA_HEARTBEATSECONDS": "1",
                "EXHAUST_CASSANDRA_IDLESECONDS": "2", "EXHAUST_PARTS_INMEMORYLEARNERS": "0",
                "EXHAUST_RANGE_LEARNERS": "10",
            ])
            try Folder.make("\(scene.data)/parts")
            let watch = try FolderWatch("\(scene.data)/parts")
            let id = try await embedded.submit("progress-exhaust")
            try await scene.running("work") { worker in
                try await watch.wait { Kills.parts($0).count >= 2 }
                // Held still, so that the run cannot end before.
                worker.send(SIGSTOP)
                let done = Kills.parts(watch.events())
                try await server.run("pause")
                worker.send(SIGCONT)
                await OwnServer.wait(until: ContinuousClock.now + .seconds(4))
                let meanwhile = Kills.parts(watch.events())
                try await server.run("resume")
                let ended = try await worker.line { $0.contains("run-ended") && $0.contains(id) }
                #expect(ended.contains(#""status":"SUCCESS""#) && ended.contains(#""fencing":1"#), "\(ended)")
                let parts = Kills.parts(watch.events())
                #expect(Set(parts).count == parts.count && parts.starts(with: done), "a range was made twice")
                #expect(parts.count > meanwhile.count, "the node was not needed any more")
            }
            let files = try await scene.open(try scene.file(of: try await scene.status(id)))
            #expect(files.values.contains { $0.elementsEqual(expected) })
        }

        @Test func `a certificate for another name is refused`() async throws {
            let folder = try TemporaryFolder()
            try await Self.makeCertificates(in: folder)
            try await Self.using("elsewhere.example.org", in: folder) { server in
                let deployment = try Self.deployment(server, folder)
                try await Self.refused(
                    try await Scene.withoutArchive(learners: 5), Self.settings(deployment, folder),
                    "the node's certificate is for another name")
            }
        }

        private static func refused(
            _ scene: Scene, _ settings: [String: String], _ text: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let outcome = try await scene.with(settings).exhaust(
                "run", "progress-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--csv", "-")
            #expect(
                outcome.status == 1 && outcome.output.isEmpty && outcome.errors.contains(text), "\(outcome.errors)",
                sourceLocation: sourceLocation)
            #expect(!outcome.errors.contains("secret"), sourceLocation: sourceLocation)
        }
    }
}
