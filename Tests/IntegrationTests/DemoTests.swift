import Glibc
import ReportModel
import Testing

extension TheProgram {
    @Suite struct Demonstration {
        @Test(.needs7z) func `the demo ends with files that open by the very commands that it prints`() async throws {
            let scene = try Scene()
            // A folder whose name a shell would take apart.
            let folder = scene.path("a demo's folder")
            let demo = try await scene.start(
                Programs.exhaust, ["demo", "--no-serve", "--learners", "300", "--data", folder]
            )
            .outcome()
            #expect(demo.status == 0 && demo.errors.isEmpty, "\(demo.errors)")
            let lines = demo.text.split(separator: "\n").map { $0.drop { $0 == " " } }
            let commands = lines.filter { $0.hasPrefix("open it: ") }.map { String($0.dropFirst("open it: ".count)) }
            #expect(commands.count == 4)
            for command in commands {
                let opened = try await scene.start("sh", ["-c", command]).outcome()
                #expect(opened.status == 0, "\(command): \(opened.errors)")
            }
            let opened = Folder.files(below: scene.path("opened"))
            #expect(opened.filter { $0.hasSuffix("/receipt.json") }.count == 4 && opened.count == 12)
            for report in ["progress-exhaust", "response-exhaust", "userinfo-exhaust", "assessment-score-report"] {
                #expect(demo.text.contains("\(report): done in "))
                let receipt = try Receipt(Folder.read(scene.path("opened/\(report)/receipt.json")))
                let csv = try #require(opened.first { $0.hasPrefix(report) && $0.contains(Scene.batch) })
                let rows = try Folder.read(scene.path("opened/\(csv)"))
                #expect(receipt.enrolled == 300 && receipt.addsUp(csv: rows))
                for count in receipt.leftOut.values { #expect(demo.text.contains("left out: \(count), ")) }
            }
            let file = "\(folder)/demo-password"
            var status = stat()
            #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let password = String(decoding: try Folder.read(file).dropLast(), as: UTF8.self)
            try TestLogs.keepSecret(password, "the password of the demo")
            #expect(password.utf8.count == 27 && lines.contains { $0.hasPrefix("The password is  \(password) ") })
            let zips = lines.filter { $0.hasPrefix("or: ") }.map { String($0.dropFirst("or: ".count)) }
            #expect(zips.count == 4)
            let unzipped = try await scene.start("sh", ["-c", "\(zips[0]) -p\(password) -ounzipped"]).outcome()
            #expect(unzipped.status == 0 && Folder.files(below: scene.path("unzipped")).count == 3)
        }

        @Test func `the demo can be run again in its folder, by default one of its own`() async throws {
            let scene = try Scene()
            for _ in 0..<2 {
                let demo = try await scene.start(Programs.exhaust, ["demo", "--no-serve", "--learners", "50"]).outcome()
                #expect(demo.status == 0 && demo.text.contains("in ./exhaust-demo\n"), "\(demo.errors)")
            }
            #expect(Folder.files(below: scene.path("exhaust-demo/files")).count == 4)
            #expect(access(scene.path("exhaust-data"), F_OK) != 0)
        }

        @Test func `the demo's page, which asks nobody who they are, is for this machine alone`() async throws {
            let scene = try Scene()
            let demo = try await scene.start(Programs.exhaust, ["demo", "--listen", "0.0.0.0:0"]).outcome()
            #expect(demo.status == 1 && demo.errors.contains("can be reached from other machines"), "\(demo.errors)")
            #expect(access(scene.path("exhaust-demo"), F_OK) != 0)
        }

        @Test func `a sample is the same, byte for byte, for the same seed and another for another`() async throws {
            let scene = try Scene()
            var samples: [[String: [UInt8]]] = []
            for (name, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
                try await scene.done("sample", "--learners", "200", "--seed", seed, "--out", scene.path(name))
                samples.append(
                    try Dictionary(
                        uniqueKeysWithValues: Folder.files(below: scene.path(name)).map {
                            ($0, try Folder.read("\(scene.path(name))/\($0)"))
                        }))
            }
            #expect(samples[0].count == 13 && samples[0] == samples[1])
            #expect(samples[0]["user.jsonl.gz"] != samples[2]["user.jsonl.gz"])
            try await scene.done(
                "sample", "--learners", "200", "--seed", "7", "--uncompressed", "--out", scene.path("plain"))
            let unzipped = try await scene.start("sh", ["-c", "gunzip -c a/user.jsonl.gz"]).outcome()
            let plain = try Folder.read(scene.path("plain/user.jsonl"))
            #expect(plain == unzipped.output)
        }

        @Test func `the bench measures each report and its memory`() async throws {
            let scene = try Scene()
            let figures = try await scene.json("bench", "--learners", "500", "--work", scene.path("bench"))
            for name in [
                "sample", "import", "progress-exhaust", "response-exhaust", "userinfo-exhaust", "peakMemoryMiB",
            ] {
                let figure = try #require(figures[name]?.double)
                #expect(figure > 0, "\(name)")
            }
        }
    }
}
