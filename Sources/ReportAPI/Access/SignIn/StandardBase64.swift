import WebTokens

/// Base64 with padding (RFC 4648, 4), as HTTP's Basic credentials want it.
enum StandardBase64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4)
    }
}
