internal import ReportModel

/// What is in the entries of an archive: the two passes over them.
struct ArchiveContents {
    let source: any RandomAccessSource
    let credentials: ArchiveCredentials
    let directory: ZipDirectory
    /// Of containers, by entry name.
    let codes: [String: [UInt8]]

    /// The first pass, over everything; gives away nothing.
    func verify() throws -> [ArchivedEntry] {
        var entries: [ArchivedEntry] = []
        for index in directory.entries.indices { entries.append(try verify(index)) }
        // A code without its container means that somebody put something else in its place.
        let containers = Set(entries.filter(\.isContainer).map(\.name))
        guard codes.keys.allSatisfy({ containers.contains($0) }) else {
            throw damaged("archive", "its comment authenticates a container that is not there")
        }
        return entries
    }

    /// The second pass, over one entry.
    func read(_ entry: ArchivedEntry, to sink: ByteSink) throws {
        guard case .container(let level) = entry.protection else { return try content(entry.index).read(to: sink) }
        var count: UInt64 = 0
        let authenticated = try readContainer(entry.index, level) {
            count += UInt64($0.count)
            try sink($0)
        }
        guard count == entry.byteCount, authenticated == entry.authenticated else {
            throw damaged(entry.name, "it was changed after it had been verified")
        }
    }

    private func content(_ index: Int) -> EntryContent {
        EntryContent(entry: directory.entries[index], source: source, password: credentials.password)
    }

    private func verify(_ index: Int) throws -> ArchivedEntry {
        let entry = directory.entries[index]
        func verified(_ count: UInt64, _ protection: EntryProtection, _ authenticated: Bool) -> ArchivedEntry {
            ArchivedEntry(
                name: entry.name, byteCount: count, protection: protection, authenticated: authenticated, index: index)
        }
        let declared = entry.record.uncompressedCount
        if let header = entry.record.encryption {
            try content(index).authenticate()
            return verified(declared, .aes(keyBits: 8 * header.keyCount), true)
        }
        if entry.record.flags & ZipRecord.isEncrypted != 0 {
            try content(index).read { _ in }
            return verified(declared, .zipCrypto, false)
        }
        guard let level = try containerLevel(index) else { return verified(declared, .none, false) }
        var count: UInt64 = 0
        let authenticated = try readContainer(index, level) { count += UInt64($0.count) }
        return verified(count, .container(level), authenticated)
    }

    /// Reads an open entry to its end, checking it, and tells whether its content is a container.
    private func containerLevel(_ index: Int) throws -> ContainerLevel? {
        var start: [UInt8] = []
        try content(index).read { bytes in
            let missing = ContainerLevel.longestLineCount - start.count
            if missing > 0 { start += bytes.prefix(missing) }
        }
        return ContainerLevel.of(start)
    }

    /// Hands on the content of a container; tells whether a code authenticates it.
    private func readContainer(_ index: Int, _ level: ContainerLevel, to sink: ByteSink) throws -> Bool {
        let entry = directory.entries[index]
        let container = ContainerDecryptor(level, name: entry.name, credentials: credentials)
        try content(index).read { try container.append($0, to: sink) }
        let code = try container.finish(to: sink)
        guard let expected = codes[entry.name] else { return false }
        guard sameBytes(code, expected) else { throw damaged(entry.name, "its container was altered") }
        return true
    }
}

extension ArchivedEntry {
    fileprivate var isContainer: Bool { if case .container = protection { true } else { false } }
}
