import HTTPClient
import HTTPMessages
import ReportModel

/// The multipart upload: nobody sees the object before it is completed, and then all of it.
extension Bucket {
    /// Parts that an upload may have (the store's rule).
    static let partLimit = 10_000

    /// Begins an upload and answers its id.
    func beginUpload(_ key: String) async throws -> String {
        var fields = encryptionFields
        fields["Content-Type"] = key.hasSuffix(".zip") ? "application/zip" : "application/octet-stream"
        let answer = try await send(
            Call(method: .post, key: key, query: [("uploads", "")], fields: fields, subject: "upload of \(key)"))
        guard let id = try XMLElement(parsing: answer.body).first("UploadId"), !id.isEmpty else {
            throw Self.unreadable("upload of \(key)")
        }
        return id
    }

    /// Uploads part `number` (from 1) and answers its tag. Throws `notFound` if the upload was given up.
    func uploadPart(_ bytes: [UInt8], number: Int, of key: String, upload: String) async throws -> String {
        let answer = try await send(
            Call(
                method: .put, key: key, query: [("partNumber", String(number)), ("uploadId", upload)], body: bytes,
                subject: "upload of \(key)"))
        guard let tag = answer.fields["ETag"] else { throw Self.unreadable("part of \(key)") }
        return tag
    }

    /// Makes the object of the parts with these tags. Throws `notFound` if the upload is over, one way or the other.
    func completeUpload(of key: String, upload: String, tags: [String]) async throws {
        let parts = tags.enumerated().map { number, tag in
            "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(Self.escaped(tag))</ETag></Part>"
        }
        let body =
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(parts.joined())"
            + "</CompleteMultipartUpload>"
        let answer = try await send(
            Call(
                method: .post, key: key, query: [("uploadId", upload)], fields: ["Content-Type": "application/xml"],
                body: Array(body.utf8), subject: "upload of \(key)"))
        // The store answers 200 before it is done, and tells in the body how it went.
        guard try XMLElement(parsing: answer.body).name != "Error" else {
            var failed = answer
            failed.status = Self.code(answer) == "NoSuchUpload" ? 404 : 500
            throw failure(failed, "upload of \(key)")
        }
    }

    /// Gives an upload up and frees its parts; nothing happens if it is over.
    func abortUpload(of key: String, upload: String) async throws {
        _ = try await send(
            Call(method: .delete, key: key, query: [("uploadId", upload)], subject: "upload of \(key)"),
            accepting: [404])
    }

    /// When the last part of an upload came; nil if it has none, or is over.
    func lastPart(of key: String, upload: String) async throws -> Timestamp? {
        var latest: Timestamp?
        var marker: String?
        repeat {
            var query = [(name: "uploadId", value: upload)]
            if let marker { query.append(("part-number-marker", marker)) }
            let answer = try await send(
                Call(method: .get, key: key, query: query, subject: "upload of \(key)"), accepting: [404])
            guard answer.isSuccess else { return nil }
            let page = try XMLElement(parsing: answer.body)
            for part in page.all("Part") {
                if let time = part.first("LastModified").flatMap(Timestamp.init) { latest = max(latest ?? time, time) }
            }
            let next = page.first("IsTruncated") == "true" ? page.first("NextPartNumberMarker") : nil
            if let next, next == marker { throw Self.unreadable("upload of \(key)") }
            marker = next
        } while marker != nil
        return latest
    }

    private static func unreadable(_ what: String) -> ExhaustError {
        ExhaustError(
            .dataDamaged, "\(what): the store's answer cannot be read",
            remedy: "Check that the endpoint speaks S3.", mender: .operator)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
    }
}
