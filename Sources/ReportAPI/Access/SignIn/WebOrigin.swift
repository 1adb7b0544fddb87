/// What an address says before its path.
public enum WebOrigin {
    /// Whether what goes to `address` cannot be read on the way: https, or http to this machine's loopback.
    public static func isProtected(_ address: String) -> Bool {
        if address.hasPrefix("https://"), address.utf8.count > 8 { return true }
        guard address.hasPrefix("http://") else { return false }
        return DemoAccess.isLoopback(String(host(of: address)))
    }

    /// `https://reports.example.org:8443` of an address below it, as browsers send it in `Origin`.
    public static func origin(of address: String) -> String {
        guard let scheme = address.utf8.firstIndex(of: UInt8(ascii: ":")) else { return address }
        return "\(address[..<scheme])://\(host(of: address))"
    }

    private static func host(of address: String) -> Substring {
        let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count > 2 ? parts[2] : ""
    }
}
