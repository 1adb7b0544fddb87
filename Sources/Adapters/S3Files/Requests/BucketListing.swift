import HTTPClient
import HTTPMessages
import ReportModel

/// An object of a bucket, as a listing tells it.
struct ListedObject: Hashable {
    var key: String
    var bytes: Int64
    var modifiedAt: Timestamp
}

/// A multipart upload that is neither completed nor given up.
struct OpenUpload: Hashable {
    var key: String
    var id: String
    var begunAt: Timestamp
}

extension Bucket {
    /// Objects that one listing may find; more would not fit in memory.
    static let listLimit = 2_000_000

    /// All objects whose keys begin with `prefix`.
    func list(_ prefix: String) async throws -> [ListedObject] {
        var objects: [ListedObject] = []
        try await eachPage(prefix, delimiter: nil) { page in
            for entry in page.all("Contents") {
                guard let key = entry.first("Key").flatMap({ Self.decoded($0, page) }),
                    let bytes = entry.first("Size").flatMap(Int64.init),
                    let modifiedAt = entry.first("LastModified").flatMap(Timestamp.init)
                else { throw Self.unreadable(prefix) }
                objects.append(ListedObject(key: key, bytes: bytes, modifiedAt: modifiedAt))
            }
            guard objects.count <= Self.listLimit else {
                throw ExhaustError(
                    .limitExceeded, "bucket \(options.bucket): over \(Self.listLimit) objects to list",
                    remedy: "Expire old requests.", mender: .operator)
            }
        }
        return objects
    }

    /// What stands between `prefix` and the next `/` in keys, once each.
    func folders(in prefix: String) async throws -> [String] {
        var names: [String] = []
        try await eachPage(prefix, delimiter: "/") { page in
            for entry in page.all("CommonPrefixes") {
                guard let folder = entry.first("Prefix").flatMap({ Self.decoded($0, page) }),
                    folder.hasPrefix(prefix), folder.hasSuffix("/")
                else { throw Self.unreadable(prefix) }
                names.append(String(folder.dropFirst(prefix.count).dropLast()))
            }
        }
        return names
    }

    /// Open uploads of keys that begin with `prefix`, those of other programs too.
    func openUploads(_ prefix: String) async throws -> [OpenUpload] {
        var uploads: [OpenUpload] = []
        var place: (key: String, id: String)?
        repeat {
            var query = [(name: "uploads", value: ""), ("encoding-type", "url"), ("prefix", prefix)]
            if let place { query += [("key-marker", place.key), ("upload-id-marker", place.id)] }
            let page = try XMLElement(
                parsing: try await send(Call(method: .get, query: query, subject: "listing of uploads")).body)
            for entry in page.all("Upload") {
                guard let key = entry.first("Key").flatMap({ Self.decoded($0, page) }),
                    let id = entry.first("UploadId"), let begunAt = entry.first("Initiated").flatMap(Timestamp.init)
                else { throw Self.unreadable(prefix) }
                // Not every store heeds the prefix.
                if key.hasPrefix(prefix) { uploads.append(OpenUpload(key: key, id: id, begunAt: begunAt)) }
            }
            guard uploads.count <= Self.listLimit else {
                throw ExhaustError(
                    .limitExceeded, "bucket \(options.bucket): over \(Self.listLimit) uploads to list",
                    remedy: "Let the bucket end incomplete uploads.", mender: .operator)
            }
            let before = place
            place = nil
            if page.first("IsTruncated") == "true",
                let key = page.first("NextKeyMarker").flatMap({ Self.decoded($0, page) })
            {
                let next = (key: key, id: page.first("NextUploadIdMarker") ?? "")
                if let before, before == next { throw Self.unreadable(prefix) }
                place = next
            }
        } while place != nil
        return uploads
    }

    private func eachPage(_ prefix: String, delimiter: String?, _ body: (XMLElement) throws -> Void) async throws {
        var token: String?
        repeat {
            var query = [("encoding-type", "url"), ("list-type", "2"), ("prefix", prefix)].map {
                (name: $0.0, value: $0.1)
            }
            if let delimiter { query.append(("delimiter", delimiter)) }
            if let token { query.append(("continuation-token", token)) }
            let answer = try await send(Call(method: .get, query: query, subject: "listing"))
            let page = try XMLElement(parsing: answer.body)
            try body(page)
            let next = page.first("IsTruncated") == "true" ? page.first("NextContinuationToken") : nil
            if let next, next == token { throw Self.unreadable(prefix) }
            token = next
        } while token != nil
    }

    /// Stores that do not know the encoding that was asked for do not name it either.
    private static func decoded(_ name: String, _ page: XMLElement) -> String? {
        page.first("EncodingType") == "url" ? PercentEncoding.decode(name, plusIsSpace: true) : name
    }

    private static func unreadable(_ prefix: String) -> ExhaustError {
        ExhaustError(
            .dataDamaged, "bucket's listing: it cannot be read", remedy: "Check that the endpoint speaks S3.",
            mender: .operator)
    }
}
