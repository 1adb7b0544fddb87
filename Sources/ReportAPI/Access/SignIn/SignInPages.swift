import HTTPMessages
import HTTPServer
import ReportModel

/// The two small pages of signing in. They have no words of their own: what people read is what the service says of a failure,
/// and what the script of the page puts around it from the page's texts.
enum SignInPages {
    /// Goes on to `path`. A redirect would not do: browsers do not send a SameSite=Strict cookie with requests that began at
    /// another site, however often these were redirected. What this page asks for begins here.
    static func goOn(to path: String, cookies: [String]) -> HTTPResponse {
        page(
            200, head: "<meta http-equiv=\"refresh\" content=\"0;url=\(escaped(path))\">",
            body: "<p><a href=\"\(escaped(path))\">Exhaust</a></p>", cookies: cookies)
    }

    /// Says why it did not work.
    static func failure(_ error: ExhaustError, status: Int, retry: String?, cookies: [String]) -> HTTPResponse {
        let link = retry.map { "<a class=\"button primary\" href=\"\(escaped($0))\">Exhaust</a>" } ?? ""
        let words = [error.message, error.remedy].filter { !$0.isEmpty }.map { "<p>\(escaped($0))</p>" }.joined()
        return page(
            status, head: "<script type=\"module\" src=\"/assets/sign-in/failed.js\"></script>",
            body: """
                <section id="failure" class="panel alone" data-code="\(error.code)" data-mender="\(error.mender.rawValue)">\
                \(words)\(link)</section>
                """, cookies: cookies)
    }

    private static func page(_ status: Int, head: String, body: String, cookies: [String]) -> HTTPResponse {
        let styles = ["base", "controls", "frame"].map { "<link rel=\"stylesheet\" href=\"/assets/style/\($0).css\">" }
        let html = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><title>Exhaust</title>
            <link rel="icon" href="/assets/image/icon.svg" type="image/svg+xml">
            \(styles.joined())\(head)</head>
            <body><header id="banner" class="banner"></header><main id="main" class="frame">\(body)</main>
            <footer id="colophon" class="colophon"></footer></body></html>

            """
        var response = HTTPResponse(
            status: status,
            fields: [
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
                "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            ], body: .bytes(Array(html.utf8)))
        for cookie in cookies { response.fields.append("Set-Cookie", cookie) }
        return response
    }

    /// Nothing but the page's own styles, scripts and icon.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'
        """

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
