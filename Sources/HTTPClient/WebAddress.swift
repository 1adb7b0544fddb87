import ReportModel

/// The parts of an address that say who is asked.
public struct WebAddress: Sendable, Hashable {
    /// `http` or `https`.
    public let scheme: String
    /// Host name or address, lower case, an IPv6 address with its brackets.
    public let host: String
    /// The port, also where the address leaves it out.
    public let port: Int
    /// What follows host and port, from `/`; without fragment, empty for a bare host.
    public let target: String

    /// The parts of `url`. Throws `invalidInput` for anything but `http` and `https`, for names and passwords in it, for
    /// characters that must be escaped. `what` says in errors what the address is for.
    public init(parsing url: String, what: String = "address") throws {
        func refusal(_ why: String) -> ExhaustError {
            ExhaustError(
                .invalidInput, "\(what): \(why)", remedy: "Write it as https://HOST[:PORT]/PATH.", mender: .operator)
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw refusal("it has blanks or other characters that must be escaped")
        }
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else {
            throw refusal("it has no scheme")
        }
        scheme = url[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else { throw refusal("its scheme is neither http nor https") }
        let rest = url[url.index(colon, offsetBy: 3)...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        target = String(rest[authority.endIndex...])
        guard !authority.contains("@") else { throw refusal("it holds a name or password") }
        guard !authority.contains("\\") else { throw refusal("its host has a backslash") }
        let portColon = authority.last == "]" ? nil : authority.lastIndex(of: ":")
        host = authority[..<(portColon ?? authority.endIndex)].lowercased()
        guard !host.isEmpty, host.hasPrefix("[") || !host.contains(":") else { throw refusal("it names no host") }
        guard let portColon else {
            port = scheme == "https" ? 443 : 80
            return
        }
        guard let number = UInt16(authority[authority.index(after: portColon)...]), number > 0 else {
            throw refusal("its port is not a number from 1 to 65535")
        }
        port = Int(number)
    }

    /// Scheme, host and, unless it is the usual one, port: what may be told of an address.
    public var origin: String { "\(scheme)://\(authority)" }

    /// Host and, unless it is the usual one, port: the field `Host`.
    public var authority: String { port == (scheme == "https" ? 443 : 80) ? host : "\(host):\(port)" }
}
