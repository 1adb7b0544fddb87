import ReportModel
import ReportPorts
import ReportRows
import SecureArchive

/// A CSV entry of a published file, as its receipt tells.
struct EntryReceipt: Sendable, Hashable {
    var name: String
    var rows: UInt64
    var bytes: UInt64
    var sha256: String
}

/// Joins the parts of a batch into the entries of one archive and writes it, encrypted, to a staged file.
struct ArchiveAssembly: Sendable {
    let parts: BatchParts
    /// The header row of every entry.
    let header: Part
    /// Name of the file and of its entries, without extension.
    let name: String
    let protection: FileProtection.Means
    let rowsPerEntry: Int
    let modified: DOSTime

    /// Writes all entries; `extras` are made from what is known of the CSV entries and follow them.
    /// Answers with the entries and the number of bytes written. The file is not finished yet.
    func write(
        to file: any StagedFile, extras: ([EntryReceipt]) throws -> [(name: String, bytes: [UInt8])]
    ) async throws -> (entries: [EntryReceipt], fileBytes: Int64) {
        let cut = try EntryCut(parts.ranges, rowsPerEntry: rowsPerEntry)
        let names = FileNames.entries(name, count: cut.entries.count)
        var zip = ZipWriter(protection: protection.zipProtection)
        var receipts: [EntryReceipt] = []
        var digests: [(entryName: String, digest: ContainerDigest)] = []
        for (entry, entryName) in Swift.zip(cut.entries, names) {
            let whole = try header.summary.joined(entry.summary)
            let digest = try CSVDigest()
            switch protection {
            case .zip:
                try zip.begin(ZipEntry(name: entryName, modified: modified, content: .joined(whole)))
                try await forEachPart(of: entry) { part in
                    // The digest inflates on another core meanwhile.
                    async let digested: Void = digest.add(part)
                    try await zip.append(part.deflated) { try await file.write($0) }
                    try await digested
                }
                try zip.end()
            case .textKey(let password):
                let container = try EncryptedContainer.textKey(password)
                digests.append((entryName, try await write(container, entry, entryName, digest, &zip, file)))
            case .publicKey(let key):
                let container = try EncryptedContainer.publicKey(key)
                digests.append((entryName, try await write(container, entry, entryName, digest, &zip, file)))
            }
            receipts.append(
                EntryReceipt(
                    name: entryName, rows: entry.summary.rowCount, bytes: whole.uncompressedCount,
                    sha256: try await digest.finish()))
        }
        for extra in try extras(receipts) { try zip.add(extra.name, extra.bytes, modified: modified) }
        try zip.finish(comment: digests.isEmpty ? [] : ContainerAuthentication.comment(for: digests))
        let size = zip.writtenCount
        try await file.write(zip.takePending())
        return (receipts, Int64(size))
    }

    /// Writes the CSV as an encrypted container. The header of its entry wants the CRC of the container, so the content
    /// goes through twice: once into nothing, once into the archive.
    private func write(
        _ container: EncryptedContainer, _ entry: EntryCut.Entry, _ entryName: String, _ digest: CSVDigest,
        _ zip: inout ZipWriter, _ file: any StagedFile
    ) async throws -> ContainerDigest {
        var inflater = Inflater()
        var first = try ContainerEncryptor(container)
        try await forEachPart(of: entry) { part in
            async let digested: Void = digest.add(part)
            try inflater.inflate(part) { try first.append($0) { _ in } }
            try await digested
        }
        let containerDigest = try first.finish { _ in }
        try zip.begin(containerDigest.entry(name: entryName, modified: modified))
        var second = try ContainerEncryptor(container)
        try await forEachPart(of: entry) { part in
            var encrypted: [UInt8] = []
            try inflater.inflate(part) { try second.append($0) { encrypted.append(contentsOf: $0) } }
            try await zip.append(encrypted) { try await file.write($0) }
        }
        var last: [UInt8] = []
        _ = try second.finish { last.append(contentsOf: $0) }
        try zip.append(last)
        try zip.end()
        return containerDigest
    }

    private func forEachPart(
        of entry: EntryCut.Entry, _ body: nonisolated(nonsending) (Part) async throws -> Void
    ) async throws {
        try await body(header)
        for place in entry.places {
            // A large file takes seconds, and a run that is called off must not be published.
            try Task.checkCancellation()
            let pieces = parts.ranges[place.range]
            switch pieces[place.piece] {
            case .inMemory(let part): try await body(part)
            case .inVault:
                let part = try await parts.vault.open(
                    range: place.range, piece: place.piece, of: pieces.map(\.summary))
                try await body(part)
            }
        }
    }
}

/// SHA-256 of the CSV that deflated parts hold.
private actor CSVDigest {
    private var hash: SHA256?
    private var inflater = Inflater()

    init() throws { hash = try SHA256() }

    func add(_ part: Part) throws {
        try inflater.inflate(part) { try hash?.update($0) }
    }

    func finish() throws -> String {
        guard let bytes = try hash.take()?.finish() else {
            throw ExhaustError(.internalFault, "digest: it was finished twice")
        }
        return Hexadecimal.text(bytes)
    }
}
