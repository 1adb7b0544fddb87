import Glibc
import HTTPServer

/// What a test could not do.
struct ClientFailure: Error, CustomStringConvertible {
    let description: String

    init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }
}

/// A connection on which a test says exactly what it wants. It blocks, so it is only used inside `onThread`.
final class RawClient {
    /// An answer as it came.
    struct Answer: Equatable {
        var status: Int
        var fields: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Connects. Reading gives up after `seconds`.
    init(_ address: ListenAddress, seconds: Int = 20) throws {
        // Programs that other tests start meanwhile must not keep the connection open.
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ClientFailure("socket") }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = address.port.bigEndian
        inet_pton(AF_INET, address.host, &four.sin_addr)
        let result = withUnsafePointer(to: &four) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw ClientFailure("connect") }
    }

    deinit {
        // Ends the connection whoever else holds the descriptor.
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw ClientFailure("send") }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends as much of `bytes` as goes without waiting; answers how much.
    func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    /// The next answer; `isHead` if it has no body whatever its length says. Nil at the end of the connection.
    func answer(isHead: Bool = false) throws -> Answer? {
        guard let head = try take(through: "\r\n\r\n") else { return nil }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw ClientFailure("no status line")
        }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields[line[..<colon].lowercased()] = String(value)
        }
        var answer = Answer(status: status, fields: fields, body: [])
        if isHead || status == 100 || status == 204 || status == 304 { return answer }
        if fields["transfer-encoding"] == "chunked" {
            while let piece = try chunk(), !piece.isEmpty { answer.body += piece }
        } else if let length = fields["content-length"].flatMap({ Int($0) }) {
            answer.body = try take(count: length)
        }
        return answer
    }

    /// The head of an answer whose body is read by `chunk`.
    func head() throws -> String { String(decoding: try take(through: "\r\n\r\n") ?? [], as: UTF8.self) }

    /// The next chunk of a body; empty for the last, nil if the connection broke off before.
    func chunk() throws -> [UInt8]? {
        guard let line = try take(through: "\r\n") else { return nil }
        let size = String(decoding: line.dropLast(2), as: UTF8.self)
        guard let count = Int(size, radix: 16) else { throw ClientFailure("no chunk size: \(size)") }
        let bytes = try take(count: count)
        guard bytes.count == count, try take(through: "\r\n") != nil else { return nil }
        return bytes
    }

    /// Whether the other side has closed; everything that comes before is dropped.
    func isClosed() -> Bool {
        while true {
            var piece = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &piece, piece.count, 0)
            if count == 0 || (count < 0 && errno == ECONNRESET) { return true }
            if count < 0 { return false }
        }
    }

    /// What has come already and was not asked for yet; it is asked for by this.
    func leftover() -> [UInt8] {
        defer { buffer = [] }
        return buffer
    }

    /// Bytes that have come and were not read, of 16 MiB at the most.
    func waitingCount() -> Int {
        var piece = [UInt8](repeating: 0, count: 16 << 20)
        return max(0, recv(descriptor, &piece, piece.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)))
    }

    /// Reads at most `count` bytes that are there or come within the time limit; empty at the end.
    func read(_ count: Int) throws -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &piece, count, 0)
        if got < 0, errno == ECONNRESET { return [] }
        guard got >= 0 else { throw ClientFailure("receive") }
        return Array(piece.prefix(got))
    }

    private func take(through mark: String) throws -> [UInt8]? {
        let mark = Array(mark.utf8)
        while true {
            if buffer.count >= mark.count {
                for start in 0...(buffer.count - mark.count) where Array(buffer[start..<start + mark.count]) == mark {
                    defer { buffer.removeFirst(start + mark.count) }
                    return Array(buffer[..<(start + mark.count)])
                }
            }
            let piece = try read(65_536)
            if piece.isEmpty { return nil }
            buffer += piece
        }
    }

    private func take(count: Int) throws -> [UInt8] {
        while buffer.count < count {
            let piece = try read(max(65_536, count - buffer.count))
            if piece.isEmpty { break }
            buffer += piece
        }
        defer { buffer.removeFirst(min(count, buffer.count)) }
        return Array(buffer.prefix(count))
    }
}

private final class Work: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Does `body`, which blocks, on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    return try await withCheckedThrowingContinuation { continuation in
        let work = Work { continuation.resume(with: Result(catching: body)) }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        pthread_detach(thread)
    }
}
