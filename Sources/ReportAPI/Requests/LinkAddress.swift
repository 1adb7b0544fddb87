import HTTPMessages
public import HTTPServer

/// The address at which users reach the service, for links that leave it.
public enum LinkAddress {
    /// `http.address` without a slash at its end, else the host that `request` was sent to; empty, so that links are
    /// relative, if that host is none that an address can have.
    public static func base(of request: HTTPRequest, settings: LinkSettings) -> String {
        if !settings.address.isEmpty {
            return settings.address.hasSuffix("/") ? String(settings.address.dropLast()) : settings.address
        }
        guard let host = request.fields["Host"], isHost(host) else { return "" }
        return "\(settings.scheme)://\(host)"
    }

    /// Letters, digits, dots, hyphens, a port, and the brackets of IPv6: nothing that ends the host within an address.
    private static func isHost(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5B, 0x5D: true
                default: false
                }
            }
    }
}
