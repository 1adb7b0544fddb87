import HTTPMessages

/// What the page lets a browser do: run and show what this program serves, talk to it, and nothing else.
enum PagePolicy {
    /// The fields that every file of the page carries.
    static let fields: HTTPFields = [
        "Content-Security-Policy": contentSecurity,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ]

    /// Everything is refused that is not named; the worker of the page that opens files is a script of our own too.
    static let contentSecurity = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'",
        "worker-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    ].joined(separator: "; ")
}
