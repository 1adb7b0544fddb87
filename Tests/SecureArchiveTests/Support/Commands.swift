import Dispatch
import Foundation
import Testing

/// Other programs that must agree with our files. With EXHAUST_REQUIRE_SERVICES=1, as in CI, a missing one fails its test.
enum Commands {
    static let requiresAll = ProcessInfo.processInfo.environment["EXHAUST_REQUIRE_SERVICES"] == "1"
    static let has7z = answers("7z", ["i"])
    static let hasUnzip = answers("unzip", ["-v"])
    static let hasPython = answers("python3", ["-c", "import zipfile"])
    static let hasPyzipper = answers("python3", ["-c", "import pyzipper"])

    struct Result {
        let status: Int32
        let output: String
    }

    /// Runs a program to its end; its standard error goes with its output.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Result {
        // Waiting for a program on one of Swift's own threads would hold up every other test.
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "commands").async {
                continuation.resume(with: Swift.Result { try runBlocking(program, arguments, environment) })
            }
        }
    }

    private static func runBlocking(
        _ program: String, _ arguments: [String], _ environment: [String: String] = [:]
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        // Names and passwords are UTF-8 whatever the locale of the tests.
        let settings = environment.merging(["LC_ALL": "C.UTF-8"]) { given, _ in given }
        process.environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    /// One of the scripts in Tools/.
    static func python(_ script: String, _ arguments: [String], password: String? = nil) async throws -> Result {
        let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Tools/\(script)").path
        return try await run("python3", [tools] + arguments, environment: ["ARCHIVE_PASSWORD": password ?? ""])
    }

    static func test7z(_ path: String, password: String? = nil) async throws -> Result {
        try await run("7z", ["t", "-p\(password ?? "")", path])
    }

    private static func answers(_ program: String, _ arguments: [String]) -> Bool {
        do { return try runBlocking(program, arguments).status == 0 } catch { return false }
    }
}

extension Trait where Self == ConditionTrait {
    static var needs7z: Self { .enabled(if: Commands.has7z || Commands.requiresAll, "7z is not installed") }
    static var needsUnzip: Self { .enabled(if: Commands.hasUnzip || Commands.requiresAll, "unzip is not installed") }
    static var needsPython: Self {
        .enabled(if: Commands.hasPython || Commands.requiresAll, "python3 is not installed")
    }
    static var needsPyzipper: Self {
        .enabled(if: Commands.hasPyzipper || Commands.requiresAll, "pyzipper is not installed")
    }
}
