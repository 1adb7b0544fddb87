import Glibc
public import ReportModel

/// An IP address and port to listen at.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address, IPv4 or IPv6, without brackets.
    public let host: String
    /// The port; 0 asks the system for a free one.
    public let port: UInt16

    /// This machine alone, port 8080.
    public static let standard = ListenAddress(host: "127.0.0.1", port: 8080)

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`. Throws `invalidInput`; other names are refused, since what
    /// they stand for can change.
    public init(parsing text: String) throws(ExhaustError) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw Self.refused(text)
        }
        var host = String(text[..<colon])
        if host == "localhost" { host = "127.0.0.1" }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = String(host.dropFirst().dropLast()) }
        var four = in_addr()
        var six = in6_addr()
        guard isBracketed ? inet_pton(AF_INET6, host, &six) == 1 : inet_pton(AF_INET, host, &four) == 1 else {
            throw Self.refused(text)
        }
        self.init(host: host, port: port)
    }

    /// Whether only this machine can connect.
    public var isLoopback: Bool {
        var six = in6_addr()
        guard host.contains(":") else { return host.hasPrefix("127.") }
        guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
        return withUnsafeBytes(of: six) { bytes in
            bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
        }
    }

    /// As it is read.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func refused(_ text: String) -> ExhaustError {
        ExhaustError(
            .invalidInput, "listen address `\(text)`: it is no IP address and port",
            remedy: "Write it as 127.0.0.1:8080 or [::1]:8080; 0.0.0.0:8080 is every interface.", mender: .operator)
    }
}
