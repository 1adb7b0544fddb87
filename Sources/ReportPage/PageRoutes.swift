import HTTPMessages
import HTTPServer
public import ReportAPI
import ReportModel

/// The routes of the web page: static assets, open to anybody.
public enum PageRoutes {
    /// All of them. They do not end in `{names}` of any depth, so that a request costs the table two patterns, not fifty.
    public static let all: [Route] = [
        route("/", operation: "reportPage") { _ in "index.html" },
        route("/open", operation: "openPage") { _ in "open.html" },
        route("/favicon.ico", operation: "pageIcon") { _ in "image/icon.svg" },
        route("/assets/{folder}/{name}", operation: "pageAsset") { request in
            "\(try request.parameter("folder"))/\(try request.parameter("name"))"
        },
    ]

    private static func route(
        _ pattern: RoutePattern, operation: String, name: @escaping @Sendable (APIRequest) throws -> String
    ) -> Route {
        Route(.get, pattern, operation: operation, access: .open) { request in
            guard let asset = PageAsset.all[try name(request)] else {
                throw ExhaustError(.notFound, "\(request.http.path): there is nothing of that path")
            }
            return answer(asset, to: request.http.fields)
        }
    }

    private static func answer(_ asset: PageAsset, to fields: HTTPFields) -> HTTPResponse {
        let takesGzip = fields.values("Accept-Encoding").contains { accepts("gzip", $0) }
        let zipped = takesGzip ? asset.zipped : nil
        let tag = zipped == nil ? "\"\(asset.tag)\"" : "\"\(asset.tag)-gzip\""
        var headers: HTTPFields = [
            "Content-Type": asset.type, "ETag": tag, "Vary": "Accept-Encoding",
            // Asked about each time, so that a new version of the program is never mixed with files of an old one.
            "Cache-Control": "no-cache",
        ]
        for field in PagePolicy.fields.all { headers.append(field.name, field.value) }
        if isCurrent(tag, fields["If-None-Match"]) { return HTTPResponse(status: 304, fields: headers) }
        if zipped != nil { headers["Content-Encoding"] = "gzip" }
        return HTTPResponse(status: 200, fields: headers, body: .bytes(zipped ?? asset.bytes))
    }

    /// Whether a list of codings names `coding` without refusing it by `q=0` (RFC 9110, 12.5.3).
    private static func accepts(_ coding: String, _ list: String) -> Bool {
        list.split(separator: ",").contains { entry in
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard parts.first?.lowercased() == coding else { return false }
            return !parts.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0.lowercased()) }
        }
    }

    /// Compared weakly, as RFC 9110, 13.1.2 has it: proxies mark what they compress.
    private static func isCurrent(_ tag: String, _ known: String?) -> Bool {
        guard let known else { return false }
        return known.split(separator: ",").contains { entry in
            let entry = entry.filter { $0 != " " && $0 != "\t" }
            return entry == "*" || (entry.hasPrefix("W/") ? String(entry.dropFirst(2)) : entry) == tag
        }
    }
}
