public import ReportModel
public import ReportPorts
public import ReportService
import SecureArchive
import WebTokens

/// What settings decide about download links.
public struct LinkSettings: Sendable, Hashable {
    /// `links.minutes`: how long a link opens its file; upstream's 30 (upstream.md 7.3).
    public var minutes = 30
    /// `links.bearer`: whether links of the page open for whoever has them, and not only for the session that asked.
    public var areBearer = false
    /// `http.address`: where users reach the service, such as `https://reports.example.org`; empty takes the address that
    /// a request was sent to.
    public var address = ""
    /// What the server itself speaks: `http` or `https`.
    public var scheme = "http"
    /// `files.s3.direct`: whether a download from a store that signs addresses is sent on to it.
    public var areDirect = true

    /// All defaults.
    public init() {}
}

/// Makes and checks download links: one file of one request, for some minutes, signed with a key of their own.
///
/// Upstream's dialects give links that open for whoever has them; ours are bound to the caller who asked.
public struct LinkMinter: Sendable {
    /// What a link says once its signature was checked.
    struct Link: Sendable, Hashable {
        /// The request.
        var request: RequestKey
        /// Place of the file among those that the row names.
        var index: Int
        /// Names the path, so that a link never opens another file that took its place in the list.
        var pathMark: String
        /// When it ends.
        var expiresAt: Timestamp
        /// Who may use it; empty is anybody.
        var holder: String
        /// To whom a link for anybody was given; nil for the others, whose users say who they are.
        var issuedTo: Caller?
    }

    /// The key of this purpose; never used for anything else.
    private let key: SecretBytes
    private let issuers: LinkIssuers
    private let clock: any ServiceClock
    /// What settings decide.
    public let settings: LinkSettings

    /// A minter under a key derived from `master`.
    public init(master: MasterKey, settings: LinkSettings, clock: any ServiceClock) throws {
        key = try master.key(for: "download links 1")
        issuers = LinkIssuers(master: master)
        self.clock = clock
        self.settings = settings
    }

    /// Paths of the links of all files that the row of a request names, for whoever has them: `downloadUrls` of upstream's
    /// dialects. They name `caller`, to whom they are given, where nobody else can read it. Put the service's address in
    /// front (`LinkAddress`). No store is asked.
    public func bearerLinks(
        of request: JobRequest, for caller: Caller
    ) throws -> (paths: [String], expiresAt: Timestamp) {
        let expiresAt = expiry
        if request.downloadPaths.isEmpty { return ([], expiresAt) }
        let issuedTo = try issuers.text(of: caller, expiresAt: expiresAt)
        let paths = try request.downloadPaths.indices.map {
            try path(of: $0, in: request, holder: "", issuedTo: issuedTo, expiresAt: expiresAt)
        }
        return (paths, expiresAt)
    }

    /// Path of the link of one file, for `caller` alone unless `links.bearer` is on. Throws `notFound` if the row names no
    /// such file.
    public func link(of index: Int, in request: JobRequest, for caller: Caller) throws -> (
        path: String, expiresAt: Timestamp
    ) {
        let expiresAt = expiry
        let holder = settings.areBearer ? "" : try mark(caller.linkHolder)
        let issuedTo = settings.areBearer ? try issuers.text(of: caller, expiresAt: expiresAt) : ""
        return (
            try path(of: index, in: request, holder: holder, issuedTo: issuedTo, expiresAt: expiresAt), expiresAt
        )
    }

    /// What `token` says. Throws `notFound` if it was altered or is none of ours.
    func open(_ token: String) throws -> Link {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let payload = Base64URL.decode(parts[0].utf8),
            let signature = Base64URL.decode(parts[1].utf8),
            SecretBytes(signature) == SecretBytes(try HMACSHA256.authenticate(payload, key: key)),
            let link = try Link(payload, issuers)
        else {
            throw ExhaustError(
                .notFound, "download link: it is none of ours, or was altered",
                remedy: "Choose Download again at the request.")
        }
        return link
    }

