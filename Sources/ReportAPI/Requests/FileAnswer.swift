import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts

/// A file, whole or a part of it (RFC 9110, 13 and 14).
enum FileAnswer {
    /// How long an address lasts that a bucket signed: enough to begin.
    static let addressSeconds = 300
    /// Bytes that are read at once.
    static let pieceBytes = 256 << 10

    static func make(_ file: any OpenedFile, name: String, to request: HTTPRequest) -> HTTPResponse {
        var fields: HTTPFields = [
            "Content-Type": "application/zip", "Content-Disposition": ContentDisposition.attachment(name),
            "Cache-Control": "no-store", "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff",
        ]
        if let mark = mark(of: file) { fields["ETag"] = mark }
        switch range(of: file, for: request) {
        case .whole:
            return HTTPResponse(status: 200, fields: fields, body: body(file, 0..<file.size, request))
        case .part(let range):
            fields["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
            return HTTPResponse(status: 206, fields: fields, body: body(file, range, request))
        case .none:
            fields["Content-Range"] = "bytes */\(file.size)"
            fields["Content-Disposition"] = nil
            fields["Content-Type"] = nil
            return HTTPResponse(status: 416, fields: fields)
        }
    }

    /// Whether the answer has anything of the file in it.
    static func hasBytes(_ file: any OpenedFile, for request: HTTPRequest) -> Bool {
        if case .none = range(of: file, for: request) { false } else { true }
    }

    private static func mark(of file: any OpenedFile) -> String? {
        (file as? any VersionedFile).map { "\"\($0.version)\"" }
    }

    private static func range(of file: any OpenedFile, for request: HTTPRequest) -> ByteRange {
        range(request, size: file.size, mark: mark(of: file))
    }

    /// A range counts only for the file of which the reader has the beginning (`If-Range`), and not for HEAD (14.2).
    private static func range(_ request: HTTPRequest, size: Int64, mark: String?) -> ByteRange {
        guard request.method == .get, let text = request.fields["Range"] else { return .whole }
        if let condition = request.fields["If-Range"], mark == nil || condition != mark { return .whole }
        return ByteRange(text, size: size)
    }

    private static func body(_ file: any OpenedFile, _ range: Range<Int64>, _ request: HTTPRequest) -> HTTPResponse.Body
    {
        // The length is told to HEAD too; nothing is read for it.
        .stream(FileBytes(file: file, range: range), length: range.upperBound - range.lowerBound)
    }
}

/// What a `Range` field asks for.
enum ByteRange: Sendable, Hashable {
    /// Everything; also what is not understood, and several ranges at once, which a server may answer so (14.2).
    case whole
    /// These bytes.
    case part(Range<Int64>)
    /// Bytes that the file does not have.
    case none

    init(_ text: String, size: Int64) {
        self = .whole
        guard text.utf8.count <= 100, text.lowercased().hasPrefix("bytes=") else { return }
        let ends = text.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.trimmingBlanks }
        guard ends.count == 2 else { return }
        let (first, last) = (Self.number(ends[0]), Self.number(ends[1]))
        switch (first, last) {
        case (.some(let first), _) where ends[1].isEmpty: self = first < size ? .part(first..<size) : .none
        case (.some(let first), .some(let last)):
            guard first <= last else { return }
            self = first < size ? .part(first..<min(size, last == .max ? size : last + 1)) : .none
        case (nil, .some(let count)) where ends[0].isEmpty:
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .none
        default: return
        }
    }

    /// Digits alone; more than any file has bytes counts as the most there can be.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int64(text) ?? .max
    }
}

/// How a browser names a file that it stores (RFC 6266).
enum ContentDisposition {
    static func attachment(_ name: String) -> String {
        // The plain form is for programs that know no other: what could end it or leave a folder is replaced.
        let plain = String(
            decoding: name.utf8.map { byte -> UInt8 in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: byte
                default: 0x5F
                }
            }, as: UTF8.self)
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(PercentEncoding.encode(name))"
    }
}

/// The bytes of a range, read as fast as they are taken. The file is let go at the end, or with the last reference.
struct FileBytes: HTTPBytes {
    private let file: any OpenedFile
    private let place: Place

    private actor Place {
        private var next: Int64
        private let end: Int64

        init(_ range: Range<Int64>) {
            next = range.lowerBound
            end = range.upperBound
        }

        /// The next stretch; empty at the end.
        func take(_ most: Int64) -> Range<Int64> {
            let stretch = next..<min(end, next + most)
            next = stretch.upperBound
            return stretch
        }
    }

    init(file: any OpenedFile, range: Range<Int64>) {
        self.file = file
        place = Place(range)
    }

    func next() async throws -> [UInt8]? {
        let stretch = await place.take(Int64(FileAnswer.pieceBytes))
        guard !stretch.isEmpty else {
            await file.close()
            return nil
        }
        let bytes = try await file.read(at: stretch.lowerBound, count: stretch.count)
        guard bytes.count == stretch.count else {
            throw ExhaustError(.storageFailed, "download: the file ended before its end", remedy: "Download it again.")
        }
        return bytes
    }
}

extension Substring {
    /// Without spaces and tabs at its ends.
    fileprivate var trimmingBlanks: Substring {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
