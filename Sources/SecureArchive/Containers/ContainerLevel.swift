/// The two levels whose file holds a container of the replaced system instead of the CSV (upstream.md 6.2).
public enum ContainerLevel: String, Sendable, CaseIterable {
    /// The key of the file is wrapped with the password of the request.
    case textKey = "TEXT_KEY_ENCRYPTED_DATASET"
    /// The key of the file is wrapped with the public key of the organisation.
    case publicKey = "PUBLIC_KEY_ENCRYPTED_DATASET"

    /// What a container of this level begins with.
    var line: [UInt8] { Array(rawValue.utf8) + [Self.lineEnd] }

    static let lineEnd = UInt8(ascii: "\n")
    static let longestLineCount = allCases.map(\.line.count).max() ?? 0

    /// The level of the container that `bytes` begin, or nil if they are something else.
    static func of(_ bytes: [UInt8]) -> ContainerLevel? { allCases.first { bytes.starts(with: $0.line) } }
}