    /// Throws `forbidden` if the link has expired, or is not for everybody and `caller` is not who asked for it.
    func check(_ link: Link, usedBy caller: Caller) throws {
        guard clock.now() < link.expiresAt else {
            throw ExhaustError(
                .forbidden, "download link: it has expired", remedy: "Choose Download again at the request."
            ).refusing(caller, about: link.request)
        }
        if link.holder.isEmpty { return }
        guard try SecretBytes(Array(link.holder.utf8)) == SecretBytes(Array(mark(caller.linkHolder).utf8)) else {
            throw ExhaustError(
                .forbidden, "download link: it was made for another session",
                remedy: "Choose Download at the request yourself."
            ).refusing(caller, about: link.request)
        }
    }

    /// The path in the store that the link opens, by what the row names now. Throws `notFound` if it no longer names it.
    func storedPath(of link: Link, in request: JobRequest) throws -> String {
        guard request.downloadPaths.indices.contains(link.index),
            try mark(request.downloadPaths[link.index]) == link.pathMark
        else {
            throw ExhaustError(
                .notFound, "file \(link.index) of request \(request.requestID): it is gone",
                remedy: "Files are kept for a time only; ask for a fresh one.")
        }
        // Other programs write whole addresses into rows.
        guard let key = StoredAddress.key(of: request.downloadPaths[link.index]) else {
            throw ExhaustError(
                .notFound, "file \(link.index) of request \(request.requestID): its address names no file",
                remedy: "Another program filed it; ask where that one keeps its files.", mender: .operator)
        }
        return key
    }

    private var expiry: Timestamp { clock.now().adding(seconds: Double(settings.minutes) * 60) }

    private func path(
        of index: Int, in request: JobRequest, holder: String, issuedTo: String, expiresAt: Timestamp
    ) throws -> String {
        guard request.downloadPaths.indices.contains(index) else {
            throw ExhaustError(
                .notFound, "file \(index) of request \(request.requestID): there is none",
                remedy: request.downloadPaths.isEmpty
                    ? "The request has no files, or they have expired."
                    : "Its files have the numbers 0 to \(request.downloadPaths.count - 1).")
        }
        let link = Link(
            request: request.key, index: index, pathMark: try mark(request.downloadPaths[index]), expiresAt: expiresAt,
            holder: holder)
        let payload = link.payload(issuedTo: issuedTo)
        let signature = try HMACSHA256.authenticate(payload, key: key)
        return "\(Self.pathPrefix)\(Base64URL.encode(payload)).\(Base64URL.encode(signature))"
    }

    /// Sixteen digits that stand for a text and do not tell it.
    private func mark(_ text: String) throws -> String {
        Hexadecimal.text(try HMACSHA256.authenticate(Array("mark:\(text)".utf8), key: key).prefix(8))
    }

    /// What comes before the token.
    static let pathPrefix = "/v1/files/"
}

extension LinkMinter.Link {
    fileprivate func payload(issuedTo: String) -> [UInt8] {
        let whole: JSONValue = .array([
            .string(request.tag), .string(request.requestID), .integer(index), .string(pathMark),
            .integer(expiresAt.milliseconds), .string(holder), .string(issuedTo),
        ])
        return Array(whole.compactText.utf8)
    }

    /// Only for what was signed.
    fileprivate init?(_ payload: [UInt8], _ issuers: LinkIssuers) throws {
        let parts: [JSONValue]?
        do { parts = try JSONValue(parsing: String(decoding: payload, as: UTF8.self)).elements } catch { return nil }
        guard let parts, parts.count == 7, let tag = parts[0].text, let id = parts[1].text,
            let index = parts[2].integer,
            let mark = parts[3].text, let expiry = parts[4].integer, let holder = parts[5].text,
            let issuer = parts[6].text
        else { return nil }
        self.init(
            request: RequestKey(tag: tag, requestID: id), index: Int(clamping: index), pathMark: mark,
            expiresAt: Timestamp(milliseconds: expiry), holder: holder)
        if holder.isEmpty { issuedTo = try issuers.caller(in: issuer, expiresAt: expiresAt) }
    }
}

extension Caller {
    /// Whom a link is made for: the session where there is one, so that another sign-in of the same user does not open it.
    var linkHolder: String {
        JSONValue.array([
            .string(credential.rawValue), .string(channel), .string(userID ?? ""), .string(consumerID ?? ""),
            .string(sessionID ?? ""),
        ]).compactText
    }
}
