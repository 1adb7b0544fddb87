public import ReportModel
public import SecureArchive

/// What a password has to be so that a file that got into other hands stays closed. Our own routes and the page refuse
/// weaker ones; upstream's dialects and the command line accept them, and the receipt says so (`weak-password`).
public struct PasswordRule: Sendable, Hashable {
    /// `password.minimumCharacters`: characters at the least.
    public var minimumCharacters: Int

    /// A rule; 12 characters.
    public init(minimumCharacters: Int = 12) { self.minimumCharacters = minimumCharacters }

    /// The rule in one sentence, for people.
    public var text: String {
        "At least \(minimumCharacters) characters, at most \(Password.longestByteCount) bytes, on one line, "
            + "no blank at the beginning or the end."
    }

    /// Whether `password` keeps the rule. Characters are what a reader sees as one.
    public func isMet(by password: Password) -> Bool { objection(to: password) == nil }

    /// Throws `invalidInput` if `password` is too short, or begins or ends with a blank.
    public func check(_ password: Password) throws(ExhaustError) {
        if let objection = objection(to: password) { throw objection }
    }

    private func objection(to password: Password) -> ExhaustError? {
        let text = password.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        if text.count < minimumCharacters {
            return ExhaustError(
                .invalidInput, "password: it has fewer than \(minimumCharacters) characters",
                remedy: "Choose a longer one, or take the one that is offered.")
        }
        // Copied and pasted it would lose them, and then open nothing.
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last, !Self.isBlank(first),
            !Self.isBlank(last)
        else {
            return ExhaustError(
                .invalidInput, "password: it begins or ends with a blank",
                remedy: "Leave the blank out, or take the password that is offered.")
        }
        return nil
    }

    /// As the page sees it: white space, and the mark at the beginning of files.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.value == 0xFEFF
    }

    /// Letters and digits that nobody takes for one another: no `0 1 I O l o`.
    private static let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz".utf8)
    private static let groupLength = 4
    private static let fewestGroups = 5

    /// A strong password that meets the rule: groups of four such as `k7Qd-…`, 115 bits or more. `randomBytes` gives random
    /// bytes, as many as it is asked for.
    public func generated(by randomBytes: (Int) throws -> [UInt8] = RandomBytes.make(count:)) throws -> String {
        var groups: [String] = []
        while groups.count < Self.fewestGroups || groups.count * (Self.groupLength + 1) - 1 < minimumCharacters {
            groups.append(try Self.group(randomBytes))
        }
        return groups.joined(separator: "-")
    }

    private static func group(_ randomBytes: (Int) throws -> [UInt8]) throws -> String {
        // Bytes past the last whole multiple would make some characters likelier.
        let bound = 256 - 256 % alphabet.count
        var characters: [UInt8] = []
        while characters.count < groupLength {
            for byte in try randomBytes(groupLength) where Int(byte) < bound && characters.count < groupLength {
                characters.append(alphabet[Int(byte) % alphabet.count])
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
