import HTTPClient
import HTTPMessages
import ReportModel
public import ReportPorts

/// Sealed parts of runs beside the published files, so that a worker on another machine can go on from them.
public struct S3PartStore: PartStore {
    /// Bytes that one part may have.
    public static let partLimit = 512 << 20

    private let store: S3FileStore

    /// Parts in the bucket of `store`.
    public init(_ store: S3FileStore) { self.store = store }

    /// As `PartStore.put`. Throws `limitExceeded` for a part over `partLimit`.
    public func put(_ part: [UInt8], name: String, run: String) async throws {
        let key = try store.keys.part(name, run: run)
        guard part.count <= Self.partLimit else {
            throw ExhaustError(
                .limitExceeded, "part \(name) of run \(run): it is larger than \(Self.partLimit) bytes",
                remedy: "Make the ranges smaller.", mender: .operator)
        }
        var fields = store.bucket.encryptionFields
        fields["Content-Type"] = "application/octet-stream"
        _ = try await store.bucket.send(
            .init(method: .put, key: key, fields: fields, body: part, subject: "part \(name) of run \(run)"))
    }

    /// As `PartStore.get`.
    public func get(name: String, run: String) async throws -> [UInt8] {
        try await store.bucket.send(
            .init(
                method: .get, key: try store.keys.part(name, run: run), answerLimit: Self.partLimit,
                subject: "part \(name) of run \(run)")
        ).body
    }

    /// As `PartStore.removeAll`.
    public func removeAll(run: String) async throws {
        for object in try await store.bucket.list(try store.keys.run(run)) {
            _ = try await store.bucket.send(
                .init(method: .delete, key: object.key, subject: "parts of run \(run)"), accepting: [404])
        }
    }

    /// As `PartStore.runs`.
    public func runs() async throws -> [String] {
        try await store.bucket.folders(in: store.keys.parts).compactMap(BucketKeys.decoded).sorted()
    }
}
