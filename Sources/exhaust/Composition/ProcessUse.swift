import CLinux
import Glibc
import HTTPServer
import ReportAPI
import Synchronization

/// What this process uses, under the names that Prometheus' own libraries give it.
struct ProcessUse: Sendable {
    private let server = ServerBox()

    /// Set when the server runs.
    private final class ServerBox: Sendable {
        let server = Mutex<HTTPServer?>(nil)
    }

    /// From now on tells the load of `server` too.
    func watch(_ server: HTTPServer?) { self.server.server.withLock { $0 = server } }

    /// Adds everything to `text`.
    func write(to text: inout MetricsText) {
        if let load = server.server.withLock({ $0?.load }) {
            text.begin("exhaust_http_connections", .gauge, "Open connections.")
            text.add("exhaust_http_connections", Double(load.connections))
            text.begin("exhaust_http_requests_in_flight", .gauge, "Requests whose handlers have not returned.")
            text.add("exhaust_http_requests_in_flight", Double(load.requests))
        }
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            text.begin("process_cpu_seconds_total", .counter, "Processor time used.")
            text.add("process_cpu_seconds_total", Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime))
        }
        // Second word: resident pages.
        if let words = Self.words("/proc/self/statm"), words.count > 1, let pages = Double(words[1]) {
            text.begin("process_resident_memory_bytes", .gauge, "Resident memory.")
            text.add("process_resident_memory_bytes", pages * Double(sysconf(Int32(_SC_PAGESIZE))))
        }
        if let count = Self.openFiles() {
            text.begin("process_open_fds", .gauge, "Open files and connections.")
            text.add("process_open_fds", Double(count))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            text.begin("process_max_fds", .gauge, "Most open files and connections.")
            text.add("process_max_fds", Double(limit.rlim_cur))
        }
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static func words(_ path: String) -> [Substring]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: " ")
    }

    private static func openFiles() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Not the folder itself, nor . and ..
        return max(0, count - 3)
    }
}
