public import HTTPClient
import HTTPMessages
import ReportModel
public import ReportPorts

/// Published files in a bucket that speaks S3.
///
/// A file is a multipart upload to its own key, which nobody sees until publishing completes it: the reader sees the old
/// object or the whole new one, nothing is copied, and an upload that was given up cannot be completed any more.
public final class S3FileStore: FileStore {
    /// Bytes that one `read` may ask for.
    public static let readLimit = 256 << 20

    let bucket: Bucket
    let keys: BucketKeys

    /// A store in the bucket of `options`. Nothing is asked yet. `client` sends the requests; one that repeats them makes
    /// the store survive passing troubles. Throws `invalidInput` for options that cannot be.
    public init(
        _ options: S3Options, credentials: @escaping S3CredentialSource, client: any WebClient, clock: any ServiceClock
    ) throws {
        guard options.partBytes >= 5 << 20, options.partBytes <= 1 << 30, (1...64).contains(options.parallelParts)
        else {
            throw ExhaustError(
                .invalidInput,
                "bucket \(options.bucket): parts of \(options.partBytes) bytes, "
                    + "\(options.parallelParts) at one time",
                remedy: "Use 5 MiB to 1 GiB, and 1 to 64 parts.", mender: .operator)
        }
        bucket = Bucket(
            options: options, address: try BucketAddress(options), client: client, clock: clock,
            credentials: credentials)
        keys = BucketKeys(prefix: options.prefix, owner: options.owner)
    }

    /// As `FileStore.size`.
    public func size(of path: String) async throws -> Int64? { try await head(path)?.bytes }

    /// As `FileStore.read`. Throws `limitExceeded` for more than `readLimit` bytes.
    public func read(_ path: String, at offset: Int64, count: Int) async throws -> [UInt8] {
        try await read(path, at: offset, count: count, tag: nil)
    }

    /// As `FileStore.remove`.
    public func remove(_ path: String) async throws {
        let key = try keys.file(path)
        // The note goes last: without it nobody would come back for the file.
        for key in [key, keys.note(path)] {
            _ = try await bucket.send(.init(method: .delete, key: key, subject: "file \(path)"), accepting: [404])
        }
    }

    /// As `FileStore.published`; only files that this store published, since others may use the bucket.
    public func published() async throws -> [StoredFile] {
        let notes = Set(try await bucket.list(keys.published).map { String($0.key.dropFirst(keys.published.count)) })
        var files: [StoredFile] = []
        // Reports have folders of their own, so that a large foreign bucket is not read through.
        for folder in Set(notes.map(Self.folder)).sorted() {
            for object in try await bucket.list(keys.prefix + folder) {
                let path = String(object.key.dropFirst(keys.prefix.count))
                guard notes.contains(path), Self.folder(path) == folder else { continue }
                files.append(StoredFile(path: path, bytes: object.bytes, modifiedAt: object.modifiedAt))
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    private static func folder(_ path: String) -> String {
        path.firstIndex(of: "/").map { String(path[...$0]) } ?? path
    }

    /// Size and tag of a published file; nil if there is none.
    func head(_ path: String) async throws -> (bytes: Int64, tag: String)? {
        let answer = try await bucket.send(
            .init(method: .head, key: try keys.file(path), subject: "file \(path)"), accepting: [404])
        guard answer.isSuccess else {
            // A missing bucket looks the same, and is no missing file.
            try await checkBucket()
            return nil
        }
        guard let bytes = answer.fields["Content-Length"].flatMap(Int64.init) else {
            throw ExhaustError(.dataDamaged, "file \(path): the store does not tell its size", mender: .operator)
        }
        return (bytes, answer.fields["ETag"] ?? "")
    }

    /// As `read`; with a tag only if the file still has it, else throws `conflict`.
    func read(_ path: String, at offset: Int64, count: Int, tag: String?) async throws -> [UInt8] {
        let key = try keys.file(path)
        guard offset >= 0, count >= 0 else {
            throw ExhaustError(.invalidInput, "file \(path): offset \(offset) or count \(count) is below zero")
        }
        guard count > 0 else { return [] }
        let (end, isOver) = offset.addingReportingOverflow(Int64(count) - 1)
        var fields: HTTPFields = ["Range": "bytes=\(offset)-\(isOver ? .max : end)"]
        fields["If-Match"] = tag
        let answer = try await bucket.send(
            .init(
                method: .get, key: key, fields: fields, answerLimit: min(count, Self.readLimit) + 4_096,
                subject: "file \(path)"),
            accepting: [416])
        // After the end, which for an empty file is everywhere.
        guard answer.status != 416 else { return [] }
        // Not every store heeds If-Match.
        if let tag, let now = answer.fields["ETag"], now != tag {
            throw ExhaustError(.conflict, "file \(path): it was replaced meanwhile", remedy: "Begin again.")
        }
        // Some stores answer 200 with a part; which one the field tells.
        guard offset == 0 || answer.fields["Content-Range"]?.hasPrefix("bytes \(offset)-") == true else {
            throw ExhaustError(.storageFailed, "file \(path): the store does not read parts of files")
        }
        return Array(answer.body.prefix(count))
    }

    /// Throws unless the bucket is there and may be listed.
    func checkBucket() async throws {
        let query = [("list-type", "2"), ("max-keys", "1"), ("prefix", keys.uploads)].map { (name: $0.0, value: $0.1) }
        _ = try await bucket.send(.init(method: .get, query: query, subject: "listing"))
    }
}
