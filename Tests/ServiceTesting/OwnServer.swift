import Foundation

/// A server that belongs to one test, so that the test can stop, kill and start it again.
public final class OwnServer: Sendable {
    private let service: TestService
    private let folder: String
    private let options: [String]

    /// Its address; the same after it was started again.
    public let address: String
    /// Everything that its script printed.
    public let variables: [String: String]

    /// Starts a server in a fresh folder; `options` go to its script. `end` has to be called.
    public init(_ service: TestService, options: [String] = []) throws {
        self.service = service
        self.options = options
        let parent = FileManager.default.temporaryDirectory.appendingPathComponent("own.\(UUID().uuidString.prefix(8))")
        // Servers that refuse root run as another user, who has to pass.
        try FileManager.default.createDirectory(
            at: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        folder = parent.appendingPathComponent(service.name).path
        let output = try Self.run(service, "up", folder, options)
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
    public func start() throws { _ = try Self.run(service, "up", folder, options) }

    /// Stops it as an operator would; its data stays.
    public func stop() throws { _ = try Self.run(service, "down", folder, []) }

    /// Any further action of its script, such as `kill`.
    public func run(_ action: String) throws { _ = try Self.run(service, action, folder, []) }

    /// Ends it and removes its folder.
    public func end() throws {
        try stop()
        try FileManager.default.removeItem(atPath: (folder as NSString).deletingLastPathComponent)
    }

    private static func run(
        _ service: TestService, _ action: String, _ folder: String, _ options: [String]
    ) throws -> String {
        // …/Tests/ServiceTesting/OwnServer.swift
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = project.appendingPathComponent("scripts/services.d/\(service.name)")
        process.arguments = [action, folder] + options
        // Files, not pipes: a server that keeps the script's output open would hold the reader.
        let answer = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data().write(to: answer)
        defer { unlink(answer.path) }
        let output = try FileHandle(forWritingTo: answer)
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try output.close()
        guard process.terminationStatus == 0 else {
            throw ServiceMissing(
                description: "scripts/services.d/\(service.name) \(action) ended with \(process.terminationStatus)")
        }
        return String(decoding: try Data(contentsOf: answer), as: UTF8.self)
    }
}
