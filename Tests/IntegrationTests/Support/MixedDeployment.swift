import Glibc
import HTTPClient
import HTTPMessages
import ReportModel
import ServiceTesting
import Testing

extension Trait where Self == ConditionTrait {
    /// Every server that a deployment's stores need.
    static var needsDeployment: Self {
        .enabled("one of the servers postgres, redis and rclone is missing: `scripts/services up` gives them") {
            [TestService.postgres, .redis, .rclone].allSatisfy(\.isToBeTested)
        }
    }
}

/// Stores as a deployment has them, each in its own place, for the real binary: requests in PostgreSQL, files and parts in a
/// bucket, profiles in Redis, contents and users from services that the test stands in for. Learner data stays in the data
/// folder, which every machine has for itself.
struct MixedDeployment {
    /// What the user cache says of everybody's state, so that it shows where profiles came from.
    static let state = "Cached State"
    static let bucketName = "reports"

    let scene: Scene
    let schema: String
    let redis: OwnServer
    let bucket: OwnServer
    let services: StandInServices
    let web: CurlClient

    /// Fills everything with the sample course and takes it away after `body`, whatever happens. `more` are further settings;
    /// `database` is another server than the one that all tests share.
    static func using(
        learners: Int = 20, settings more: [String: String] = [:], database: String? = nil,
        body: (MixedDeployment) async throws -> Void
    ) async throws {
        let database = try database ?? TestService.postgres.address()
        try await OwnServer.using(.redis) { redis in
            try await OwnServer.using(.rclone) { bucket in
                let services = try StandInServices()
                defer { services.server.end() }
                let schema = try await TestDatabase.makeSchema(at: database)
                let scene = try await filled(redis, bucket, services, learners, database, schema, more)
                let deployment = MixedDeployment(
                    scene: scene, schema: schema, redis: redis, bucket: bucket, services: services,
                    web: try await CurlClient())
                try await body(deployment)
                await deployment.web.close()
                try await TestDatabase.sql("DROP SCHEMA \(schema) CASCADE", at: database)
            }
        }
    }

    private static func filled(
        _ redis: OwnServer, _ bucket: OwnServer, _ services: StandInServices, _ learners: Int, _ database: String,
        _ schema: String, _ more: [String: String]
    ) async throws -> Scene {
        try Folder.make("\(bucket.folder)/data/\(bucketName)")
        // There already, so that parts can be watched from the first one on.
        try Folder.make("\(bucket.folder)/data/\(bucketName)/.staging")
        let parts = redis.address.split(separator: ":").map(String.init)
        let settings = [
            "EXHAUST_JOBS_STORE": "postgres", "EXHAUST_POSTGRES_CONNECTION": database,
            "EXHAUST_POSTGRES_SCHEMA": schema, "EXHAUST_POSTGRES_TABLE_JOB_REQUEST": TestDatabase.requestTable,
            "EXHAUST_FILES_STORE": "s3", "EXHAUST_PARTS_STORE": "s3", "EXHAUST_FILES_S3_BUCKET": bucketName,
            "EXHAUST_FILES_S3_ENDPOINT": bucket.address, "EXHAUST_FILES_S3_KEYID": "exhaust-test",
            "EXHAUST_FILES_S3_SECRET": "exhaust-secret", "EXHAUST_PROFILES_SOURCE": "redis",
            "EXHAUST_PROFILES_REDIS_HOST": parts[0], "EXHAUST_PROFILES_REDIS_PORT": parts[1],
            "EXHAUST_SERVICES_SEARCH_URL": services.address,
            "EXHAUST_SERVICES_PREFERENCES_URL": services.address + "/private/v2/org/preferences/read",
            "EXHAUST_SERVICES_ORGANISATIONS_URL": services.address + "/private/v2/org/search",
            "EXHAUST_SERVICES_USERS_URL": services.address + "/private/user/v1/read/",
        ]
        let scene = try await Scene.withSample(learners: learners, settings: settings.merging(more) { $1 })
        let users = scene.path("sample/user.jsonl.gz")
        let result = try await Programs.python("fill_redis.py", redis.address, "12", users, "state=\(state)")
        try #require(result.status == 0, "\(result.errors)")
        try await scene.done("migrate")
        return scene
    }

    /// Another machine: its own data folder with the same learner data and the same key.
    func anotherMachine(_ more: [String: String] = [:]) async throws -> Scene {
        let machine = try Scene(settings: scene.settings.merging(more) { $1 })
        try await machine.done("import", scene.path("sample"))
        let key = try Folder.read(scene.data + "/master.key")
        try Folder.write(String(decoding: key, as: UTF8.self), to: machine.data + "/master.key")
        chmod(machine.data + "/master.key", 0o600)
        return machine
    }

