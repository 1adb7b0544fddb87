import Glibc
import ReportModel
import Testing

extension TheProgram {
    @Suite struct Runs {
        private func words(_ report: String, batches: [String] = [Scene.batch]) -> [String] {
            ["run", report, "--channel", Scene.organisation] + batches.flatMap { ["--batch", $0] }
        }

        @Test func `a file holds the CSV that plain output gives, and nothing is left beside it`() async throws {
            let scene = try await Scene.withSample(settings: ["EXHAUST_PARTS_INMEMORYLEARNERS": "0"])
            for layout in ["documented", "sunbird"] {
                let plain = try await scene.csv("progress-exhaust", more: "--layout", layout)
                let out = scene.path("out-\(layout)")
                let made = try await scene.start(
                    words("progress-exhaust")
                        + ["--layout", layout, "--out", out, "--password-file", scene.passwordFile, "--json"]
                ).outcome()
                let files = try #require(try JSONValue(parsing: made.output)["files"]?.elements)
                #expect(files.count == 1 && files[0]["batchId"]?.text == Scene.batch)
                let path = try #require(files[0]["path"]?.text)
                #expect(Folder.files(below: out, hidden: true).map { "\(out)/\($0)" } == [path])
                let entries = try await scene.open(path)
                #expect(entries.contains { $0.value == plain })
                // Layout `sunbird` is for tools that expect the CSV alone; its receipt is in the answer.
                #expect(entries.count == (layout == "documented" ? 3 : 1))
                #expect(try Receipt(files[0]["receipt"]).addsUp(csv: plain))
            }
        }

        @Test func `plain CSV goes to a file, to standard output or to a device, with the same bytes`() async throws {
            let scene = try await Scene.withSample(learners: 30)
            let plain = try await scene.csv("response-exhaust")
            let file = scene.path("r.csv")
            #expect(try await scene.start(words("response-exhaust") + ["--csv", file]).outcome().status == 0)
            #expect(try Folder.read(file) == plain)
            var status = stat()
            #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let device = try await scene.start(words("response-exhaust") + ["--csv", "/dev/stdout"]).outcome()
            #expect(device.output == plain)
            let full = try await scene.start(words("response-exhaust") + ["--csv", "/dev/full"]).outcome()
            #expect(
                full.refuses(
                    1,
                    "/dev/full: cannot write it: No space left on device. "
                        + "Check the folder's mode and the space on its disk."))
            // Writing to a device must not put a file in its place.
            #expect(stat("/dev/full", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        }

        @Test func `pages, ranges, pieces and cores change no byte, in no report and layout`() async throws {
            let scene = try await Scene.withSample(learners: 700)
            let portions = [
                ["EXHAUST_PAGE_LEARNERS": "100"], ["EXHAUST_PAGE_LEARNERS": "5000", "EXHAUST_RANGE_LEARNERS": "5000"],
                ["EXHAUST_RANGE_LEARNERS": "37", "EXHAUST_RUN_PARALLELRANGES": "2", "EXHAUST_PAGE_LEARNERS": "10"],
                ["EXHAUST_RANGE_LEARNERS": "101", "EXHAUST_RUN_PARALLELRANGES": "1", "EXHAUST_PIECE_ROWS": "50"],
            ]
            for report in ["progress-exhaust", "response-exhaust", "userinfo-exhaust", "assessment-score-report"] {
                for layout in report == "assessment-score-report" ? ["documented"] : ["documented", "sunbird"] {
                    let usual = try await scene.csv(report, more: "--layout", layout, "--plain-personal-data")
                    #expect(Records.count(usual) > 100)
                    for portion in portions {
                        let csv = try await scene.with(portion).csv(
                            report, more: "--layout", layout, "--plain-personal-data")
                        #expect(csv == usual, "\(report) \(layout) \(portion)")
                    }
                }
            }
        }

        @Test func `requests give the same CSV with one worker or two, from memory or from stored parts`() async throws
        {
            let scene = try await Scene.withSample(learners: 700)
            let plain = try await scene.csv("progress-exhaust")
            let portions = [
                [:], ["EXHAUST_PAGE_LEARNERS": "100", "EXHAUST_RANGE_LEARNERS": "50"],
                ["EXHAUST_PARTS_INMEMORYLEARNERS": "0", "EXHAUST_RANGE_LEARNERS": "50", "EXHAUST_PIECE_ROWS": "20"],
            ]
            for (number, portion) in portions.enumerated() {
                let other = try scene.with(portion)
                // Different requesters, since equal requests would share one run.
                let ids = [
                    try await other.submit("progress-exhaust", tag: "a\(number)"),
                    try await other.submit("progress-exhaust", tag: "b\(number)", more: ["--fresh"]),
                ]
                try await other.done("work", "--once", "--workers", "\(number % 2 + 1)")
                for id in ids {
                    let entries = try await other.open(try other.file(of: try await other.status(id)))
                    #expect(entries.contains { $0.value == plain }, "\(portion)")
                }
            }
        }

