import PersonalData
import ReportModel
import ReportRows
import Testing

@Suite struct PersonalDataCipherTests {
    /// upstream.md 5.8: what the two services really stored.
    static let vectors: [(plain: String, form: PersonalDataCipher.Form, stored: String)] = [
        (
            "9876543210", .oneLine,
            "U5qMYICHXVwsPdH4BWsGG1jwYGqxpp68TVdK3og7vwsFHNabKy+VCP0g83xYfg2kKk1oGrR8K2Gy6dg7berO1UI7YW42PKBmhUEDE53v"
                + "kr+9UG26FJhi/HuG4Wat95he"
        ),
        (
            "a.b@example.org", .oneLine,
            "vZZqNTYu8oYrywT6e0dtCvNA/fqq1A6pTlLUP1X9zVfFIw9zdlYCfNsqlG2cz1qsrs1rSERCMQRmThUVo6mMzQjp/pY0itrd61MzG7Tg"
                + "J6t3GUuuPkM4Gzi2kjVr0ylH"
        ),
        (
            "pass1234", .oneLine,
            "8CUhN/hCHeg4zDLct29V3J/BNE89ch5p2Arr9uuinUsX2mvZr1eDFR3kJRr6YwK7esMR9jsev+8qH7ZZA91h7A=="
        ),
        (
            "9876543210", .lineBroken,
            "U5qMYICHXVwsPdH4BWsGG1jwYGqxpp68TVdK3og7vwsFHNabKy+VCP0g83xYfg2kKk1oGrR8K2Gy\n6dg7berO1UI7YW42PKBmhUEDE53"
                + "vkr/WGI4dP4Einowk7gdKbG0rTQtMGOn7lhkDdxs1iV8l8A=="
        ),
        (
            "a.b@example.org", .lineBroken,
            "vZZqNTYu8oYrywT6e0dtCvNA/fqq1A6pTlLUP1X9zVfFIw9zdlYCfNsqlG2cz1qsrs1rSERCMQRm\nThUVo6mMzQjp/pY0itrd61MzG7T"
                + "gJ6voDexaxtD9e2wf+tOyMrdXTQtMGOn7lhkDdxs1iV8l8A=="
        ),
    ]

    @Test(arguments: vectors)
    func `stored values are read and written`(plain: String, form: PersonalDataCipher.Form, stored: String) throws {
        let cipher = try PersonalDataCipher(salt: "SunBird")
        #expect(decrypt(stored, with: cipher) == plain)
        #expect(String(decoding: try cipher.encrypt(Array(plain.utf8), form: form), as: UTF8.self) == stored)
    }

