import HTTPClient
import HTTPMessages
import ReportModel
import ReportTesting
import SecureArchive
import Testing

@testable import S3Files

@Suite struct AnswerTests {
    @Test func `answers of the store are read`() throws {
        let text = """
            \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
            <!-- x --><List xmlns="urn:x"><Key a="b">a&amp;&lt;&#x41;&#66;</Key><Empty/><Key> c </Key><In><Key>d</Key></In></List>
            """
        let list = try XMLElement(parsing: Array(text.utf8))
        #expect(list.name == "List")
        #expect(list.all("Key").map(\.text) == ["a&<AB", " c "])
        #expect(list.first("Empty") == "" && list.first("None") == nil)
        #expect(list.all("In").first?.first("Key") == "d")
    }

    @Test(arguments: [
        "", "x", "<", "<a", "<a>", "<a></b>", "<a><b></a></b>", "<a>&x;</a>", "<a>&#xD800;</a>", "<a>&amp</a>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a><!ELEMENT></a>", "<?xml", "<!-- ",
        String(repeating: "<a>", count: 1_000),
    ])
    func `what is not an answer of the store is refused`(text: String) {
        #expect(throws: ExhaustError.self) { try XMLElement(parsing: Array(text.utf8)) }
    }

    @Test(arguments: [
        (403, "SignatureDoesNotMatch", "storageFailed", "credentials do not fit"),
        (403, "RequestTimeTooSkewed", "storageFailed", "clocks differ"),
        (403, "AccessDenied", "storageFailed", "access is denied"),
        (404, "NoSuchBucket", "storageFailed", "no such bucket"), (404, "NoSuchKey", "notFound", "there is none"),
        (301, "PermanentRedirect", "storageFailed", "another region"), (412, "", "conflict", "replaced"),
        (503, "SlowDown", "unavailable", "in trouble (503 SlowDown)"),
        (400, "Odd<i>", "storageFailed", "refuses (400 Odd)"),
    ])
    func `refusals say what is wrong and what to do`(status: Int, code: String, kind: String, why: String) throws {
        let body = "<Error><Code>\(code.prefix { $0 != "<" })</Code><Message>AKIASECRET</Message></Error>"
        let error = try bucket().failure(WebAnswer(status: status, body: Array(body.utf8)), "file a.zip")
        #expect(error.code.description == kind)
        #expect(error.message.hasPrefix("bucket reports, file a.zip: "))
        #expect(error.message.contains(why), "\(error)")
        #expect(!error.description.contains("AKIASECRET"))
        #expect(!error.remedy.isEmpty || error.code == .notFound)
    }

    @Test func `buckets are addressed by path or by host`() throws {
        func address(_ options: S3Options) throws -> String {
            let address = try BucketAddress(options)
            return address.origin + address.path(of: "a b/ü.zip")
        }
        #expect(
            try address(S3Options(bucket: "reports", region: "ap-south-1"))
                == "https://reports.s3.ap-south-1.amazonaws.com/a%20b/%C3%BC.zip")
        #expect(
            try address(S3Options(bucket: "reports", endpoint: "http://minio:9000/"))
                == "http://minio:9000/reports/a%20b/%C3%BC.zip")
        #expect(
            try address(
                S3Options(bucket: "reports", endpoint: "https://storage.googleapis.com", addressing: .virtualHost))
                == "https://reports.storage.googleapis.com/a%20b/%C3%BC.zip")
    }

    @Test(arguments: ["", "ab", "a/b", "a b", "a..b", "ü-bucket", String(repeating: "a", count: 64)])
    func `names that no bucket has are refused`(name: String) {
        #expect(throws: ExhaustError.self) { try BucketAddress(S3Options(bucket: name)) }
    }

    @Test func `staging names come back from their text`() throws {
        let name = StagingName(fencing: 7, upload: "a/b.c%~ü")
        #expect(StagingName(name.text)?.upload == "a/b.c%~ü")
        for text in ["", "7", "7.x", "x.y.z", "7.x.", "7.x.%zz", "7.x.a/b"] {
            #expect(StagingName(text) == nil, "\(text)")
        }
    }

    private func bucket() throws -> Bucket {
        let options = S3Options(bucket: "reports")
        return Bucket(
            options: options, address: try BucketAddress(options), client: UnusedClient(), clock: ManualClock(),
            credentials: { S3Credentials(keyID: "k", secret: SecretBytes([1])) })
    }
}

private struct UnusedClient: WebClient {
    func send(_ request: WebRequest) async throws -> WebAnswer { throw ExhaustError(.internalFault, "not to be asked") }
}
