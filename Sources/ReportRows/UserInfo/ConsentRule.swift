import ReportModel

/// Whether a learner's answer lets their data be shared (design.md 6.1, User info).
struct ConsentRule: Sendable {
    /// The time that counts as now.
    let asOf: Timestamp

    /// Why the learner is left out; nil if they agreed and the consent has not ended.
    func objection(of learner: Int, in page: ConsentPage) -> Finding.Code? {
        guard let consent = page.consents[learner] else { return .consentMissing }
        let isActive = page.arena.withBytes(of: consent.status) { isWord($0, "active") }
        guard isActive else { return .consentRevoked }
        if consent.expiry.isEmpty { return nil }
        // An expiry that cannot be read has passed: nobody can say that it has not.
        guard let expiry = page.arena.withBytes(of: consent.expiry, Timestamp.init(parsing:)), expiry > asOf else {
            return .consentExpired
        }
        return nil
    }

    /// Whether the bytes are that word of lower-case ASCII letters, in any case.
    private func isWord(_ bytes: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        word.withUTF8Buffer { word in
            bytes.count == word.count && zip(bytes, word).allSatisfy { $0 | 0x20 == $1 }
        }
    }
}
