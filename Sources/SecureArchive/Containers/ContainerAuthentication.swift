public import ReportModel

/// The authentication that the container format lacks, beside it: HMAC-SHA256 over the whole container, in the comment of
/// the archive, where readers of the format do not look.
///
/// The key is HMAC-SHA256(key of the file, "exhaust container authentication 1"), so whoever can open the container can
/// check it and nobody else can make the code. One line an entry: `exhaust-hmac-sha256:<entry name>:<64 hex digits>`.
public enum ContainerAuthentication {
    static let label = Array("exhaust container authentication 1".utf8)
    static let prefix = "exhaust-hmac-sha256:"
    static let byteCount = 32

    static func code(fileKey: SymmetricKey) throws -> MessageAuthentication {
        let key = SecretBytes(try HMACSHA256.authenticate(label, key: fileKey.secret))
        return try key.withUnsafeBytes { try MessageAuthentication(.sha256, key: $0) }
    }

    /// The comment of an archive with these containers; throws where they are too many for a comment (65,535 bytes).
    public static func comment(for containers: [(entryName: String, digest: ContainerDigest)]) throws(ExhaustError)
        -> [UInt8]
    {
        let lines = containers.map { "\(prefix)\($0.entryName):\(Hexadecimal.text($0.digest.authentication))" }
        let comment = Array(lines.joined(separator: "\n").utf8)
        guard comment.count <= ZipEnd.longestComment else {
            throw overLimit(
                "archive comment", "the codes of \(containers.count) containers take \(comment.count) bytes",
                remedy: "Put fewer entries into one archive.")
        }
        return comment
    }

    /// The codes by entry name; other lines are left alone, a line of ours that is not in form is refused.
    static func codes(in comment: [UInt8]) throws(ExhaustError) -> [String: [UInt8]] {
        var codes: [String: [UInt8]] = [:]
        for line in comment.split(separator: UInt8(ascii: "\n")) where line.starts(with: prefix.utf8) {
            let rest = line.dropFirst(prefix.utf8.count)
            guard let colon = rest.lastIndex(of: UInt8(ascii: ":")),
                let name = String(validating: rest[..<colon], as: UTF8.self),
                let code = Hexadecimal.bytes(String(decoding: rest[(colon + 1)...], as: UTF8.self)),
                code.count == byteCount, codes.updateValue(code, forKey: name) == nil
            else { throw damaged("archive comment", "an authentication line is not in form") }
        }
        return codes
    }
}
