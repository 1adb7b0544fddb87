import BlockingWork
import Glibc
import ReportModel

/// Files in import form on their way into the embedded store: in a folder of their own inside the data folder, which only
/// its owner may look into, and gone when the copy ends.
actor CopiedFiles {
    let folder: String
    private var pool: BlockingPool<Void>?
    private var open: [String: PlainFile] = [:]

    init(folder: String) { self.folder = folder }

    /// Makes the folder.
    func begin() async throws {
        let folder = folder
        pool = try await BlockingPool(name: "copy") {}
        try await run {
            guard mkdir(folder, 0o700) == 0 else { throw FileCopy.failed("make", folder) }
        }
    }

    /// Adds rows to the file of a table.
    func write(_ rows: [[UInt8]], to table: String) async throws {
        if rows.isEmpty { return }
        let file = try open[table] ?? PlainFile("\(folder)/\(table).jsonl")
        open[table] = file
        try await run {
            var lines: [UInt8] = []
            for row in rows {
                lines += row
                lines.append(UInt8(ascii: "\n"))
            }
            // Whole lines, so that rows of tasks that write at once do not mix.
            try file.write(lines)
        }
    }

    /// Gives the files their names.
    func finish() async throws {
        let files = Array(open.values)
        open = [:]
        try await run { for file in files { try file.publish() } }
    }

    /// Removes everything.
    func remove() async throws {
        let folder = folder
        let files = Array(open.values)
        open = [:]
        try await run {
            for file in files { file.discard() }
            try FolderRemoval.remove(folder)
        }
        await pool?.close()
        pool = nil
    }

    private func run(_ body: @escaping @Sendable () throws -> Void) async throws {
        guard let pool else { return }
        try await pool.run { _ in try body() }
    }
}
