import Glibc
import ReportModel
import Settings
import Testing

@Suite struct SecretTests {
    private func settings(_ environment: [String: String]) throws -> Settings {
        try Settings(configFile: nil, environment: environment, reports: [])
    }

    @Test(arguments: ["s3cret", "s3cret\n", "s3cret\r\n"])
    func `a secret is read from a file without the line end`(content: String) throws {
        try withTemporaryFolder { folder in
            let path = try folder.write("salt", content, mode: 0o640)
            let settings = try settings(["EXHAUST_PII_SALT_FILE": path])
            #expect(settings.reports.personalDataSalt == "s3cret")
            let entry = try #require(settings.entries.first { $0.declaration.name == "pii.salt" })
            #expect(entry.value == "(set)")
            #expect(entry.source == .variableFile("EXHAUST_PII_SALT_FILE"))
        }
    }

    @Test(arguments: [0o644, 0o604, 0o660, 0o602] as [mode_t])
    func `a secret that others can read or change is refused`(mode: mode_t) throws {
        try withTemporaryFolder { folder in
            let path = try folder.write("salt", "s3cret", mode: mode)
            let error = try #require(throws: ExhaustError.self) { try settings(["EXHAUST_PII_SALT_FILE": path]) }
            #expect(error.code == .refused)
            #expect(error.message.contains(path) && error.message.contains(String(mode, radix: 8)))
            #expect(error.remedy.contains("chmod 600"))
        }
    }

    @Test(arguments: [
        ("", "it is empty"), ("\n", "it is empty"), ("a\nb\n", "one line"), ("a\0b", "one line"),
        (String(repeating: "x", count: 70_000), "longer than 65536 bytes"),
    ])
    func `a file that holds no secret is refused`(content: String, expected: String) throws {
        try withTemporaryFolder { folder in
            let path = try folder.write("salt", content, mode: 0o600)
            let error = try #require(throws: ExhaustError.self) { try settings(["EXHAUST_PII_SALT_FILE": path]) }
            #expect(error.message.contains(expected), "\(error.message)")
        }
    }

    @Test func `the master key is 64 hex digits, in a file or not at all`() throws {
        #expect(try settings([:]).masterKey.isEmpty)
        try withTemporaryFolder { folder in
            let digits = String(repeating: "0aF9", count: 16)
            let path = try folder.write("key", digits + "\n", mode: 0o400)
            #expect(try settings(["EXHAUST_MASTERKEY_FILE": path]).masterKey == digits)
        }
        for wrong in ["", "0aF9", String(repeating: "0aFg", count: 16), String(repeating: "０", count: 64)] {
            let error = try #require(throws: ExhaustError.self) { try settings(["EXHAUST_MASTERKEY": wrong]) }
            #expect(error.message.contains("setting masterKey") && error.message.contains("64 hex digits"))
            #expect(wrong.isEmpty || !error.description.contains(wrong))
        }
    }

    @Test func `a folder, or a file that is not there, is no secret`() throws {
        try withTemporaryFolder { folder in
            for (path, code) in [(folder.path, ExhaustError.Code.invalidInput), (folder.path + "/no", .notFound)] {
                let error = try #require(throws: ExhaustError.self) { try settings(["EXHAUST_PII_SALT_FILE": path]) }
                #expect(error.code == code)
            }
        }
    }

    @Test func `a secret that is given twice is refused and not shown`() throws {
        try withTemporaryFolder { folder in
            let path = try folder.write("salt", "s3cret", mode: 0o600)
            let error = try #require(throws: ExhaustError.self) {
                try settings(["EXHAUST_PII_SALT_FILE": path, "EXHAUST_PII_SALT": "other-s3cret"])
            }
            #expect(error.message.contains("EXHAUST_PII_SALT_FILE") && error.message.contains("given twice"))
            #expect(!error.description.contains("s3cret"))
        }
    }

    @Test func `no secret shows in entries or help`() throws {
        let settings = try settings(["EXHAUST_SUNBIRD_ENCRYPTION_KEY": "s3cret"])
        #expect(settings.reports.personalDataSalt == "s3cret")
        #expect(!String(describing: settings.entries).contains("s3cret"))
        #expect(!(try Settings.help(reports: [])).contains("SunBird"))
    }

    @Test(arguments: [(0o600, 0), (0o640, 0), (0o644, 1)] as [(mode_t, Int)])
    func `a secret in a settings file that all can read draws a warning`(mode: mode_t, count: Int) throws {
        try withTemporaryFolder { folder in
            let path = try folder.write("a.json5", "{pii: {salt: 's3cret'}}", mode: mode)
            let settings = try Settings(configFile: path, environment: [:], reports: [])
            #expect(settings.reports.personalDataSalt == "s3cret")
            #expect(settings.warnings.count == count)
            #expect(settings.warnings.allSatisfy { $0.contains("chmod 600 \(path)") && !$0.contains("s3cret") })
        }
    }
}
