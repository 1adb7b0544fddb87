import HTTPMessages
import HTTPServer
import ReportModel

/// The two small pages of signing in, without scripts.
enum SignInPages {
    /// Goes on to `path`. A redirect would not do: browsers do not send a SameSite=Strict cookie with requests that began at
    /// another site, however often these were redirected. What this page asks for begins here.
    static func goOn(to path: String, cookies: [String]) -> HTTPResponse {
        page(
            200, title: "Signed in", head: "<meta http-equiv=\"refresh\" content=\"0;url=\(escaped(path))\">",
            body: "<p>You are signed in. <a href=\"\(escaped(path))\">Continue</a></p>", cookies: cookies)
    }

    /// Says why it did not work.
    static func failure(_ error: ExhaustError, status: Int, retry: String?, cookies: [String]) -> HTTPResponse {
        let link = retry.map { "<p><a href=\"\(escaped($0))\">Sign in again</a></p>" } ?? ""
        return page(
            status, title: "Sign-in did not work", head: "",
            body: "<h1>Sign-in did not work</h1><p>\(escaped(error.message))</p><p>\(escaped(error.remedy))</p>\(link)",
            cookies: cookies)
    }

    private static func page(
        _ status: Int, title: String, head: String, body: String, cookies: [String]
    ) -> HTTPResponse {
        let html = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            \(head)<title>\(title)</title></head><body><main>\(body)</main></body></html>

            """
        var response = HTTPResponse(
            status: status,
            fields: [
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
                "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
                "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
            ], body: .bytes(Array(html.utf8)))
        for cookie in cookies { response.fields.append("Set-Cookie", cookie) }
        return response
    }

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