    /// Published files in the bucket, as paths; ours alone are in it.
    func published() -> [String] {
        Folder.files(below: "\(bucket.folder)/data/\(Self.bucketName)").filter { !$0.hasPrefix(".staging/") }.sorted()
    }

    /// Whether a published file holds this CSV.
    func file(_ path: String, holds csv: [UInt8]) async throws -> Bool {
        try await scene.open("\(bucket.folder)/data/\(Self.bucketName)/\(path)").values.contains(csv)
    }

    /// Serves the API of `scene` while `body` runs; it is told the address, which has no slash at its end.
    func serving<Value: Sendable>(
        _ words: [String] = [], of scene: Scene? = nil, body: (String, RunningProgram) async throws -> Value
    ) async throws -> Value {
        let server = try (scene ?? self.scene).start(["serve", "--listen", "127.0.0.1:0"] + words)
        do {
            let line = try await server.line { $0.contains("server-started") }
            let address = try #require(try JSONValue(parsing: line)["address"]?.text)
            let value = try await body(String(address.dropLast()), server)
            server.send(SIGTERM)
            #expect(await server.outcome().status == 0)
            return value
        } catch {
            server.send(SIGKILL)
            _ = await server.outcome()
            throw error
        }
    }

    /// Runs a worker of `scene` while `body` does; it is told where the worker answers probes. It has to stop cleanly.
    func working(of scene: Scene? = nil, body: (RunningProgram, String) async throws -> Void) async throws {
        let worker = try (scene ?? self.scene).start(["work", "--listen", "127.0.0.1:0"])
        do {
            let line = try await worker.line { $0.contains("probes-started") }
            let address = try #require(try JSONValue(parsing: line)["address"]?.text)
            try await body(worker, String(address.dropLast()))
        } catch {
            worker.send(SIGKILL)
            _ = await worker.outcome()
            throw error
        }
        worker.send(SIGTERM)
        #expect(await worker.outcome().status == 0)
    }

    /// Whether `/ready` and `/metrics` of a program tell that a component is up; nil if they differ or do not tell.
    func isUp(_ component: String, check: String? = nil, at base: String) async throws -> Bool? {
        let ready = try JSONValue(parsing: try await send(.get, base + "/ready").body)
        let metrics = try await send(.get, base + "/metrics").text.split(separator: "\n")
        let check = ready["checks"]?[check ?? component]?.text.map { $0 == "up" }
        let line = metrics.first { $0.hasPrefix(#"exhaust_component_up{component="\#(component)"}"#) }
        return check == line.map({ $0.hasSuffix(" 1") }) ? check : nil
    }

    /// Sends a request; answers are told whatever their status, and redirects are not followed.
    func send(
        _ method: HTTPMethod, _ url: String, _ body: String? = nil, fields: HTTPFields = [:]
    ) async throws -> WebAnswer {
        var fields = fields
        if body != nil { fields["Content-Type"] = "application/json" }
        return try await web.send(
            WebRequest(method, url, fields: fields, body: body.map { .bytes(Array($0.utf8)) } ?? .none))
    }
}

extension WebAnswer {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// The database of the tests, by psql.
enum TestDatabase {
    static let requestTable = "dev_job_request"

    /// A schema with the job table and the table of consumers, as upstream's installer makes them.
    static func makeSchema(at address: String? = nil) async throws -> String {
        let schema = "p_\(getpid())_\(UInt32.random(in: 0 ... .max))"
        try await sql(
            """
            CREATE SCHEMA \(schema);
            CREATE TABLE \(schema).\(requestTable) (tag VARCHAR(100), request_id VARCHAR(50), job_id VARCHAR(50),
                status VARCHAR(50), request_data json, requested_by VARCHAR(50), requested_channel VARCHAR(50),
                dt_job_submitted TIMESTAMP, download_urls text[], dt_file_created TIMESTAMP,
                dt_job_completed TIMESTAMP, execution_time INTEGER, err_message VARCHAR(300), iteration INTEGER,
                encryption_key VARCHAR(500), batch_number INTEGER, processed_batches text,
                PRIMARY KEY (tag, request_id));
            CREATE TABLE \(schema).dev_consumer_channel_mapping (consumer_id VARCHAR(100), channel VARCHAR(20),
                status INTEGER, created_by VARCHAR(100), created_on TIMESTAMPTZ, updated_on TIMESTAMPTZ,
                PRIMARY KEY (consumer_id, channel))
            """, at: address)
        return schema
    }

    /// Lets psql do it; answers what it printed, without the last line end.
    @discardableResult
    static func sql(_ statement: String, at address: String? = nil) async throws -> String {
        let outcome = try await Programs.run(
            "psql",
            [
                "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement,
                try address ?? TestService.postgres.address(),
            ])
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.text.hasSuffix("\n") ? String(outcome.text.dropLast()) : outcome.text
    }
}
