import Glibc
import ReportModel
import Testing

extension TheProgram {
    /// The levels that an organisation can ask for, and what becomes of altered files.
    @Suite struct ProtectedFiles {
        /// A scene whose organisation has a policy, and perhaps a key.
        private func scene(level: String, publicKey: [UInt8]? = nil) async throws -> Scene {
            let scene = try await Scene.withSample()
            try await demand(level, of: scene, publicKey: publicKey)
            return scene
        }

        private func demand(_ level: String, of scene: Scene, publicKey: [UInt8]? = nil) async throws {
            let folder = scene.path("policy")
            try Folder.make(folder)
            let policy = JSONValue.members(
                ("orgid", .string(Scene.organisation)), ("key", .string("dataSecurityPolicy")),
                ("data", .members(("level", .string(level)), ("job", .object([])))))
            try Folder.write(policy.compactText + "\n", to: "\(folder)/tenant_preference.jsonl")
            if let publicKey {
                let pem = JSONValue.string(String(decoding: publicKey, as: UTF8.self))
                let row = JSONValue.members(
                    ("id", .string(Scene.organisation)), ("keys", .members(("exhaustEncryptionKey", .array([pem])))))
                try Folder.write(row.compactText + "\n", to: "\(folder)/organisation.jsonl")
            }
            try await scene.done("import", folder)
        }

        private func made(_ scene: Scene, _ report: String = "progress-exhaust") async throws -> String {
            let id = try await scene.submit(report)
            try await scene.done("work", "--once")
            let status = try await scene.status(id)
            try #require(status["status"]?.text == "SUCCESS", "\(status["error"]?.text ?? "")")
            return try scene.file(of: status)
        }

        @Test func `a file with a text key opens with the password`() async throws {
            let scene = try await scene(level: "TEXT_KEY_ENCRYPTED_DATASET")
            let file = try await made(scene, "userinfo-exhaust")
            let plain = try await scene.csv("userinfo-exhaust", more: "--plain-personal-data")
            #expect(try await scene.open(file).contains { $0.value == plain })
            let without = try await scene.exhaust("open", file, "--out", scene.path("without"))
            #expect(without.status == 1 && Folder.files(below: scene.path("without"), hidden: true).isEmpty)
        }

        @Test func `a file for an organisation's key opens with its private key and no other`() async throws {
            let pair = try KeyPair()
            let scene = try await scene(level: "PUBLIC_KEY_ENCRYPTED_DATASET", publicKey: pair.publicPEM)
            let file = try await made(scene)
            let plain = try await scene.csv("progress-exhaust")
            try Folder.write(pair.privatePEM, to: scene.path("key.pem"))
            try await scene.done("open", file, "--key", scene.path("key.pem"), "--out", scene.path("out"))
            let opened = try Folder.files(below: scene.path("out")).map {
                try Folder.read("\(scene.path("out"))/\($0)")
            }
            #expect(opened.contains(plain))
            try Folder.write(try KeyPair().privatePEM, to: scene.path("other.pem"))
            let other = try await scene.exhaust(
                "open", file, "--key", scene.path("other.pem"), "--out", scene.path("other"))
            #expect(other.status == 1 && Folder.files(below: scene.path("other"), hidden: true).isEmpty)
        }

        @Test func `a policy that cannot be met refuses or fails the request instead of publishing it open`()
            async throws
        {
            let scene = try await Scene.withSample()
            let id = try await scene.submit("progress-exhaust")
            // The policy comes after the submission; before it, the request would have been refused.
            try await demand("PUBLIC_KEY_ENCRYPTED_DATASET", of: scene)
            let late = try await scene.exhaust(
                "submit", "progress-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--by", "me",
                "--tag", "t", "--password-file", scene.passwordFile)
            #expect(
                late.refuses(
                    1,
                    "organisation sample-org-1: its policy demands a public key, and it has none. "
                        + "Upload the organisation's public key (exhaustEncryptionKey)."))
            try await scene.done("work", "--once")
            let status = try await scene.status(id)
            #expect(status["status"]?.text == "FAILED" && status["canBeMendedBy"]?.text == "operator")
            #expect(
                status["error"]?.text
                    == "organisation sample-org-1: its policy demands a public key, and it has none")
            #expect(Folder.files(below: "\(scene.data)/files", hidden: true).isEmpty)
            let plain = try await self.scene(level: "PLAIN_DATASET")
            let refused = try await plain.exhaust(
                "submit", "userinfo-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--by", "me",
                "--tag",
                "t", "--password-file", plain.passwordFile)
            #expect(refused.status == 1 && refused.errors.contains("needs a level that encrypts"))
        }

        @Test(.needs7z) func `the older cipher is a setting, for tools that know no other`() async throws {
            let scene = try await Scene.withSample(learners: 50).with(["EXHAUST_ZIP_ENCRYPTION": "zipcrypto"])
            let file = try await made(scene)
            let listed = try await Programs.run("7z", ["l", "-slt", "-p", file])
            #expect(listed.text.contains("Method = ZipCrypto Deflate"))
            #expect(try await Programs.run("7z", ["t", "-p\(Scene.password)", file]).status == 0)
            #expect(try await scene.open(file).count == 3)
        }

        @Test func `a request without a password gives an open file that says so, unless that is switched off`()
            async throws
        {
            let scene = try await Scene.withSample(learners: 50)
            let request = [
                "submit", "progress-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--by", "me",
                "--tag",
                "t", "--json",
            ]
            let strict = try await scene.with(["EXHAUST_LEVEL_REQUIREKEY": "true"]).start(request).outcome()
            #expect(
                strict.refuses(
                    1, "progress-exhaust: it needs a password, and the request has none. Ask again with a password."))
            let id = try #require(
                try JSONValue(parsing: try await scene.start(request).outcome().output)["requestId"]?.text)
            try await scene.done("work", "--once")
            let status = try await scene.status(id)
            #expect(try Receipt(status["receipt"]?["batches"]?.elements?.first).findings["not-encrypted"] == 1)
            try await scene.done("open", scene.file(of: status), "--out", scene.path("out"))
            #expect(Folder.files(below: scene.path("out")).count == 3)
        }

        @Test func `a file that was altered or cut is not opened, not even in part`() async throws {
            let scene = try await Scene.withSample()
            let whole = try Folder.read(try await made(scene))
            for place in [200, whole.count / 3, whole.count * 2 / 3] {
                var altered = whole
                altered[place] ^= 0x10
                try Folder.write(altered, to: scene.path("altered.zip"))
                let outcome = try await scene.exhaust(
                    "open", scene.path("altered.zip"), "--password-file", scene.passwordFile, "--out", scene.path("out")
                )
                #expect(outcome.status == 1 && outcome.errors.hasPrefix("exhaust: "), "byte \(place)")
                #expect(Folder.files(below: scene.path("out"), hidden: true).isEmpty, "byte \(place)")
            }
            for count in [0, 10, whole.count / 2, whole.count - 1] {
                try Folder.write(Array(whole.prefix(count)), to: scene.path("cut.zip"))
                let outcome = try await scene.exhaust(
                    "open", scene.path("cut.zip"), "--password-file", scene.passwordFile, "--out", scene.path("out"))
                #expect(outcome.status == 1 && outcome.errors.hasPrefix("exhaust: "), "\(count) bytes")
                #expect(Folder.files(below: scene.path("out"), hidden: true).isEmpty, "\(count) bytes")
            }
            let missing = try await scene.exhaust("open", scene.path("none.zip"), "--out", scene.path("out"))
            #expect(missing.status == 1 && missing.errors.contains("none.zip"))
        }
    }
}
