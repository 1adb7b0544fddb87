import HTTPMessages
import HTTPServer
import ReportModel

/// Demo mode: everybody who can connect to loopback is the demo's user. A browser on the same machine also connects there
/// for pages of others, so these are kept out.
enum DemoAccess {
    static func caller(_ demo: Caller, of request: HTTPRequest) throws(ExhaustError) -> Caller {
        // A name of somebody else's that resolves to loopback (DNS rebinding) would make their page one of ours.
        if let host = request.fields["Host"], !isLoopback(host) {
            throw ExhaustError(
                .forbidden, "host \(host.prefix(100)): the demo answers on loopback alone",
                remedy: "Use http://127.0.0.1 or http://localhost.")
        }
        if request.method != .get, request.method != .head, isForeignPage(request) {
            throw ExhaustError(
                .forbidden, "request: it comes from a page of another site", remedy: "Use the demo's own page.")
        }
        var caller = demo
        if let channel = request.fields["X-Channel-ID"], !channel.isEmpty { caller.channel = channel }
        return caller
    }

    private static func isForeignPage(_ request: HTTPRequest) -> Bool {
        if let site = request.fields["Sec-Fetch-Site"], site != "same-origin", site != "none" { return true }
        guard let origin = request.fields["Origin"] else { return false }
        return origin != "http://\(request.fields["Host"] ?? "")"
    }

    /// Whether a `Host` field names this machine's loopback, with or without a port.
    static func isLoopback(_ host: String) -> Bool {
        let name: Substring
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            name = host[...end]
        } else {
            name = host.prefix { $0 != ":" }
        }
        if name == "localhost" || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
