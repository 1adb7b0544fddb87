import ReportModel
import ReportService
import SecureArchive
import Testing

@Suite struct PasswordRuleTests {
    private let rule = PasswordRule()

    @Test func `twelve characters are enough, however many bytes they have`() throws {
        #expect(try rule.isMet(by: Password("123456789012")))
        #expect(try rule.isMet(by: Password("पासवर्ड-😀-12345")))
        #expect(try !rule.isMet(by: Password("12345678901")))
        #expect(try !rule.isMet(by: Password("पासवर्ड")))
        #expect(throws: ExhaustError(.invalidInput, "password: it has fewer than 12 characters")) {
            try rule.check(Password("pass1234"))
        }
    }

    @Test(arguments: [
        " correct horse", "correct horse ", "\tcorrect horse", "correct horse\u{00A0}", "correct horse\u{FEFF}",
        "               ", " \t \t \t \t \t \t \t ",
    ])
    func `a password has no blanks at its ends, which pasting would lose`(text: String) throws {
        #expect(try !rule.isMet(by: Password(text)))
        #expect(throws: ExhaustError(.invalidInput, "password: it begins or ends with a blank")) {
            try rule.check(Password(text))
        }
        #expect(rule.text.contains("no blank at the beginning or the end"))
    }

    @Test func `generated passwords meet the rule, whatever it asks for, and differ`() throws {
        let made = try (0..<100).map { _ in try rule.generated() }
        #expect(Set(made).count == 100)
        for text in made { try rule.check(Password(text)) }
        try PasswordRule(minimumCharacters: 64).check(Password(PasswordRule(minimumCharacters: 64).generated()))
    }

    @Test func `bytes that would make some characters likelier are passed over`() throws {
        var bytes: [UInt8] = [255, 254, 0, 55, 56, 1, 2, 3]
        let made = try rule.generated { count in
            defer { bytes = bytes.count > count ? Array(bytes.dropFirst(count)) : [0, 0, 0, 0] }
            return Array(bytes.prefix(count))
        }
        #expect(made.hasPrefix("2z23-"))
    }
}
