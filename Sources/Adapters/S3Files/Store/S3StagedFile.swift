import ReportModel
import ReportPorts

/// A file on its way into the bucket: full parts go up while the next one is filled.
///
/// Memory: the part that is being filled and those that are going up (`S3Options.partBytes`, `parallelParts`).
actor S3StagedFile: StagedFile {
    nonisolated let name: StagedFileName

    private let store: S3FileStore
    private let staging: StagingName
    private let key: String
    private var filling: [UInt8] = []
    private var bytes: Int64 = 0
    private var tags: [String] = []
    /// Parts that are going up, in order. Tasks of their own, since `write` returns before they are done; every one is
    /// awaited by a later `write`, by `finish` or by `discard`.
    private var rising: [Task<String, any Error>] = []
    private var isOver = false

    init(store: S3FileStore, name: StagingName, path: String, key: String) {
        self.store = store
        self.key = key
        staging = name
        self.name = StagedFileName(staging: name.text, final: path)
    }

    func write(_ bytes: [UInt8]) async throws {
        try checkOpen()
        self.bytes += Int64(bytes.count)
        var rest = bytes[...]
        let size = store.bucket.options.partBytes
        while !rest.isEmpty {
            if filling.isEmpty { filling.reserveCapacity(size) }
            let piece = rest.prefix(size - filling.count)
            filling += piece
            rest = rest.dropFirst(piece.count)
            if filling.count == size { try await sendPart() }
        }
    }

    func finish() async throws {
        try checkOpen()
        // An empty file is one empty part.
        if !filling.isEmpty || tags.isEmpty && rising.isEmpty { try await sendPart() }
        while !rising.isEmpty { try await awaitFirst() }
        try checkOpen()
        try await store.put(UploadNote(path: name.final, tags: tags, bytes: bytes), staging)
        isOver = true
    }

    func discard() async {
        isOver = true
        filling = []
        for part in rising { part.cancel() }
        for part in rising { _ = await part.result }
        rising = []
        // Also when the task was cancelled, which is why most files are given up. What cannot be removed is swept later.
        await Task { [store, name] in
            do { try await store.discard(name) } catch {}
        }.value
    }

    private func sendPart() async throws {
        while rising.count >= store.bucket.options.parallelParts { try await awaitFirst() }
        let number = tags.count + rising.count + 1
        guard number <= Bucket.partLimit else {
            throw ExhaustError(
                .limitExceeded, "file \(name.final): it has more than \(Bucket.partLimit) parts",
                remedy: "Raise files.s3.partBytes.", mender: .operator)
        }
        let part = filling
        filling = []
        rising.append(
            Task { [store, key, staging] in
                try await store.bucket.uploadPart(part, number: number, of: key, upload: staging.upload)
            })
    }

    private func awaitFirst() async throws {
        let first = rising[0]
        // Whoever waits is one task; when it is cancelled the parts go on until `discard` ends them.
        let tag = try await first.value
        rising.removeFirst()
        tags.append(tag)
    }

    private func checkOpen() throws {
        guard !isOver else { throw ExhaustError(.conflict, "file \(name.final): it was used after its end") }
    }
}
