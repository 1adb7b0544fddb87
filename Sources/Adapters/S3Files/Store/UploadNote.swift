import ReportModel

/// What `.staging/uploads/<name>` says of a file on its way: which object it becomes and, once it is finished, of which parts.
struct UploadNote: Hashable {
    /// The path of the file.
    var path: String
    /// Tags of the parts in order; nil while it is being written.
    var tags: [String]?
    /// Bytes of the whole file.
    var bytes: Int64 = 0
    /// Tag of the object in whose place it is published, empty if there was none; nil before anybody tried to publish it.
    var replaces: String?

    init(path: String, tags: [String]? = nil, bytes: Int64 = 0) {
        self.path = path
        self.tags = tags
        self.bytes = bytes
    }

    var text: [UInt8] {
        let tags = tags.map { JSONValue.array($0.map(JSONValue.string)) } ?? .null
        return Array(
            JSONValue.members(
                ("path", .string(path)), ("bytes", .integer(bytes)), ("tags", tags),
                ("replaces", replaces.map(JSONValue.string) ?? .null)
            ).compactText.utf8)
    }

    /// Throws `dataDamaged` for anything else than what `text` gives.
    init(parsing bytes: [UInt8]) throws {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes, name: "note of an upload") } catch {
            throw ExhaustError(.dataDamaged, "note of an upload: it cannot be read", mender: .operator, cause: error)
        }
        guard let path = value["path"]?.text, let count = value["bytes"]?.integer else {
            throw ExhaustError(.dataDamaged, "note of an upload: it is not complete", mender: .operator)
        }
        self.path = path
        self.bytes = count
        tags = value["tags"]?.elements?.compactMap(\.text)
        replaces = value["replaces"]?.text
    }
}
