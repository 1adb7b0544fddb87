import Glibc
import ReportModel

/// Reads lines of a file, or of what gzip makes of it, on a thread that may block.
///
/// Unchecked: its owner asks for one portion after the other.
final class LineFile: @unchecked Sendable {
    private let file: UnsafeMutablePointer<FILE>
    private var line: UnsafeMutablePointer<CChar>?
    private var room = 0

    /// `<table>.jsonl.gz` or `<table>.jsonl` of a folder, also under the table's newer name; nil if there is none.
    init?(folder: String, table: String) throws {
        let names = table == "tenant_preference" ? ["tenant_preference_v2", table] : [table]
        let paths = names.flatMap { ["\(folder)/\($0).jsonl.gz", "\(folder)/\($0).jsonl"] }
        guard let path = paths.first(where: { access($0, R_OK) == 0 }) else { return nil }
        guard !path.contains("'"), let file = popen("exec gzip -dcf -- '\(path)'", "r") else {
            throw ExhaustError(.storageFailed, "\(path): it cannot be read")
        }
        self.file = file
    }

    deinit {
        free(line)
        pclose(file)
    }

    /// The next lines, at most `count`; none at the end.
    func next(_ count: Int) async throws -> [[UInt8]] {
        await withCheckedContinuation { continuation in
            LineThread.start { continuation.resume(returning: self.read(count)) }
        }
    }

    private func read(_ count: Int) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        while lines.count < count {
            let length = getline(&line, &room, file)
            guard length >= 0, let line else { break }
            let bytes = UnsafeRawBufferPointer(start: line, count: length)
            if length > 1 { lines.append(Array(bytes.last == 10 ? bytes.dropLast() : bytes[...])) }
        }
        return lines
    }
}

/// A thread for one piece of work.
private enum LineThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let code = pthread_create(
            &thread, nil,
            { data in
                if let data { Unmanaged<Work>.fromOpaque(data).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        if code == 0 {
            pthread_detach(thread)
        } else {
            work.takeRetainedValue().body()
        }
    }
}