    @Test func `other ways of writing Base64 are read`() throws {
        let cipher = try PersonalDataCipher(salt: "SunBird")
        for (plain, _, stored) in Self.vectors {
            let urlSafe = String(stored.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
            #expect(decrypt(urlSafe, with: cipher) == plain)
            #expect(decrypt(" \t" + stored.map(String.init).joined(separator: "\r\n*") + "\n", with: cipher) == plain)
            #expect(decrypt(stored.filter { $0 != "=" }, with: cipher) == plain)
            #expect(decrypt(stored + "=AAAA", with: cipher) == plain)
        }
    }

    @Test(arguments: ["", "SunBird", "सूर्य", "a\tb\nc\rd", String(repeating: "s", count: 100)])
    func `what is written is read, at every length`(salt: String) throws {
        let cipher = try PersonalDataCipher(salt: salt)
        for length in [1, 8, 9, 15, 16, 17, 40, 41, 57, 58, 200, 1000] {
            for form in PersonalDataCipher.Form.allCases {
                let plain = String(String(repeating: "né@😀x", count: length).prefix(length))
                let stored = try cipher.encrypt(Array(plain.utf8), form: form)
                #expect(decrypt(String(decoding: stored, as: UTF8.self), with: cipher) == plain)
            }
        }
    }

    @Test func `a salt with control characters is read in the jobs' spelling too`() throws {
        let spelled = try PersonalDataCipher(salt: #"a\tb\nc\rd"#)
        let stored = try spelled.encrypt(Array("9876543210".utf8), form: .oneLine)
        let cipher = try PersonalDataCipher(salt: "a\tb\nc\rd")
        #expect(decrypt(String(decoding: stored, as: UTF8.self), with: cipher) == "9876543210")
    }

    @Test(arguments: [
        "9876543210", "a.b@example.org", "****", "=", "U5qM", "\u{0}", "U5qMYICHXVwsPdH4BWsGG1jwYGqxpp68",
        "THhGyF4X0V9p2p00jw8sqom3Ule/O+ea8WlKWXAmoc8=",  // one round only
        String(repeating: "U5qMYICH", count: 10_000),  // over the limit
    ])
    func `what is no stored value is refused and leaves nothing`(stored: String) throws {
        let cipher = try PersonalDataCipher(salt: "SunBird")
        #expect(decrypt(stored, with: cipher) == nil)
    }

    @Test(arguments: [("SunBird", "Another"), ("SunBird", "Sun"), ("Sun", "SunBird")])
    func `a value of another salt is refused`(salt: String, other: String) throws {
        let stored = try PersonalDataCipher(salt: salt).encrypt(Array("9876543210".utf8), form: .oneLine)
        let cipher = try PersonalDataCipher(salt: other)
        #expect(decrypt(String(decoding: stored, as: UTF8.self), with: cipher) == nil)
    }

    @Test func `a damaged value is refused wherever the damage is`() throws {
        let cipher = try PersonalDataCipher(salt: "SunBird")
        let stored = Array(Self.vectors[0].stored.utf8)
        for place in stored.indices {
            var damaged = stored
            damaged[place] = damaged[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(decrypt(String(decoding: damaged, as: UTF8.self), with: cipher) == nil, "byte \(place)")
        }
    }

    @Test func `plain bytes that are not UTF-8 are refused`() throws {
        let cipher = try PersonalDataCipher(salt: "SunBird")
        let stored = try cipher.encrypt([0x61, 0xC3, 0x28], form: .oneLine)
        #expect(decrypt(String(decoding: stored, as: UTF8.self), with: cipher) == nil)
    }

    @Test func `a blank value is its own plain value`() throws {
        let cipher = try PersonalDataCipher(salt: "SunBird")
        for blank in ["", " ", " \t\r\n"] {
            #expect(decrypt(blank, with: cipher) == blank)
            #expect(try cipher.encrypt(Array(blank.utf8), form: .lineBroken) == Array(blank.utf8))
        }
    }

    @Test func `a stored key is decrypted, or is the password itself`() throws {
        let cipher = try PersonalDataCipher(salt: "SunBird")
        #expect(cipher.password(fromStoredKey: Self.vectors[2].stored) == Array("pass1234".utf8))
        #expect(cipher.password(fromStoredKey: "Pass-wört 1") == Array("Pass-wört 1".utf8))
        #expect(cipher.password(fromStoredKey: " \n") == nil)
    }

    @Test func `many threads read at once`() async throws {
        let cipher = try PersonalDataCipher(salt: "SunBird")
        let stored = try (0..<200).map { number in
            let plain = "learner\(number)@example.org"
            return (plain, String(decoding: try cipher.encrypt(Array(plain.utf8), form: .lineBroken), as: UTF8.self))
        }
        let wrong = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<20).reduce(0) { wrong, _ in
                        wrong + stored.count { decrypt($0.1, with: cipher) != $0.0 }
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}

/// The plain value; nil if refused. Fails the test if a refusal appended anything.
private func decrypt(_ stored: String, with cipher: PersonalDataCipher) -> String? {
    var plain = Array("before|".utf8)
    var stored = stored
    let isRead = stored.withUTF8 { cipher.decrypt(UnsafeRawBufferPointer($0), into: &plain) }
    let text = String(decoding: plain, as: UTF8.self)
    #expect(text.hasPrefix("before|"))
    if !isRead { #expect(text == "before|") }
    return isRead ? String(text.dropFirst("before|".count)) : nil
}
