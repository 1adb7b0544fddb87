import HTTPClient
import HTTPMessages
public import ReportModel
public import ReportPorts

extension S3FileStore {
    /// As `FileStore.stage`.
    public func stage(_ path: String, fencing: Int64) async throws -> any StagedFile {
        let key = try keys.file(path)
        // First, since the upload's id can get lost on its way here, and be asked for again.
        try await write([], to: keys.begun(path), "file \(path)")
        let upload = try await bucket.beginUpload(key)
        let name = StagingName(fencing: fencing, upload: upload)
        let file = S3StagedFile(store: self, name: name, path: path, key: key)
        do {
            // The note is how other machines find the upload; the bucket's own list has other programs' as well.
            try await put(UploadNote(path: path), name)
        } catch {
            await file.discard()
            throw error
        }
        return file
    }

    /// As `FileStore.publish`.
    public func publish(_ file: StagedFileName) async throws {
        let key = try keys.file(file.final)
        guard let name = StagingName(file.staging), var note = try await note(name), note.path == file.final,
            let tags = note.tags
        else {
            // Published and its note removed; or discarded, by whoever published in its place.
            if try await head(file.final) != nil { return }
            throw Self.missing(file.final)
        }
        if note.replaces == nil {
            note.replaces = try await head(file.final)?.tag ?? ""
            try await put(note, name)
        }
        // Noted first, so that no file of ours is there without.
        try await write([], to: keys.note(file.final), "file \(file.final)")
        do {
            try await bucket.completeUpload(of: key, upload: name.upload, tags: tags)
        } catch let error as ExhaustError where error.code == .notFound {
            // Completed before, by a call whose answer got lost; or given up, so that the file before it is still there.
            guard let now = try await head(file.final), now.bytes == note.bytes, now.tag != note.replaces else {
                throw Self.missing(file.final)
            }
        }
        try await removeNote(name)
    }

    /// As `FileStore.discard`.
    public func discard(_ file: StagedFileName) async throws {
        let key = try keys.file(file.final)
        guard let name = StagingName(file.staging) else { return }
        // The upload first: once it is given up nothing can publish it.
        try await bucket.abortUpload(of: key, upload: name.upload)
        try await removeNote(name)
    }

    /// As `FileStore.sweepStaged`.
    public func sweepStaged(before moment: Timestamp, keeping: Set<String>) async throws -> Int {
        var swept = 0
        for object in try await bucket.list(keys.uploads) where object.modifiedAt < moment {
            let text = String(object.key.dropFirst(keys.uploads.count))
            guard !keeping.contains(text), let name = StagingName(text), let note = try await note(name) else {
                continue
            }
            // The note is as old as the file's beginning; a long one may have been written to a moment ago.
            let key = try keys.file(note.path)
            if note.tags == nil, let last = try await bucket.lastPart(of: key, upload: name.upload), last >= moment {
                continue
            }
            try await discard(StagedFileName(staging: text, final: note.path))
            swept += 1
        }
        return swept + (try await sweepUnnoted(before: moment))
    }

    /// Gives up uploads of ours that have no note, since their beginning was never heard of or its process died.
    private func sweepUnnoted(before moment: Timestamp) async throws -> Int {
        let begun = try await bucket.list(keys.begun).filter { $0.modifiedAt < moment }
        guard !begun.isEmpty else { return 0 }
        let noted = Set(
            try await bucket.list(keys.uploads).compactMap {
                StagingName(String($0.key.dropFirst(keys.uploads.count)))?.upload
            })
        let open = Dictionary(grouping: try await bucket.openUploads(keys.prefix), by: \.key)
        var swept = 0
        for object in begun {
            let path = String(object.key.dropFirst(keys.begun.count))
            var isOver = true
            for upload in open[try keys.file(path)] ?? [] where !noted.contains(upload.id) {
                let last = try await bucket.lastPart(of: upload.key, upload: upload.id) ?? upload.begunAt
                guard max(last, upload.begunAt) < moment else {
                    isOver = false
                    continue
                }
                try await bucket.abortUpload(of: upload.key, upload: upload.id)
                swept += 1
            }
            guard isOver else { continue }
            _ = try await bucket.send(
                .init(method: .delete, key: object.key, subject: "file \(path)"), accepting: [404])
        }
        return swept
    }

    func put(_ note: UploadNote, _ name: StagingName) async throws {
        try await write(note.text, to: keys.upload(name), "note of file \(note.path)")
    }

    private func note(_ name: StagingName) async throws -> UploadNote? {
        let answer = try await bucket.send(
            .init(method: .get, key: keys.upload(name), answerLimit: 4 << 20, subject: "note of an upload"),
            accepting: [404])
        return answer.isSuccess ? try UploadNote(parsing: answer.body) : nil
    }

    private func removeNote(_ name: StagingName) async throws {
        _ = try await bucket.send(
            .init(method: .delete, key: keys.upload(name), subject: "note of an upload"), accepting: [404])
    }

    private func write(_ bytes: [UInt8], to key: String, _ subject: String) async throws {
        var fields = bucket.encryptionFields
        fields["Content-Type"] = "application/octet-stream"
        _ = try await bucket.send(.init(method: .put, key: key, fields: fields, body: bytes, subject: subject))
    }

    private static func missing(_ path: String) -> ExhaustError {
        ExhaustError(.notFound, "file \(path): neither its staged nor its final form is there")
    }
}
