import ReportModel
import ReportPorts
import ReportTesting
import SecureArchive
import Testing

@testable import S3Files

@Suite struct CredentialFileTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()

    init() throws { folder = try TemporaryFolder() }

    private func write(_ name: String, _ text: String) throws -> String {
        try folder.write(Array(text.utf8), to: name)
        return folder.file(name)
    }

    private func secret(_ credentials: S3Credentials) -> String {
        credentials.secret.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [("default", "AKID-1", "first/secret+="), ("exhaust", "AKID-2", "second = secret")])
    func `a section gives its own key and secret`(profile: String, keyID: String, secret: String) async throws {
        let path = try write(
            "credentials",
            """
            # aws_access_key_id = not-this
            [default]
            aws_access_key_id=AKID-1
            aws_secret_access_key = first/secret+=

            [ exhaust ]
              AWS_Access_Key_ID =   AKID-2\r
            region = eu-central-1
            aws_secret_access_key = second = secret
            aws_session_token = token
            """)
        let file = try await S3CredentialFile(path, profile: profile, clock: clock)
        let credentials = try await file.credentials()
        #expect(credentials.keyID == keyID && self.secret(credentials) == secret)
        #expect(credentials.sessionToken == (profile == "default" ? nil : "token"))
    }

    @Test func `a file that is written anew counts a minute later, and not before`() async throws {
        func file(_ key: String) throws -> String {
            try write("c", "[default]\naws_access_key_id=\(key)\naws_secret_access_key=s")
        }
        let credentials = try await S3CredentialFile(try file("old"), profile: "default", clock: clock)
        #expect(try await credentials.credentials().keyID == "old")
        _ = try file("new")
        clock.advance(seconds: 59)
        #expect(try await credentials.credentials().keyID == "old")
        clock.advance(seconds: 1)
        #expect(try await credentials.credentials().keyID == "new")
    }

    @Test(arguments: [
        "", "[other]\naws_access_key_id=a\naws_secret_access_key=b", "[default]\naws_access_key_id=a",
        "[default]\naws_secret_access_key=hush",
    ])
    func `a section that lacks something is told by name, and no secret with it`(text: String) async throws {
        let file = try await S3CredentialFile(try write("c", text), profile: "default", clock: clock)
        let error = await #expect(throws: ExhaustError.self) { try await file.credentials() }
        #expect(error?.message.contains("section [default] has no key id and secret") == true)
        #expect(error?.description.contains("hush") == false && error?.remedy.contains("files.s3.profile") == true)
    }

    @Test func `a file that is not there is told with the setting that names it`() async throws {
        let file = try await S3CredentialFile(folder.file("none"), profile: "default", clock: clock)
        let error = await #expect(throws: ExhaustError.self) { try await file.credentials() }
        #expect(error?.code == .storageFailed && error?.remedy.contains("files.s3.credentialsFile") == true)
    }
}