        @Test func `a long report goes on in further files of the same archive, each with the header`() async throws {
            let scene = try await Scene.withSample(
                learners: 700, settings: ["EXHAUST_ARCHIVE_ROWSPERENTRY": "1500", "EXHAUST_RANGE_LEARNERS": "100"])
            let plain = try await scene.csv("response-exhaust")
            let id = try await scene.submit("response-exhaust")
            try await scene.done("work", "--once")
            let status = try await scene.status(id)
            let entries = try await scene.open(try scene.file(of: status))
            let names = entries.keys.filter { $0.contains("_part-") }.sorted()
            #expect(names.count > 2 && names[0].hasSuffix("_part-00001.csv") && names[1].hasSuffix("_part-00002.csv"))
            let header = try #require(plain.firstIndex(of: UInt8(ascii: "\n"))) + 1
            var joined = Array(plain[..<header])
            for name in names {
                let part = try #require(entries[name])
                #expect(part[..<header] == plain[..<header] && Records.count(part) <= 1501)
                joined += part[header...]
            }
            #expect(joined == plain)
            #expect(try Receipt(entries["receipt.json"]).hashes.count == names.count)
        }

        @Test func `several batches follow one another as CSV, and have a file each in a folder`() async throws {
            let scene = try await Scene.withSample()
            let batches = [Scene.batch, "sample-batch-2"]
            var plain: [[UInt8]] = []
            for batch in batches { plain.append(try await scene.csv("progress-exhaust", batch: batch)) }
            let both = try await scene.start(words("progress-exhaust", batches: batches) + ["--csv", "-"]).outcome()
            #expect(both.output == plain[0] + plain[1] && both.errors.isEmpty)

            let out = scene.path("out")
            let wanted = words("progress-exhaust", batches: batches + ["nobody's", "sample-batch-retired"])
            let made = try await scene.start(wanted + ["--out", out, "--password-file", scene.passwordFile]).outcome()
            #expect(made.text.contains("  note: 1, batch ids that no batch has\n"))
            #expect(made.text.contains("  note: 1, batches left out, because their collection is retired"))
            let names = Folder.files(below: out, hidden: true)
            #expect(names.count == 2)
            for (name, csv) in zip(names, plain) {
                #expect(try await scene.open("\(out)/\(name)").contains { $0.value == csv }, "\(name)")
            }
            let told = try await scene.start(wanted + ["--csv", "-"]).outcome()
            #expect(told.output == plain[0] + plain[1])
            #expect(told.errors.contains("exhaust: note: 1, batch ids that no batch has\n"))
        }

        @Test func `batches of one id in two collections get the collection into their file names`() async throws {
            let scene = try Scene()
            try await scene.done("import", "\(Programs.project)/Tests/Oracle/edge")
            let out = scene.path("out")
            try await scene.done(
                "run", "progress-exhaust", "--batch", "b-shared", "--channel", "org-main", "--out", out,
                "--password-file", scene.passwordFile)
            let names = Folder.files(below: out)
            #expect(names.count == 2)
            #expect(names[0].hasPrefix("b-shared_%23do_c5_progress_") && names[1].hasPrefix("b-shared_do_c4_progress_"))
        }

        @Test func `a content search finds the batches, from a file or standard input`() async throws {
            let scene = try await Scene.withSample()
            let search = scene.path("search.json")
            try Folder.write(#"{"request": {"filters": {"channel": "sample-org-1", "status": ["Live"]}}}"#, to: search)
            let command = ["run", "progress-exhaust", "--channel", Scene.organisation, "--csv", "-"]
            let found = try await scene.start(command + ["--search", search]).outcome()
            let batches = try await scene.start(
                words("progress-exhaust", batches: [Scene.batch, "sample-batch-2"]) + ["--csv", "-"]
            ).outcome()
            #expect(found.status == 0 && found.output == batches.output && !found.output.isEmpty)
            #expect(try await scene.start(command + ["--search", "-"], input: search).outcome().output == found.output)
            try Folder.write(#"{"request": {"filters": "#, to: search)
            let broken = try await scene.start(command + ["--search", search]).outcome()
            #expect(broken.refuses(1, "search \(search): line 1, column 25: expected a value, the text ends."))
        }

        @Test func `contact details do not go into plain CSV, nor into an open file`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let plain = try await scene.start(words("userinfo-exhaust") + ["--csv", "-"]).outcome()
            #expect(plain.output.isEmpty)
            #expect(
                plain.refuses(
                    1,
                    "userinfo-exhaust: it holds contact details, and plain CSV would not protect them. "
                        + "Use --out with a password, or --plain-personal-data if you answer for the CSV."))
            let open = try await scene.start(words("userinfo-exhaust") + ["--out", scene.path("out")]).outcome()
            #expect(
                open.refuses(
                    1, "userinfo-exhaust: it needs a password, and the request has none. Ask again with a password."))
            #expect(Folder.files(below: scene.path("out"), hidden: true).isEmpty)
        }
    }
}
