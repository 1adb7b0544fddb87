import Glibc
import HTTPClient
import HTTPMessages
import ReportModel
import ServiceTesting
import Testing

extension TheProgram {
    /// Stores of a deployment in a mixture: every one of them another adapter.
    @Suite(.needsDeployment) struct Deployments {
        private static let api = "/dataset/v1/request"

        private static func body(_ report: String = "progress-exhaust", tag: String = "client-1") -> String {
            JSONValue.members(
                (
                    "request",
                    .members(
                        ("tag", .string(tag)), ("dataset", .string(report)),
                        ("datasetConfig", .members(("batchId", .string(Scene.batch)))),
                        ("encryptionKey", .string(Scene.password)))
                )
            ).compactText
        }

        @Test func `a program's request goes through the API, a worker on another machine, and the bucket`()
            async throws
        {
            try await MixedDeployment.using(settings: [
                "EXHAUST_ACCESS_CONSUMERS": "true", "EXHAUST_ACCESS_GATEWAYSECRET": "between the two of us",
            ]) { deployment in
                try await TestDatabase.sql(
                    "INSERT INTO \(deployment.schema).dev_consumer_channel_mapping (consumer_id, channel, status) "
                        + "VALUES ('portal', '\(Scene.organisation)', 1), ('old', '\(Scene.organisation)', 0)")
                func fields(_ consumer: String) -> HTTPFields {
                    [
                        "X-Consumer-ID": consumer, "X-Channel-ID": Scene.organisation,
                        "X-Gateway-Secret": "between the two of us",
                    ]
                }
                try await deployment.serving { base, _ in
                    let refused = try await deployment.send(
                        .post, base + Self.api + "/submit", Self.body(), fields: fields("old"))
                    #expect(refused.status == 403)
                    let submitted = try await deployment.send(
                        .post, base + Self.api + "/submit", Self.body(), fields: fields("portal"))
                    try #require(submitted.status == 200, "\(submitted.text)")
                    let id = try #require(try JSONValue(parsing: submitted.body)["result"]?["requestId"]?.text)
                    let machine = try await deployment.anotherMachine()
                    try await machine.done("work", "--once")
                    let read = try await deployment.send(
                        .get, "\(base)\(Self.api)/read/client-1?requestId=\(id)", fields: fields("portal"))
                    let result = try #require(try JSONValue(parsing: read.body)["result"])
                    #expect(result["status"]?.text == "SUCCESS")
                    let link = try #require(result["downloadUrls"]?.elements?.first?.text)
                    try await Self.check(link, deployment)
                }
                let kept = try await deployment.scene.json("audit")["entries"]?.elements ?? []
                #expect(kept.map { $0["action"]?.text } == ["download", "submit", "refused"])
                #expect(!Folder.names(in: deployment.scene.data).contains("audit.db"))
                #expect(Folder.files(below: deployment.scene.data + "/files").isEmpty)
            }
        }

        /// Follows a link to the bucket, and opens what is there.
        private static func check(_ link: String, _ deployment: MixedDeployment) async throws {
            let answer = try await deployment.send(.get, link)
            #expect(answer.status == 307)
            let signed = try #require(answer.fields["Location"])
            #expect(signed.hasPrefix("\(deployment.bucket.address)/\(MixedDeployment.bucketName)/progress-exhaust/"))
            let file = try await deployment.send(.get, signed)
            #expect(file.status == 200 && file.fields["Content-Disposition"]?.hasPrefix("attachment") == true)
            // Only this file, by this method, and as it was signed.
            let altered = signed.replacing("X-Amz-Expires=300", with: "X-Amz-Expires=301")
            #expect(altered != signed)
            #expect(try await deployment.send(.get, altered).status == 403)
            #expect(try await deployment.send(.delete, signed).status == 403)
            let path = deployment.scene.path("downloaded.zip")
            try Folder.write(file.body, to: path)
            let entries = try await deployment.scene.open(path)
            let csv = try #require(
                entries.values.map { String(decoding: $0, as: UTF8.self) }.first { $0.contains(MixedDeployment.state) })
            #expect(csv.contains(StandInServices.contentName))
            #expect(csv.split(separator: "\n").count > 10)
        }

        @Test func `where browsers do not reach the bucket, the service passes files on, whole and in part`()
            async throws
        {
            try await MixedDeployment.using(settings: [
                "EXHAUST_ACCESS_DEMO": "true", "EXHAUST_FILES_S3_DIRECT": "false",
            ]) { deployment in
                let id = try await deployment.scene.submit("progress-exhaust", by: "demo-admin")
                try await deployment.scene.done("work", "--once")
                try await deployment.serving { base, _ in
                    let made = try await deployment.send(
                        .post, "\(base)/v1/requests/tag/\(id)/links", #"{"file":0}"#,
                        fields: ["Origin": base])
                    try #require(made.status == 200, "\(made.text)")
                    let url =
                        base + (try #require(try JSONValue(parsing: made.body)["url"]?.text)).replacing(base, with: "")
                    let whole = try await deployment.send(.get, url)
                    let tag = try #require(whole.fields["ETag"])
                    #expect(whole.status == 200 && tag.utf8.count > 10)
                    let part = try await deployment.send(.get, url, fields: ["Range": "bytes=10-19", "If-Range": tag])
                    #expect(part.status == 206 && part.body == Array(whole.body[10..<20]))
                    let stale = try await deployment.send(
                        .get, url, fields: ["Range": "bytes=10-19", "If-Range": "\"x\""])
                    #expect(stale.status == 200 && stale.body == whole.body)
                }
            }
        }

        @Test func `roles come from the user service when settings say so`() async throws {
            let folder = try TemporaryFolder()
            let keys = "\(folder.path)/keys"
            try await MixedDeployment.using(settings: [
                "EXHAUST_ACCESS_TOKEN_KEYS": "\(keys)/jwks.json", "EXHAUST_ACCESS_USERS": "service",
                "EXHAUST_ACCESS_TOKEN_ISSUERS": "exhaust-development",
            ]) { deployment in
                func token(_ user: String) async throws -> String {
                    let words = ["token", "--keys", keys, "--user", user, "--organisation", "somebody-elses"]
                    let token = try await deployment.scene.start(words).outcome().text.trimmingNewline
                    try TestLogs.keepSecret(token, "a user's token")
                    return token
                }
                let (known, unknown) = (try await token(StandInServices.user), try await token("user-8"))
                try await deployment.serving { base, _ in
                    // The token names no role and another organisation: neither counts.
                    let fields: HTTPFields = [
                        "x-authenticated-user-token": known, "X-Channel-ID": Scene.organisation,
                    ]
                    let submitted = try await deployment.send(
                        .post, base + Self.api + "/submit", Self.body(), fields: fields)
                    #expect(submitted.status == 200, "\(submitted.text)")
                    let refused = try await deployment.send(
                        .post, base + Self.api + "/submit", Self.body(),
                        fields: ["x-authenticated-user-token": unknown, "X-Channel-ID": Scene.organisation])
                    #expect(refused.status == 403 && refused.text.contains("user not found."), "\(refused.text)")
                    deployment.services.server.end()
                    let out = try await deployment.send(
                        .post, base + Self.api + "/submit", Self.body(tag: "other"),
                        fields: [
                            "x-authenticated-user-token": try await token("user-9"), "X-Channel-ID": Scene.organisation,
                        ])
                    #expect(out.status == 503, "\(out.text)")
                }
                withExtendedLifetime(folder) {}
            }
        }
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
