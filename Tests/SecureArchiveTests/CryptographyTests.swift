import ReportModel
import Testing

@testable import SecureArchive

@Suite struct CryptographyTests {
    @Test func `SHA-256 gives the published value of abc`() throws {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Hexadecimal.text(try SHA256.hash(bytes("abc"))) == expected)
        var pieces = try SHA256()
        try pieces.update(bytes("a"))
        try pieces.update([])
        try pieces.update(bytes("bc"))
        #expect(Hexadecimal.text(try pieces.finish()) == expected)
    }

    @Test func `HMAC-SHA256 gives the values of RFC 4231`() throws {
        let first = try HMACSHA256.authenticate(
            bytes("Hi There"), key: SecretBytes([UInt8](repeating: 0x0B, count: 20)))
        #expect(Hexadecimal.text(first) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let second = try HMACSHA256.authenticate(
            bytes("what do ya want for nothing?"), key: SecretBytes(bytes("Jefe")))
        #expect(Hexadecimal.text(second) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `HMAC-SHA1 gives the value of RFC 2202`() throws {
        let code = try SecretBytes(bytes("Jefe")).withUnsafeBytes { try MessageAuthentication(.sha1, key: $0) }
        try bytes("what do ya want for nothing?").withUnsafeBytes { try code.update($0) }
        #expect(Hexadecimal.text(try code.finish()) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
    }

    @Test func `AES-256 gives the block of FIPS 197`() throws {
        let key = (0..<32).map { UInt8($0) }
        let plain = try hex("00112233445566778899aabbccddeeff")
        let cipher = try SecretBytes(key).withUnsafeBytes { try BlockCipher(.blocks, key: $0, encrypts: true) }
        var output = [UInt8](repeating: 0, count: 16)
        try plain.withUnsafeBytes { plain in
            try output.withUnsafeMutableBytes { try cipher.updateBlocks(plain, into: $0) }
        }
        #expect(Hexadecimal.text(output) == "8ea2b7ca516745bfeafc49904b496089")
    }

    @Test func `AES-256-CBC gives the first blocks of SP 800-38A`() throws {
        let key = try hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
        let vector = try hex("000102030405060708090a0b0c0d0e0f")
        let plain = try hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
        let cipher = try SecretBytes(key).withUnsafeBytes {
            try BlockCipher(.chained, key: $0, initialVector: vector, encrypts: true)
        }
        let text = try #require(try cipher.whole(plain))
        #expect(
            Hexadecimal.text(text.prefix(32)) == "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d")
    }

    @Test func `AES-256-GCM gives the value of NIST's test case 16`() throws {
        let key = try hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
        let cipher = try SecretBytes(key).withUnsafeBytes {
            try BlockCipher(.authenticated, key: $0, initialVector: hex("cafebabefacedbaddecaf888"), encrypts: true)
        }
        try cipher.authenticate(hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
        _ = try cipher.whole(
            hex(
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                    + "b16aedf5aa0de657ba637b39"))
        #expect(Hexadecimal.text(try cipher.tag()) == "76fc6ece0f4e1768cddf8853bb2d551b")
    }

    @Test func `random bytes differ`() throws {
        #expect(try RandomBytes.make(count: 16) != RandomBytes.make(count: 16))
        #expect(try RandomBytes.make(count: 0).isEmpty)
        #expect(try SymmetricKey.random() != SymmetricKey.random())
    }

    @Test func `secrets do not show in descriptions`() throws {
        let password = try Password("pass1234")
        var dumped = ""
        dump(password, to: &dumped)
        for text in ["\(password)", String(reflecting: password), dumped] {
            #expect(!text.contains("pass1234") && !text.contains("112"))
        }
        #expect("\(try SymmetricKey([UInt8](repeating: 112, count: 32)))".contains("secret of 32 bytes"))
    }

    @Test(arguments: ["", "a\nb", "a\rb", "a\0b", String(repeating: "é", count: 50)])
    func `a password that no reader takes is refused`(text: String) {
        #expect(failure { _ = try Password(text) }?.code == .invalidInput)
    }

    @Test func `a key has 32 bytes`() {
        #expect(failure { _ = try SymmetricKey([1, 2, 3]) }?.message == "key: it has 3 bytes instead of 32")
    }

    @Test func `hexadecimal reads what it writes and refuses the rest`() {
        #expect(Hexadecimal.text([0, 0x7F, 0xFF]) == "007fff")
        #expect(Hexadecimal.text([0xAB], uppercase: true) == "AB")
        #expect(Hexadecimal.bytes("00aBfF") == [0, 0xAB, 0xFF])
        for wrong in ["0", "0g", "é"] { #expect(Hexadecimal.bytes(wrong) == nil) }
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func `Base64 is that of RFC 4648`(plain: String, text: String) {
        #expect(Base64.encode(bytes(plain)) == bytes(text))
        #expect(Base64.decode(bytes(text)) == bytes(plain))
    }

    @Test(arguments: ["Zg=", "Zh==", "Z===", "====", "Zm9\n", "Zg==Zg==", "Zm 9"])
    func `Base64 in another form is refused`(text: String) { #expect(Base64.decode(bytes(text)) == nil) }
}
