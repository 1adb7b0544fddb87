import Glibc
import Testing

/// Where programs are. With EXHAUST_REQUIRE_SERVICES=1, as in CI, a missing one fails its test.
enum Programs {
    /// The program that is tested: it is built into the folder of the tests.
    static let exhaust: String = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let tests = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return tests.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/exhaust"
    }()

    /// The folder of the project.
    static let project: String = {
        // …/Tests/IntegrationTests/Support/Programs.swift
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
    }()

    static func tool(_ name: String) -> String { "\(project)/Tests/IntegrationTests/Tools/\(name)" }

    /// Where programs are looked for.
    static let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"

    static let requiresAll = getenv("EXHAUST_REQUIRE_SERVICES").map { String(cString: $0) } == "1"

    /// Runs any program to its end, with the environment of the tests but for the program's settings.
    static func run(
        _ name: String, _ arguments: [String], environment more: [String: String] = [:], folder: String = "/"
    ) async throws -> Outcome {
        var environment = ["LC_ALL": "C.UTF-8"]
        for variable in ["PATH", "HOME", "TMPDIR"] {
            if let value = getenv(variable) { environment[variable] = String(cString: value) }
        }
        return try await RunningProgram(
            name, arguments, environment: environment.merging(more) { $1 }, folder: folder, input: "/dev/null",
            name: name
        ).outcome()
    }

    /// Runs a script of Tools.
    static func python(_ script: String, _ arguments: [String]) async throws -> Outcome {
        try await run("python3", [tool(script)] + arguments)
    }

    static func python(_ script: String, _ arguments: String...) async throws -> Outcome {
        try await python(script, arguments)
    }

    /// Whether a program can be started and succeeds.
    static func answers(_ name: String, _ arguments: String...) async -> Bool {
        do { return try await run(name, arguments).status == 0 } catch { return false }
    }
}

extension Trait where Self == ConditionTrait {
    static var needs7z: Self {
        .enabled("7z is not installed") {
            if Programs.requiresAll { return true }
            return await Programs.answers("7z", "i")
        }
    }
    static var needsPython: Self {
        .enabled("python3 is not installed") {
            if Programs.requiresAll { return true }
            return await Programs.answers("python3", "-c", "import sqlite3, zlib")
        }
    }
    static var needsPyzipper: Self {
        .enabled("pyzipper is not installed for python3") {
            if Programs.requiresAll { return true }
            return await Programs.answers("python3", "-c", "import pyzipper")
        }
    }
}
