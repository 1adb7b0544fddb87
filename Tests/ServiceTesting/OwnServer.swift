import CLinux
import Dispatch
import Foundation
import Glibc

/// A server that belongs to one test, so that the test can stop, kill and start it again.
public final class OwnServer: Sendable {
    private let service: TestService
    private let options: [String]
    /// Everything that it keeps.
    public let folder: String

    /// Its address; the same after it was started again.
    public let address: String
    /// Everything that its script printed.
    public let variables: [String: String]

    /// Starts a server in a fresh folder; `options` go to its script. `end` has to be called.
    public static func start(_ service: TestService, options: [String] = []) async throws -> OwnServer {
        let parent = FileManager.default.temporaryDirectory.appendingPathComponent("own.\(UUID().uuidString.prefix(8))")
        // Servers that refuse root run as another user, who has to pass.
        try FileManager.default.createDirectory(
            at: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        let folder = parent.appendingPathComponent(service.name).path
        do {
            let output = try await run(service, ["up", folder] + options)
            return try OwnServer(service, folder, options, output)
        } catch {
            try FileManager.default.removeItem(at: parent)
            throw error
        }
    }

    /// Runs a server while `body` does, and ends it whatever happens; `options` go to its script.
    public static func using<Value: Sendable>(
        _ service: TestService, options: [String] = [], body: (OwnServer) async throws -> Value
    ) async throws -> Value {
        let server = try await start(service, options: options)
        let value: Value
        do {
            value = try await body(server)
        } catch {
            try await server.end()
            throw error
        }
        try await server.end()
        return value
    }

    private init(_ service: TestService, _ folder: String, _ options: [String], _ output: String) throws {
        self.service = service
        self.folder = folder
        self.options = options
        var variables: [String: String] = [:]
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        }
        self.variables = variables
        guard let address = variables[service.variable] else {
            throw ServiceMissing(description: "\(service.name) did not print \(service.variable)")
        }
        self.address = address
    }

    /// Starts it again after `stop` or another action that ended it.
    public func start() async throws { _ = try await Self.run(service, ["up", folder] + options) }

    /// Starts it again at that moment, for an outage of a length that a test says.
    public func start(at moment: ContinuousClock.Instant) async throws {
        await Self.wait(until: moment)
        try await start()
    }

    /// Stops it as an operator would; its data stays.
    public func stop() async throws { try await run("down") }

    /// Any further action of its script, such as `kill`; what it takes beside, such as which node of a cluster, follows.
    /// Answers what the script printed.
    @discardableResult
    public func run(_ action: String, _ more: String...) async throws -> String {
        try await Self.run(service, [action, folder] + more)
    }

    /// Waits for a moment that a test says, such as the end of an outage.
    public static func wait(until moment: ContinuousClock.Instant) async {
        let left = ContinuousClock.now.duration(to: moment)
        let milliseconds =
            Int(left.components.seconds) * 1_000 + Int(left.components.attoseconds / 1_000_000_000_000_000)
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(max(0, milliseconds))) {
                continuation.resume()
            }
        }
    }

    /// Ends it and removes its folder.
    public func end() async throws {
        try await stop()
        try FileManager.default.removeItem(atPath: (folder as NSString).deletingLastPathComponent)
    }

    /// Runs the service's script on a thread that may block; answers what it printed.
    private static func run(_ service: TestService, _ arguments: [String]) async throws -> String {
        // …/Tests/ServiceTesting/OwnServer.swift
        let project = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        let script = project.joined(separator: "/") + "/scripts/services.d/\(service.name)"
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "own-server").async {
                continuation.resume(with: Result { try spawn(script, arguments) })
            }
        }
    }

    /// Foundation's `Process` is no use here: it takes a program as running for as long as a server that it started is.
    private static func spawn(_ program: String, _ arguments: [String]) throws -> String {
        let answer = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { unlink(answer) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        // A file, not a pipe: a server that keeps its script's output open would hold the reader.
        posix_spawn_file_actions_addopen(&actions, 1, answer, O_WRONLY | O_CREAT, 0o600)
        // Sockets of other tests would stay open for as long as the program runs.
        clinux_spawn_without(&actions, 3)
        let texts = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var process = pid_t()
        let code = posix_spawn(&process, program, &actions, nil, texts, environ)
        guard code == 0 else {
            throw ServiceMissing(description: "\(program) cannot be started: \(String(cString: strerror(code)))")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else {
            throw ServiceMissing(description: "\(program) \(arguments.joined(separator: " ")) ended with \(status)")
        }
        return try String(contentsOfFile: answer, encoding: .utf8)
    }
}
