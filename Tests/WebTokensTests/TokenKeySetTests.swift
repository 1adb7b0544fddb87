import ReportModel
import SecureArchive
import Testing
import WebTokens

@Suite struct TokenKeySetTests {
    private func keys(_ elements: [JSONValue]) throws -> [TokenKey] {
        let set = JSONValue.members(("keys", .array(elements)))
        return try TokenKeySet.keys(Array(set.compactText.utf8), name: "key set")
    }

    private func published(_ key: Result<SigningKey, any Error>, _ changes: [String: JSONValue?]) throws -> JSONValue {
        let members = try key.get().published(as: "k1").objectMembers ?? []
        var changed = members.filter { changes[$0.name] == nil }
        for (name, value) in changes { if let value { changed.append(.init(name, value)) } }
        return .object(changed)
    }

    @Test(arguments: [SignatureAlgorithm.rs256, .es256])
    func `a published key checks what its private key signed`(algorithm: SignatureAlgorithm) throws {
        let key = try SigningKey(generating: algorithm)
        let found = try keys([try key.published(as: "k1")])
        #expect(found.map(\.name) == ["k1"])
        #expect(found.first?.key.algorithm == algorithm)
        let signature = try key.sign(Array("message".utf8))
        #expect(try found.first?.key.verifies(signature, of: Array("message".utf8)) == true)
        #expect(try found.first?.key.verifies(signature, of: Array("massage".utf8)) == false)
        #expect(try found.first?.key.verifies([], of: Array("message".utf8)) == false)
        let again = try SigningKey(pem: key.privatePEM())
        #expect(try again.publicPEM() == key.publicPEM())
    }

    @Test func `keys for other things are passed over`() throws {
        let changes: [[String: JSONValue?]] = [
            ["use": .string("enc")], ["use": .null], ["key_ops": .array([.string("encrypt")])],
            ["alg": .string("RSA-OAEP")], ["alg": .string("RS512")], ["alg": .string("none")], ["kty": .string("oct")],
            ["kid": .integer(1)], ["n": JSONValue?.none], ["e": JSONValue?.none],
        ]
        let elements = try changes.map { try published(TokenScene.rsa, $0) }
        #expect(try keys(elements + [.null, .string("x"), .object([])]).isEmpty)
        #expect(try keys(elements + [published(TokenScene.rsa, [:])]).count == 1)
        let plain = try published(TokenScene.rsa, ["use": JSONValue?.none, "alg": JSONValue?.none])
        #expect(try keys([plain]).count == 1)
    }

    @Test func `numbers that are no strong key are passed over`() throws {
        func number(_ bytes: [UInt8]) -> JSONValue { .string(Base64URL.encode(bytes)) }
        let modulus = try TokenScene.rsa.get().publicNumber("n")
        let changes: [[String: JSONValue?]] = [
            ["e": number([1])], ["e": number([2])], ["e": number([])], ["e": number([0, 1, 0, 1])],
            ["e": number([UInt8](repeating: 0xFF, count: 5))], ["e": number([UInt8](repeating: 0xFF, count: 256))],
            ["n": number(Array(modulus.prefix(128)))], ["n": number([0] + modulus)], ["n": number([])],
            ["n": number([0xFF] + [UInt8](repeating: 0xFF, count: 2_000))], ["n": .string("=")],
        ]
        #expect(try keys(changes.map { try published(TokenScene.rsa, $0) }).isEmpty)
        let points: [[String: JSONValue?]] = [
            ["x": number([UInt8](repeating: 1, count: 32))], ["y": number([UInt8](repeating: 0, count: 31))],
            ["crv": .string("P-384")],
            ["x": number([UInt8](repeating: 0, count: 32)), "y": number([UInt8](repeating: 0, count: 32))],
        ]
        #expect(try keys(points.map { try published(TokenScene.p256, $0) }).isEmpty)
    }

    @Test func `what is no set of keys is refused`() {
        for text in ["", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[],"keys":[]}"#, "not JSON"] {
            #expect(throws: ExhaustError.self, "\(text)") {
                _ = try TokenKeySet.keys(Array(text.utf8), name: "key set")
            }
        }
        let many = "{\"keys\":[\([String](repeating: "{}", count: 101).joined(separator: ","))]}"
        #expect(throws: ExhaustError(.limitExceeded, "key set: 101 keys are more than the limit of 100")) {
            _ = try TokenKeySet.keys(Array(many.utf8), name: "key set")
        }
    }

    @Test(arguments: ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "x"])
    func `what is no PEM is refused`(text: String) {
        #expect(throws: ExhaustError.self) { _ = try VerificationKey(pem: Array(text.utf8)) }
        #expect(throws: ExhaustError.self) { _ = try SigningKey(pem: Array(text.utf8)) }
    }

    @Test func `Base64 for addresses is strict`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        for text in ["A", "AAAAA", "AB", "AA=", "A+AA", "A/AA", "AA AA", "-_9"] {
            #expect(Base64URL.decode(text) == nil, "\(text)")
        }
    }
}
