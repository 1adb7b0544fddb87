import HTTPMessages
import HTTPServer

/// Cookies (RFC 6265bis) for this host and all paths, out of reach of scripts.
enum Cookies {
    /// With `__Host-` in front browsers take a cookie only over TLS and from this very host.
    static func name(_ base: String, isSecure: Bool) -> String { isSecure ? "__Host-\(base)" : base }

    /// A value of `Set-Cookie`; `seconds` 0 removes the cookie.
    static func set(_ name: String, _ value: String, sameSite: String, seconds: Int, isSecure: Bool) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=\(sameSite)" + (isSecure ? "; Secure" : "")
    }

    /// The values of all cookies of that name.
    static func values(_ name: String, of request: HTTPRequest) -> [String] {
        request.fields.values("Cookie").flatMap { $0.split(separator: ";") }.compactMap { pair in
            let pair = pair.drop { $0 == " " || $0 == "\t" }
            guard pair.hasPrefix("\(name)=") else { return nil }
            return String(pair.dropFirst(name.count + 1))
        }
    }
}
