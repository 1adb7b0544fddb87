import ReportModel
import SecureArchive
import Testing
import WebTokens

@Suite struct TokenVerifierTests {
    private let scene = TokenScene()

    @Test func `a right token gives its claims, with RSA and with P-256`() throws {
        for key in [TokenScene.rsa, TokenScene.p256] {
            let token = try scene.mint(key).token(.object(scene.claims))
            #expect(try scene.check(token, keys: scene.keys(key))["sub"]?.text == "f:5a8a3f2b:user-7")
        }
    }

    @Test func `an unsigned token is refused`() throws {
        let payload = Base64URL.encode(Array(JSONValue.object(scene.claims).compactText.utf8))
        for algorithm in ["none", "None", "NONE", "nOnE", ""] {
            let header = Base64URL.encode(Array("{\"alg\":\"\(algorithm)\"}".utf8))
            for token in ["\(header).\(payload).", "\(header).\(payload).AAAA"] {
                scene.expectRefusal(token, "its algorithm is not accepted; RS256 and ES256 are")
            }
            scene.expectRefusal("\(header).\(payload)", "it is not three Base64 texts with dots between")
        }
    }

    @Test func `the public key is no secret to sign with`() throws {
        let signed =
            Base64URL.encode(Array(#"{"alg":"HS256","kid":"k1"}"#.utf8)) + "."
            + Base64URL.encode(Array(JSONValue.object(scene.claims).compactText.utf8))
        let pem = try TokenScene.rsa.get().publicPEM()
        let code = try HMACSHA256.authenticate(Array(signed.utf8), key: SecretBytes(pem))
        scene.expectRefusal(
            signed + "." + Base64URL.encode(code), "its algorithm is not accepted; RS256 and ES256 are")
        // Nor where the header says what the key is for.
        let asRSA =
            Base64URL.encode(Array(#"{"alg":"RS256","kid":"k1"}"#.utf8)) + signed.drop { $0 != "." }
        scene.expectRefusal(asRSA + "." + Base64URL.encode(code), "its signature is not right")
    }

    @Test func `the key decides the algorithm, not the token`() throws {
        let payload = JSONValue.object(scene.claims).compactText
        let token = try scene.mint().signed(header: #"{"alg":"ES256","kid":"k1"}"#, payload: payload)
        scene.expectRefusal(token, "its algorithm is not that of its key")
    }

    @Test func `another key does not fit`() throws {
        let claims = JSONValue.object(scene.claims)
        scene.expectRefusal(try scene.mint(TokenScene.otherRSA).token(claims), "its signature is not right")
        scene.expectRefusal(
            try scene.mint(name: "k2").token(claims), "it was signed by a key that is not known here")
        scene.expectRefusal(
            try scene.mint().token(claims), "it was signed by a key that is not known here", keys: [])
    }

    @Test func `a token without a key name is tried with every key`() throws {
        let token = try scene.mint(name: nil).token(.object(scene.claims))
        let keys = try scene.keys(TokenScene.otherRSA, name: "a") + scene.keys(name: "b")
        #expect(try scene.check(token, keys: keys)["sub"] != nil)
        #expect(try scene.check(scene.mint().token(.object(scene.claims)), keys: scene.keys(name: nil))["sub"] != nil)
    }

    @Test func `a change of any part is found`() throws {
        let parts = try scene.mint().token(.object(scene.claims)).split(separator: ".").map(String.init)
        let other = try scene.mint().token(scene.claims(["sub": .string("admin")])).split(separator: ".").map(
            String.init)
        scene.expectRefusal("\(parts[0]).\(other[1]).\(parts[2])", "its signature is not right")
        scene.expectRefusal("\(parts[0]).\(parts[1]).\(other[2])", "its signature is not right")
        scene.expectRefusal("\(parts[0]).\(parts[1]).\(parts[2])A", "its signature is not right")
        scene.expectRefusal("\(parts[0]).\(parts[1]).", "its signature is not right")
        scene.expectRefusal(
            "\(parts[0]).\(parts[1]).\(parts[2]).\(parts[2])", "it is not three Base64 texts with dots between")
        scene.expectRefusal("\(parts[0]).\(parts[1]).\(parts[2])=", "it is not three Base64 texts with dots between")
        scene.expectRefusal(" \(parts[0]).\(parts[1]).\(parts[2])", "it is not three Base64 texts with dots between")
    }

    @Test func `times count with a small leeway`() throws {
        let second = scene.now.milliseconds / 1000
        func token(_ name: String, _ value: JSONValue?) throws -> String {
            try scene.mint().token(scene.claims([name: value]))
        }
        #expect(try scene.check(token("exp", .integer(second - 59)))["sub"] != nil)
        scene.expectRefusal(try token("exp", .integer(second - 60)), "it has expired")
        scene.expectRefusal(try token("exp", .integer(0)), "it has expired")
        #expect(try scene.check(token("nbf", .integer(second + 60)))["sub"] != nil)
        scene.expectRefusal(try token("nbf", .integer(second + 61)), "it is not valid yet")
        scene.expectRefusal(try token("exp", JSONValue?.none), "it has no end (`exp`)")
        #expect(try scene.check(token("nbf", JSONValue?.none))["sub"] != nil)
    }

    @Test(arguments: [
        JSONValue.number("1e999999999"), .number("1e400"), .number("-1"), .string("1706691900"), .null, .bool(true),
        .array([]), .number("1e300"), .number("99999999999999999999"),
    ])
    func `an end that is no time is refused`(value: JSONValue) throws {
        scene.expectRefusal(try scene.mint().token(scene.claims(["exp": value])), "its end (`exp`) is no time")
        scene.expectRefusal(
            try scene.mint().token(scene.claims(["nbf": value])), "its beginning (`nbf`) is no time")
    }

    @Test func `issuer and audience have to be ours`() throws {
        func token(_ name: String, _ value: JSONValue?) throws -> String {
            try scene.mint().token(scene.claims([name: value]))
        }
        for issuer in [
            JSONValue.string("https://evil.example.org"), .string("https://sso.example.org/realms/r/"), .null,
        ] {
            scene.expectRefusal(try token("iss", issuer), "it comes from another issuer")
        }
        scene.expectRefusal(try token("iss", JSONValue?.none), "it comes from another issuer")
        for audience in [JSONValue.string("account"), .array([.string("account")]), .array([]), .integer(1)] {
            scene.expectRefusal(try token("aud", audience), "it is for another audience")
        }
        scene.expectRefusal(try token("aud", JSONValue?.none), "it is for another audience")
        let both = JSONValue.array([.string("account"), .string("exhaust")])
        #expect(try scene.check(token("aud", both))["sub"] != nil)
    }

    @Test func `a token that is too long is refused before it is read`() throws {
        let long = try scene.mint().token(scene.claims(["roles": .string(String(repeating: "x", count: 20_000))]))
        scene.expectRefusal(long, "it is over 16384 bytes")
        scene.expectRefusal(String(repeating: ".", count: 16_385), "it is over 16384 bytes")
    }

    @Test func `JSON that two readers could take for two things is refused`() throws {
        let claims = JSONValue.object(scene.claims).compactText
        let mint = try scene.mint()
        let twice = #"{"sub":"admin","#.appending(claims.dropFirst())
        scene.expectRefusal(
            try mint.signed(header: #"{"alg":"RS256","kid":"k1"}"#, payload: twice), "it does not hold JSON objects")
        // Escaped, it is the same name.
        let escaped = #"{"\u0073ub":"admin","#.appending(claims.dropFirst())
        scene.expectRefusal(
            try mint.signed(header: #"{"alg":"RS256","kid":"k1"}"#, payload: escaped), "it does not hold JSON objects")
        scene.expectRefusal(
            try mint.signed(header: #"{"alg":"none","alg":"RS256"}"#, payload: claims), "it does not hold JSON objects")
        for payload in ["", "[]", "null", claims + claims, claims + "x", "{\"exp\":1"] {
            scene.expectRefusal(
                try mint.signed(header: #"{"alg":"RS256","kid":"k1"}"#, payload: payload),
                "it does not hold JSON objects")
        }
        let deep = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
        scene.expectRefusal(
            try mint.signed(header: #"{"alg":"RS256"}"#, payload: "{\"a\":\(deep)}"), "it does not hold JSON objects")
    }

    @Test(arguments: [#""crit":["exp"]"#, #""b64":false"#, #""zip":"DEF""#, #""enc":"A128GCM""#])
    func `an extension that we do not know is refused`(member: String) throws {
        let payload = JSONValue.object(scene.claims).compactText
        let token = try scene.mint().signed(header: #"{"alg":"RS256","kid":"k1",\#(member)}"#, payload: payload)
        scene.expectRefusal(token, "its header asks for an extension")
    }

    @Test(arguments: [#"{"kid":"k1"}"#, #"{"alg":1}"#, #"{"alg":["RS256"]}"#, #"{"alg":null}"#])
    func `a header without an algorithm is refused`(header: String) throws {
        let payload = JSONValue.object(scene.claims).compactText
        scene.expectRefusal(
            try scene.mint().signed(header: header, payload: payload), "its header names no algorithm")
    }

    @Test func `bytes at random never pass`() throws {
        var generator = SystemRandomNumberGenerator()
        let token = Array(try scene.mint().token(.object(scene.claims)).utf8)
        let keys = try scene.keys()
        for _ in 0..<300 {
            var changed = token
            let place = Int.random(in: 0..<changed.count, using: &generator)
            let byte = UInt8.random(in: 0x2D...0x7A, using: &generator)
            guard changed[place] != byte else { continue }
            changed[place] = byte
            #expect(throws: ExhaustError.self) {
                _ = try scene.check(String(decoding: changed, as: UTF8.self), keys: keys)
            }
        }
    }
}

extension String {
    fileprivate func appending(_ rest: Substring) -> String { self + rest }
}
