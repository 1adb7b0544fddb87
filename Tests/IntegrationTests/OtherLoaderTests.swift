import Glibc
import ReportModel
import ServiceTesting
import Testing

/// Tools that are not part of the project.
private let otherTools =
    getenv("EXHAUST_TEST_TOOLS").map { String(cString: $0) } ?? "\(Programs.project)/../shared/tools"

extension TheProgram {
    /// Stores that somebody else's loader filled and services that somebody else's stand-in answers for, so that a mistake in
    /// our own helpers shows.
    @Suite(
        .needsDeployment, .needsPython,
        .enabled(
            if: Programs.requiresAll || access(otherTools + "/load_stores.py", R_OK) == 0,
            "the independent loader is not there; EXHAUST_TEST_TOOLS names its folder"))
    struct OtherLoader {
        @Test(arguments: ["progress-exhaust", "response-exhaust", "userinfo-exhaust"])
        func `a deployment's stores give the cells that an import of the same data gives`(report: String) async throws {
            try await MixedDeployment.using { deployment in
                let scene = deployment.scene
                let embedded = try Scene(in: scene.folder, data: scene.path("embedded"))
                try await embedded.done("import", scene.path("sample"))
                let database = "\(try TestService.postgres.address()) options='-c search_path=\(deployment.schema)'"
                let loaded = try await Programs.run(
                    "python3",
                    [
                        otherTools + "/load_stores.py", scene.path("sample"), "--redis", deployment.redis.address,
                        "--postgres", database, "--table-prefix", "dev_",
                    ])
                try #require(loaded.status == 0, "\(loaded.errors)")
                // Everybody's own state again, in place of the one that our loader gives all.
                let stub = try RunningProgram(
                    "python3",
                    [
                        "-u", "-c", Self.tellingAddress, otherTools, scene.path("sample"), "--address", "127.0.0.1:0",
                        "--level", "PASSWORD_PROTECTED_DATASET",
                    ], environment: ["PATH": Programs.path], folder: "/", input: "/dev/null", name: "platform_stub.py")
                defer { stub.send(SIGKILL) }
                let address = try await stub.line { $0.hasPrefix("127.0.0.1:") }
                let real = try scene.with([
                    "EXHAUST_SERVICES_SEARCH_URL": "http://\(address)",
                    "EXHAUST_SERVICES_PREFERENCES_URL": "http://\(address)/private/v2/org/preferences/read",
                    "EXHAUST_SERVICES_ORGANISATIONS_URL": "http://\(address)/private/v2/org/search",
                ])
                let id = try await real.submit(report)
                try await real.done("work", "--once")
                let status = try await real.status(id)
                try #require(status["status"]?.text == "SUCCESS", "\(status.compactText)")
                let path = try #require(status["files"]?.elements?.first?["path"]?.text)
                let plain =
                    report == "userinfo-exhaust"
                    ? try await embedded.csv(report, more: "--plain-personal-data") : try await embedded.csv(report)
                #expect(try await deployment.file(path, holds: plain))
                #expect(!plain.isEmpty)
            }
        }

        /// The stand-in tells its address on standard output, which is not ours to read while it runs.
        private static let tellingAddress =
            "import sys; sys.stdout = sys.stderr; sys.path.insert(0, sys.argv.pop(1)); "
            + "import platform_stub; platform_stub.main()"
    }
}
