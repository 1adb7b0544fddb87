import HTTPMessages
import ReportModel
import SecureArchive
import Testing

@testable import S3Files

/// Vectors that AWS published with the signing process: the test suite's, and the examples for S3.
@Suite struct SignatureTests {
    static let suite = SignatureV4(
        credentials: S3Credentials(
            keyID: "AKIDEXAMPLE", secret: SecretBytes(Array("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".utf8))),
        region: "us-east-1", service: "service")
    static let store = SignatureV4(
        credentials: S3Credentials(
            keyID: "AKIAIOSFODNN7EXAMPLE", secret: SecretBytes(Array("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".utf8))),
        region: "us-east-1")
    static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    struct Vector: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var method = HTTPMethod.get
        var path = "/"
        var query: [(name: String, value: String)] = []
        var fields: HTTPFields = [:]
        var payloadHash = SignatureTests.empty
        var signature: String
    }

    @Test(arguments: [
        Vector(
            testDescription: "get-vanilla",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            testDescription: "get-vanilla-query-order-key-case", query: [("Param2", "value2"), ("Param1", "value1")],
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Vector(
            testDescription: "get-utf8", path: "/%E1%88%B4",
            signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        Vector(
            testDescription: "get-header-value-trim",
            fields: ["My-Header1": " value1", "My-Header2": " \"a   b   c\""],
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        Vector(
            testDescription: "post-vanilla", method: .post,
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Vector(
            testDescription: "post-x-www-form-urlencoded", method: .post,
            fields: ["Content-Type": "application/x-www-form-urlencoded"],
            payloadHash: "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
            signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    ])
    func `requests are signed as the test suite of the process has it`(vector: Vector) throws {
        var fields = vector.fields
        fields["Host"] = "example.amazonaws.com"
        fields["X-Amz-Date"] = "20150830T123600Z"
        let time = try #require(Timestamp("2015-08-30T12:36:00Z"))
        let signed = SignatureV4.Signed(
            method: vector.method, path: vector.path, query: vector.query, fields: fields,
            payloadHash: vector.payloadHash)
        let text = try Self.suite.authorization(signed, at: time)
        #expect(text.hasSuffix("Signature=\(vector.signature)"), "\(text)")
        #expect(text.contains("Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="))
    }

    @Test(arguments: [
        Vector(
            testDescription: "a range of an object", path: "/test.txt", fields: ["Range": "bytes=0-9"],
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Vector(
            testDescription: "an upload", method: .put, path: "/test%24file.text",
            fields: ["Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"],
            payloadHash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Vector(
            testDescription: "a query without a value", query: [("lifecycle", "")],
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Vector(
            testDescription: "a listing", query: [("prefix", "J"), ("max-keys", "2")],
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ])
    func `requests are signed as the examples for S3 have it`(vector: Vector) throws {
        var fields = vector.fields
        fields["Host"] = "examplebucket.s3.amazonaws.com"
        fields["x-amz-date"] = "20130524T000000Z"
        fields["x-amz-content-sha256"] = vector.payloadHash
        let signed = SignatureV4.Signed(
            method: vector.method, path: vector.path, query: vector.query, fields: fields,
            payloadHash: vector.payloadHash)
        let text = try Self.store.authorization(signed, at: try #require(Timestamp("2013-05-24T00:00:00Z")))
        #expect(text.hasSuffix("Signature=\(vector.signature)"), "\(text)")
    }

    @Test func `addresses are signed as the example for S3 has it`() throws {
        let signed = SignatureV4.Signed(
            method: .get, path: "/test.txt", query: [], fields: ["Host": "examplebucket.s3.amazonaws.com"],
            payloadHash: SignatureV4.unsignedPayload)
        let time = try #require(Timestamp("2013-05-24T00:00:00Z"))
        let query = try Self.store.query(signed, at: time, seconds: 86_400)
        #expect(
            query == "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }
}
