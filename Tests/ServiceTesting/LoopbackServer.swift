import Foundation
import Synchronization

/// A small HTTP server inside the test process, whose answers the test writes byte by byte, broken ones too.
public final class LoopbackServer: Sendable {
    /// A request as it arrived.
    public struct Request: Sendable {
        /// `GET /path?query HTTP/1.1` and the field lines.
        public var head: [String]
        /// The body.
        public var body: [UInt8]
        /// Which request of the server it is, from 1.
        public var number: Int
        /// Which connection it came by, from 1.
        public var connection: Int

        /// The value of a field, nil if it is not there.
        public func field(_ name: String) -> String? {
            head.dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }

        /// Method, target and version.
        public var line: String { head.first ?? "" }
    }

    /// What the server does with a request.
    public enum Reply: Sendable {
        /// Sends this text and keeps the connection.
        case text(String)
        /// Sends this text and closes the connection.
        case cut(String)
        /// Says nothing until the server ends.
        case silence
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var sockets: [Int32] = []
        var isOver = false
    }

    private let listener: Int32
    private let state = Mutex(State())
    private let reply: @Sendable (Request) -> Reply

    /// Its port on 127.0.0.1.
    public let port: Int

    /// Starts a server that answers each request by `reply`. `end` has to be called.
    public init(_ reply: @escaping @Sendable (Request) -> Reply) throws {
        self.reply = reply
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw ServiceMissing(description: "no free port: \(errno)") }
        port = Int(UInt16(bigEndian: address.sin_port))
        // Until `end`; a test may forget the server while its client still asks.
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let number = note(connection) else { return }
                Thread.detachNewThread { self.serve(connection, number: number) }
            }
        }
    }

    /// `http://127.0.0.1:PORT`.
    public var address: String { "http://127.0.0.1:\(port)" }

    /// All requests so far.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// Ends all connections and the server; nothing happens the second time.
    public func end() {
        let sockets: [Int32]? = state.withLock { state in
            defer { state.isOver = true }
            return state.isOver ? nil : state.sockets
        }
        guard let sockets else { return }
        for descriptor in sockets + [listener] { shutdown(descriptor, Int32(SHUT_RDWR)) }
        close(listener)
    }

    private func note(_ connection: Int32) -> Int? {
        state.withLock { state in
            if state.isOver { return nil }
            state.sockets.append(connection)
            state.connections += 1
            return state.connections
        }
    }

    private func serve(_ connection: Int32, number: Int) {
        defer {
            state.withLock { $0.sockets.removeAll { $0 == connection } }
            close(connection)
        }
        var pending: [UInt8] = []
        while let request = next(connection, number, &pending) {
            switch reply(request) {
            case .text(let text): guard send(text, connection) else { return }
            case .cut(let text):
                _ = send(text, connection)
                return
            case .silence:
                var byte: UInt8 = 0
                _ = recv(connection, &byte, 1, 0)
                return
            }
        }
    }

    private func next(_ connection: Int32, _ number: Int, _ pending: inout [UInt8]) -> Request? {
        while true {
            if let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: pending[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
                var request = Request(head: head, body: [], number: 0, connection: number)
                let length = Int(request.field("Content-Length") ?? "0") ?? 0
                if pending.count >= end.upperBound + length {
                    request.body = Array(pending[end.upperBound..<(end.upperBound + length)])
                    pending.removeFirst(end.upperBound + length)
                    return state.withLock { state in
                        request.number = state.requests.count + 1
                        state.requests.append(request)
                        return request
                    }
                }
            }
            var chunk = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            pending += chunk[..<count]
        }
    }

    private func send(_ text: String, _ connection: Int32) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}

extension LoopbackServer {
    /// A port that nobody uses at the moment.
    public static func freePort() throws -> Int {
        let server = try LoopbackServer { _ in .silence }
        defer { server.end() }
        return server.port
    }
}

extension LoopbackServer.Reply {
    /// A whole answer.
    public static func answer(_ status: Int, _ body: String = "", fields: [String] = []) -> Self {
        .text(
            (["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"] + fields).joined(separator: "\r\n")
                + "\r\n\r\n" + body)
    }
}
