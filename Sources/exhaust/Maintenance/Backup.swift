import Glibc
import ReportModel
import SQLiteAccess

/// A copy of a data folder that is in use, and the way back. Parts of runs under way are left out: such runs begin anew.
///
/// Blocking: call it off the cooperative pool.
enum Backup {
    /// Name of the list of what a backup holds, written last: without it a backup is not whole.
    static let manifest = "backup.json"

    /// Copies `data` into the new or empty folder `target`. Answers with the number of files and bytes.
    static func make(of data: DataFolder, into target: String, at now: Timestamp) throws -> (files: Int, bytes: Int64) {
        try requireEmpty(target)
        _ = try DataFolder.create(target)
        var entries: [JSONValue] = []
        var bytes: Int64 = 0
        func add(_ source: String, _ relative: String) throws {
            try makeParents(of: relative, in: target)
            // A file that expires meanwhile is not missed: the rows that name it may name files that are gone.
            guard let copied = try FileCopy.copy(source, to: "\(target)/\(relative)") else { return }
            bytes += copied.bytes
            entries.append(
                .members(
                    ("path", .string(relative)), ("bytes", .integer(copied.bytes)), ("sha256", .string(copied.sha256))))
        }
        // The rows first: a file that they name may be published later and is copied then; the other way round a row
        // could name a file that the copy lacks.
        for (path, name) in [(data.jobs, "jobs.db"), (data.audit, "audit.db")] where access(path, F_OK) == 0 {
            let snapshot = "\(target)/\(name).snapshot"
            try snapshotDatabase(path, into: snapshot)
            try add(snapshot, name)
            unlink(snapshot)
        }
        // An import replaces the file by another, so whatever is opened here stays as it is.
        if access(data.learners, F_OK) == 0 { try add(data.learners, "learners.db") }
        for file in try FileCopy.files(below: data.files)
        where !file.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
            try add("\(data.files)/\(file)", "files/\(file)")
        }
        if access(data.masterKey, F_OK) == 0 { try add(data.masterKey, "master.key") }
        let list = JSONValue.members(
            ("backup", .integer(1)), ("madeBy", .string("exhaust \(ProductVersion.current)")),
            ("madeAt", .string(now.iso8601)), ("files", .array(entries)))
        try sync(target, entries.compactMap { $0["path"]?.text })
        try write(list.prettyText + "\n", to: "\(target)/\(manifest)")
        try FileCopy.sync(folder: target)
        return (entries.count, bytes)
    }

    /// Copies the backup in `source` into the new or empty data folder `target`, checking every file against the list.
    /// The folder gets its name when it is whole; until then it is called `<target>.restoring`.
    static func restore(from source: String, into target: String) throws -> (files: Int, bytes: Int64) {
        let list = try readManifest(source)
        try requireEmpty(target)
        let draft = "\(target).restoring"
        try FolderRemoval.remove(draft)
        do {
            let bytes = try copy(list, from: source, into: draft)
            try sync(draft, list.map(\.path))
            guard rename(draft, target) == 0 else { throw FileCopy.failed("write", target) }
            return (list.count, bytes)
        } catch {
            // The first error is the one to tell; what is left is replaced by the next restore.
            do { try FolderRemoval.remove(draft) } catch {}
            throw error
        }
    }

    private static func copy(
        _ list: [(path: String, sha256: String)], from source: String, into target: String
    ) throws -> Int64 {
        _ = try DataFolder.create(target)
        var bytes: Int64 = 0
        for entry in list {
            try makeParents(of: entry.path, in: target)
            let copied = try FileCopy.copy("\(source)/\(entry.path)", to: "\(target)/\(entry.path)")
            guard let copied, copied.sha256 == entry.sha256 else {
                throw ExhaustError(
                    .dataDamaged,
                    "backup \(source): \(entry.path) is \(copied == nil ? "missing" : "not what was backed up")",
                    remedy: "Use another backup; nothing was restored.", mender: .operator)
            }
            bytes += copied.bytes
        }
        return bytes
    }

    /// Makes the names of these files durable, in every folder from theirs up to `folder`.
    private static func sync(_ folder: String, _ files: [String]) throws {
        var folders: Set<String> = [""]
        for file in files {
            var parts = file.split(separator: "/").dropLast()
            while !parts.isEmpty {
                folders.insert("/" + parts.joined(separator: "/"))
                parts = parts.dropLast()
            }
        }
        for name in folders { try FileCopy.sync(folder: folder + name) }
    }

    private static func readManifest(_ source: String) throws -> [(path: String, sha256: String)] {
        let path = "\(source)/\(manifest)"
        let json = try JSONValue(parsing: TextFile.read(path, limit: 64 << 20), name: path)
        guard json["backup"]?.integer == 1, let files = json["files"]?.elements else {
            throw ExhaustError(
                .newerVersion, "backup \(source): its list is not in the form of this version",
                remedy: "Use the version of exhaust that made it.", mender: .operator)
        }
        return try files.map { file in
            guard let path = file["path"]?.text, let sha256 = file["sha256"]?.text,
                !path.hasPrefix("/"), !path.split(separator: "/").contains("..")
            else {
                throw ExhaustError(
                    .dataDamaged, "backup \(source): its list names no proper file", mender: .operator)
            }
            return (path, sha256)
        }
    }

    private static func snapshotDatabase(_ path: String, into target: String) throws {
        // SQLite would make it readable by everybody; an empty file of our own keeps its mode.
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileCopy.failed("write", target) }
        close(descriptor)
        let database = try Database(path: path, options: DatabaseOptions(access: .write))
        let statement = try database.prepare("VACUUM INTO ?")
        try statement.bind(1, target)
        try statement.run()
    }

    private static func requireEmpty(_ folder: String) throws(ExhaustError) {
        guard let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        // Every folder lists itself and the one above.
        if entries > 2 {
            throw ExhaustError(
                .conflict, "folder \(folder): it is not empty", remedy: "Name a new or empty folder.", mender: .operator
            )
        }
    }

    private static func makeParents(of relative: String, in folder: String) throws {
        let parents = relative.split(separator: "/").dropLast()
        if !parents.isEmpty { _ = try DataFolder.create("\(folder)/\(parents.joined(separator: "/"))") }
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileCopy.failed("write", path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw FileCopy.failed("write", path)
        }
    }
}
