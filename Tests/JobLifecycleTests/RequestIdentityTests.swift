import COpenSSL
import JobLifecycle
import ReportModel
import Testing

@Suite struct RequestIdentityTests {
    private static func digest(_ name: String) -> ([UInt8]) -> [UInt8] {
        { bytes in
            var digest = [UInt8](repeating: 0, count: 64)
            var count = 0
            guard EVP_Q_digest(nil, name, nil, bytes, bytes.count, &digest, &count) == 1 else { return [] }
            return Array(digest.prefix(count))
        }
    }

    private func identity(
        _ config: String, tag: String = "do_1_b1", report: String = "progress-exhaust", by user: String = "user-9",
        channel: String = "org-7", date: String = "2024-01-31"
    ) throws -> RequestIdentity {
        RequestIdentity(
            report: report, tag: tag, requestedBy: user, channel: channel, date: date,
            datasetConfig: try JSONValue(parsing: config))
    }

    private func id(_ identity: RequestIdentity) throws -> String {
        try identity.requestID(md5: Self.digest("MD5"), sha256: Self.digest("SHA256"))
    }

    private func recipe(_ identity: RequestIdentity) throws -> String {
        try identity.recipe(sha256: Self.digest("SHA256"))
    }

    @Test func `the published sample row has its id`() throws {
        let sample = try identity(
            #"{"batchId":"013307481768378368112"}"#, tag: "do_2133074736487792641239_013307481768378368112",
            by: "fca2925f-1eee-4654-9177-fece3fd6afc9", channel: "01269878797503692810", date: "2022-09-27")
        #expect(try id(sample) == "778A3669531143769B5E8C98D42E1CAD")
    }

    @Test func `upstream's second vector comes out`() throws {
        #expect(try id(identity(#"{"batchId":"b1"}"#)) == "033494149C8B18707892F8A2852A85E1")
    }

    @Test func `upstream's third vector is the recipe before the hash of the configuration`() throws {
        let typed = try identity(#"{"type":"ml-task-detail-exhaust"}"#, report: "druid-dataset")
        let recipe = try recipe(typed)
        let upstream = "druid-dataset|do_1_b1|user-9|org-7|2024-01-31|ml-task-detail-exhaust"
        #expect(recipe.hasPrefix(upstream + "|") && recipe.count == upstream.count + 65)
        let md5 = Self.digest("MD5")(Array(upstream.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        #expect(md5.joined() == "FF11D63F4651E037A543DC4C43A662C2")
    }

    @Test func `any other configuration is part of the recipe, by the hash of its RFC 8785 form`() throws {
        let plain = "progress-exhaust|do_1_b1|user-9|org-7|2024-01-31"
        // SHA-256 of {"batchFilter":["b1","b2"],"n":1}
        let hash = Self.digest("SHA256")(Array(#"{"batchFilter":["b1","b2"],"n":1}"#.utf8))
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let first = try identity(#"{"batchFilter":["b1","b2"],"n":1.0,"gone":null}"#)
        let second = try identity(#"{ "n":1e0, "batchFilter":["b1","b2"] }"#)
        #expect(try recipe(first) == plain + "|" + hash)
        #expect(try recipe(second) == plain + "|" + hash)
        #expect(try id(first).count == 32)
    }

    @Test(arguments: [
        (#"{"batchId":"b1"}"#, "do_1_b1", true), (#"{"batchId":"b1","x":null}"#, "do_1_b1", true),
        (#"{"batchId":"b2"}"#, "do_1_b1", false), (#"{"batchId":"b1"}"#, "do_1b1", false),
        (#"{"batchId":"b1"}"#, "b1", false), (#"{"batchId":"b1"}"#, "_b1", true),
        (#"{"batchId":"b1","x":1}"#, "do_1_b1", false), (#"{"batchId":""}"#, "do_1_", false),
        (#"{"batchId":1}"#, "do_1_1", false), ("{}", "do_1_b1", false), ("[]", "do_1_b1", false),
        (#"{"BatchId":"b1"}"#, "do_1_b1", false), (#"{"batchId":"e\u0301"}"#, "do_\u{e9}", false),
    ])
    func `only a tag that names the batch stands for the configuration`(
        config: String, tag: String, isNamed: Bool
    ) throws {
        let plain = "progress-exhaust|\(tag)|user-9|org-7|2024-01-31"
        #expect(try (recipe(identity(config, tag: tag)) == plain) == isNamed)
    }

    @Test func `an empty type and a null one are kept as upstream has them, another is refused`() throws {
        #expect(try recipe(identity(#"{"type":""}"#)).contains("|2024-01-31||"))
        #expect(try recipe(identity(#"{"batchId":"b1","type":null}"#)).hasSuffix("|2024-01-31|null"))
        for config in [#"{"type":1}"#, #"{"type":[]}"#, #"{"type":{}}"#, #"{"type":true}"#] {
            #expect(throws: ExhaustError(.invalidInput, "datasetConfig.type is no text")) {
                try recipe(identity(config))
            }
        }
    }
}
