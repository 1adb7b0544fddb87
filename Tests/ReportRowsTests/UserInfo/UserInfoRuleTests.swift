import ReportModel
import Testing

@testable import ReportRows

@Suite struct UserInfoRuleTests {
    private func run(_ learner: Learner, _ change: (inout ReportContext) -> Void = { _ in }) throws -> ReportRun {
        try ReportRun(UserInfoReport(), of: [learner], in: .test(change))
    }

    @Test(
        arguments: [
            (Consent("ACTIVE"), nil), (Consent("active", expiry: ""), nil), (nil, .consentMissing),
            (Consent("REVOKED"), .consentRevoked), (Consent(nil), .consentRevoked),
            (Consent("INACTIVE"), .consentRevoked),
            (Consent("ACTIVE", expiry: "2023-11-14T22:13:20.001Z"), nil),
            (Consent("ACTIVE", expiry: "2023-11-14T22:13:20Z"), .consentExpired),
            (Consent("ACTIVE", expiry: "never"), .consentExpired),
            (Consent("REVOKED", expiry: "2000-01-01"), .consentRevoked),
        ] as [(Consent?, Finding.Code?)])
    func `only consent that is given and lasts is enough`(consent: Consent?, reason: Finding.Code?) throws {
        let run = try run(Learner("u") { $0.consent = consent })
        #expect(run.tally.leftOut == (reason.map { [$0: 1] } ?? [:]))
        #expect(run.tally.rows == (reason == nil ? 1 : 0))
        #expect(run.tally.learners == 1)
    }

    @Test func `what does not decrypt is left empty and counted`() throws {
        let learner = Learner("u", profile: [.email: "bm9uc2Vuc2U=", .phone: "secret:+91 98", .firstname: "A"]) {
            $0.consent = Consent("ACTIVE")
        }
        let decrypted = try run(learner) { $0.decrypter = TestDecrypter() }
        #expect(decrypted.rows[0].hasSuffix(",,+91 98,true,"))
        #expect(decrypted.tally.findings == [.notDecrypted: 1])
        let without = try run(learner)
        #expect(without.rows[0].hasSuffix(",,,true,"))
        #expect(without.tally.findings == [.notDecrypted: 2])
        #expect(!without.text.contains("bm9uc2Vuc2U="))
    }

    @Test func `a value that is not there needs no decryption`() throws {
        let learner = Learner("u", profile: [.email: ""]) { $0.consent = Consent("ACTIVE") }
        #expect(try run(learner).tally.findings.isEmpty)
    }

    @Test func `a collection that does not ask for consent is refused`() throws {
        let error = #expect(throws: ExhaustError.self) {
            try run(Learner("u")) { $0.batch.collection.asksForConsent = false }
        }
        #expect(error?.code == .refused)
        #expect(error?.message.contains("do_c") == true)
    }

    @Test func `names and nothing else are read with the consent`() throws {
        let needs = UserInfoReport().needs(in: .test())
        #expect(needs.consent)
        #expect(needs.attempts == .none)
        #expect(!needs.contentStatus)
        #expect(!needs.profileFields.contains(.rootorgid))
        #expect(Set(needs.profileFields).count == needs.profileFields.count)
        let filtered = UserInfoReport().needs(in: .test { $0.batch.requestingOrganisation = "org-2" })
        #expect(filtered.profileFields.contains(.rootorgid))
    }
}
