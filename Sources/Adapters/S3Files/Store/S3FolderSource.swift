import HTTPClient
import HTTPMessages
import ReportModel
public import ReportPorts

/// Folders of a bucket that others write, by the bucket, credentials and client of a store.
public struct S3FolderSource: FolderSource {
    private let bucket: Bucket

    /// Folders of the bucket of `store`, counted from its root and not from the store's own prefix.
    public init(_ store: S3FileStore) { bucket = store.bucket }

    /// As `FolderSource.names`.
    public func names(in folder: String) async throws -> [String] {
        let prefix = folder + "/"
        return try await bucket.list(prefix).map { String($0.key.dropFirst(prefix.count)) }
            .filter { !$0.isEmpty && !$0.contains("/") }.sorted()
    }

    /// As `FolderSource.open`. An object that is replaced while it is read throws `unavailable`.
    public func open(_ path: String) async throws -> any OpenedFile {
        let answer = try await bucket.send(.init(method: .head, key: path, subject: "object \(path)"))
        guard let size = answer.fields["Content-Length"].flatMap(Int64.init) else {
            throw ExhaustError(.unavailable, "object \(path): its size is not told", mender: .operator)
        }
        return S3Object(bucket: bucket, key: path, size: size, tag: answer.fields["ETag"])
    }
}

private struct S3Object: OpenedFile {
    let bucket: Bucket
    let key: String
    let size: Int64
    let tag: String?

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard offset < size, count > 0 else { return [] }
        var fields = HTTPFields()
        let last = min(size, offset + Int64(count)) - 1
        fields["Range"] = "bytes=\(offset)-\(last)"
        if let tag { fields["If-Match"] = tag }
        let answer = try await bucket.send(
            .init(method: .get, key: key, fields: fields, answerLimit: count + 1, subject: "object \(key)"))
        guard answer.body.count == Int(last - offset) + 1 else {
            throw ExhaustError(
                .unavailable, "object \(key): another length came than was asked for", mender: .operator)
        }
        return answer.body
    }

    func close() async {}
}
