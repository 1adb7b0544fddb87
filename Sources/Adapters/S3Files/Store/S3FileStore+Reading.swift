import HTTPMessages
import ReportModel
public import ReportPorts

extension S3FileStore: FileOpening {
    /// As `FileOpening.open`. A bucket keeps no replaced files: reading one throws `conflict`, never bytes of another.
    public func open(_ path: String) async throws -> any OpenedFile {
        guard let found = try await head(path) else {
            throw ExhaustError(.notFound, "file \(path): there is none")
        }
        let file = S3OpenedFile(store: self, path: path, size: found.bytes, tag: found.tag)
        let version = S3TaggedFile.version(of: found.tag)
        return version.isEmpty ? file : S3TaggedFile(file: file, version: version)
    }
}

extension S3FileStore: DirectLinking {
    /// As `DirectLinking.directLink`.
    public func directLink(to path: String, seconds: Int, downloadName: String?) async throws -> String {
        guard (1...Self.longestLinkSeconds).contains(seconds) else {
            throw ExhaustError(
                .invalidInput, "link to \(path): \(seconds) s", remedy: "Use 1 s to 7 days.", mender: .operator)
        }
        var query: [(name: String, value: String)] = []
        if let downloadName {
            let name = PercentEncoding.encode(downloadName)
            query.append(("response-content-disposition", "attachment; filename*=UTF-8''\(name)"))
        }
        return try await bucket.signedAddress(of: try keys.file(path), query: query, seconds: seconds)
    }

    /// Seven days, the longest that the signing process allows.
    public static var longestLinkSeconds: Int { 604_800 }
}

private struct S3OpenedFile: OpenedFile {
    let store: S3FileStore
    let path: String
    let size: Int64
    let tag: String

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard offset < size || offset < 0 || count < 0 else { return [] }
        do {
            return try await store.read(path, at: offset, count: count, tag: tag.isEmpty ? nil : tag)
        } catch let error as ExhaustError where error.code == .notFound {
            throw ExhaustError(.conflict, "file \(path): it was removed while it was being read", cause: error)
        }
    }

    func close() async {}
}

/// A file of a store that tells its files apart by tags, as all but the simplest do.
private struct S3TaggedFile: VersionedFile {
    let file: S3OpenedFile
    let version: String

    var size: Int64 { file.size }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] { try await file.read(at: offset, count: count) }

    func close() async {}

    /// The tag without what quotes it; stores put a hash there, and the number of parts.
    static func version(of tag: String) -> String {
        String(
            tag.unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9") ~= $0 || $0 == "-") })
    }
}
