import HTTPMessages
import ReportModel

/// How the body of a request is sent.
enum BodyKind: Hashable {
    case none
    case length(Int64)
    case chunked
}

/// What a head must be so that everybody on its way reads the same request in it (RFC 9112, 3.2, 6 and 11).
struct HeadRule {
    let targetBytes: Int
    let fields: Int
    let bodyBytes: Int64

    /// A head that was let in.
    struct Head: Hashable {
        var path: String
        var query: String
        var body: BodyKind
    }

    /// A refusal with its status.
    struct Refusal: Error {
        let status: Int
        let error: ExhaustError

        init(_ status: Int, _ message: String, remedy: String = "") {
            self.status = status
            let code: ExhaustError.Code =
                status == 413 || status == 414 || status == 431 ? .limitExceeded : .invalidInput
            error = ExhaustError(code, "request: \(message)", remedy: remedy)
        }
    }

    /// The path, query and kind of body of a request with this target and these fields.
    func head(method: String, target: String, version: String, fields: HTTPFields) throws(Refusal) -> Head {
        guard target.utf8.count <= targetBytes else { throw Refusal(414, "its address is over \(targetBytes) bytes") }
        guard fields.all.count <= self.fields else { throw Refusal(431, "it has over \(self.fields) header fields") }
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isToken) else {
            throw Refusal(400, "its method is malformed")
        }
        for field in fields.all {
            // A blank before the colon, or a line that goes on the next one, hides a field from others.
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(Self.isToken),
                field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else { throw Refusal(400, "a header field is malformed") }
        }
        try checkHost(fields.values("Host"), version)
        let (path, query) = try TargetRule.parts(target)
        return Head(path: path, query: query, body: try bodyKind(version, fields))
    }

    private func checkHost(_ hosts: [String], _ version: String) throws(Refusal) {
        guard hosts.count == 1 || (hosts.isEmpty && version == "HTTP/1.0") else {
            throw Refusal(
                400, hosts.isEmpty ? "it has no Host" : "it has more than one Host", remedy: "Send Host once.")
        }
        for host in hosts {
            let isPlain = host.utf8.allSatisfy { Self.isToken($0) || $0 == 0x3A || $0 == 0x5B || $0 == 0x5D }
            guard isPlain, !host.isEmpty else { throw Refusal(400, "its Host is malformed") }
        }
    }

    private func bodyKind(_ version: String, _ fields: HTTPFields) throws(Refusal) -> BodyKind {
        let lengths = fields.values("Content-Length")
        let encodings = fields.values("Transfer-Encoding")
        guard lengths.isEmpty || encodings.isEmpty else {
            throw Refusal(400, "it has both Content-Length and Transfer-Encoding", remedy: "Send one of them.")
        }
        if let encoding = encodings.first {
            guard encodings.count == 1, encoding.lowercased() == "chunked" else {
                throw Refusal(501, "its Transfer-Encoding is not chunked alone")
            }
            guard version != "HTTP/1.0" else { throw Refusal(400, "HTTP/1.0 knows no Transfer-Encoding") }
            return .chunked
        }
        guard let text = lengths.first else { return .none }
        guard lengths.count == 1, !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            throw Refusal(400, "its Content-Length is malformed", remedy: "Send it once, as a whole number.")
        }
        guard let length = Int64(text), length <= bodyBytes else {
            throw Refusal(413, "its body is over \(bodyBytes) bytes", remedy: "Send a smaller request.")
        }
        return length == 0 ? .none : .length(length)
    }

    /// The characters of methods and field names (RFC 9110, 5.6.2).
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: Self.tokenMarks.contains(byte)
        }
    }

    private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)
}
