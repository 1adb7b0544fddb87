import Glibc
import ReportModel
import Testing

extension TheProgram {
    /// What cannot be done is refused with its reason and what to do, and nothing is lost.
    @Suite struct BadInput {
        private static let report = ["progress-exhaust", "--channel", Scene.organisation]
        private static let request = ["submit"] + report + ["--by", "me", "--tag", "t"]

        @Test func `requests that cannot be met are refused at once, and none is filed`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            try Folder.write("", to: scene.path("empty"))
            let missing = scene.path("missing")
            let refusals = [
                (["--batch", "nope"], "No data found: no batch has the id nope. Check the batch ids or the search."),
                (
                    ["--batch", "sample-batch-retired"],
                    "The request is made for retired collection. "
                        + "Ask for a batch of a collection whose status is Live or Unlisted."
                ),
                (
                    ["--batch", Scene.batch, "--password-file", missing],
                    "file \(missing): it cannot be read: No such file or directory. Check the path."
                ),
                (
                    ["--batch", Scene.batch, "--password-file", scene.path("empty")],
                    "password file \(scene.path("empty")): its first line is no password. "
                        + "Write the password, in UTF-8, into the first line."
                ),
                (
                    ["--batch", Scene.batch, "--channel=" + String(repeating: "c", count: 51)],
                    "--channel: given twice."
                ),
            ]
            for (words, message) in refusals {
                let outcome = try await scene.start(Self.request + words).outcome()
                #expect(outcome.status == (message.contains("twice") ? 2 : 1))
                #expect(outcome.errors.hasPrefix("exhaust: \(message)") && outcome.output.isEmpty, "\(outcome.errors)")
            }
            for words in refusals.prefix(2).map(\.0) {
                let run = try await scene.start(["run"] + Self.report + ["--csv", "-"] + words).outcome()
                #expect(run.status == 1 && run.output.isEmpty)
            }
            let unknown = try await scene.exhaust("run", "no-report", "--batch", "b", "--channel", "c", "--csv", "-")
            #expect(
                unknown.refuses(
                    1,
                    "report no-report: there is no such report. Known reports are progress-exhaust, response-exhaust, "
                        + "userinfo-exhaust, assessment-score-report."))
            #expect(try await scene.json("list")["count"]?.integer == 0)
        }

        @Test func `a command line that cannot be understood ends with 2 and says what was meant`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let batch = ["--batch", Scene.batch]
            let mistakes: [([String], String)] = [
                (["sumbit"], "sumbit: there is no such command. Did you mean submit?"),
                (["--frob"], "--frob: the command comes first. Write `exhaust COMMAND --frob …`."),
                (
                    Self.request + batch + ["--layuot", "x"],
                    "--layuot: there is no such option of `exhaust submit`. Did you mean --layout?"
                ),
                (
                    Self.request + batch + ["--layout", "sunbrid"],
                    "--layout: `sunbrid` is not one of documented, sunbird. Did you mean sunbird?"
                ),
                (
                    Self.request + batch + ["--search", "x"],
                    "--batch and --search: they exclude each other. Give one of --batch or --search."
                ),
                (
                    Self.request,
                    "--batch or --search: one of them is missing from `exhaust submit`. See `exhaust submit --help`."
                ),
                (
                    ["run"] + Self.report + batch + ["--csv", "-", "--out", "x"],
                    "--out and --csv: they exclude each other. Give one of --out or --csv."
                ),
                (["list", "--tag", "t"], "--tag: it needs --channel. A tag belongs to a channel; name both."),
                (
                    ["work", "--workers", "many"],
                    "--workers: `many` is no whole number from 1 to 64."
                ),
            ]
            for (words, message) in mistakes {
                let outcome = try await scene.start(words).outcome()
                #expect(outcome.refuses(2, message), "\(outcome.status) \(outcome.errors)")
                #expect(outcome.output.isEmpty)
            }
            let nothing = try await scene.start([]).outcome()
            #expect(nothing.status == 2 && nothing.errors.hasPrefix("Usage: exhaust COMMAND"))
        }

        @Test func `every command explains itself`() async throws {
            let scene = try Scene()
            let overview = try await scene.exhaust("--help")
            #expect(overview.status == 0 && overview.errors.isEmpty)
            let commands = overview.text.split(separator: "\n").compactMap { line -> String? in
                guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
                return line.split(separator: " ").first.map(String.init)
            }
            #expect(commands.count == 25)
            for command in commands {
                let help = try await scene.exhaust(command, "--help")
                #expect(help.status == 0 && help.text.hasPrefix("Usage: exhaust \(command)"), "\(command)")
                #expect(try await scene.exhaust("help", command).text == help.text, "\(command)")
            }
            #expect(try await scene.done("help", "settings").text.contains("EXHAUST_LEASE_SECONDS"))
            #expect(access(scene.data, F_OK) != 0)
        }

        @Test func `a setting that nobody knows stops the start, with what was meant`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let file = scene.path("settings.json5")
            try Folder.write("{csv: {dialekt: 'spark'}}", to: file)
            let byFile = try await scene.exhaust("list", "--config", file)
            #expect(
                byFile.refuses(
                    1,
                    "setting csv.dialekt (settings file \(file)): there is no such setting. Did you mean csv.dialect?"))
            let refusals = [
                (
                    "EXHAUST_CSV_DIALEKT", "spark",
                    "environment variable EXHAUST_CSV_DIALEKT: there is no such setting. Did you mean EXHAUST_CSV_DIALECT?"
                ),
                (
                    "EXHAUST_FROBNICATE", "1",
                    "environment variable EXHAUST_FROBNICATE: there is no such setting. `exhaust help settings` lists all of them."
                ),
                (
                    "EXHAUST_ZIP_LEVEL", "9",
                    "setting zip.level (environment variable EXHAUST_ZIP_LEVEL): `9` is not right; it has to be whole number, 0 to 3. Correct it, or leave it out. The default is 1."
                ),
            ]
            for (variable, value, message) in refusals {
                let outcome = try await scene.with([variable: value]).exhaust("list")
                #expect(outcome.refuses(1, message), "\(outcome.errors)")
            }
            try Folder.write("{zip: {encryption: 'zipcrypto'}}", to: file)
            let unwise = try await scene.exhaust("list", "--config", file)
            #expect(unwise.status == 0 && unwise.errors.contains("unwise-setting"))
        }

        @Test func `a bad line changes nothing, and is named with file, line and reason`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let before = try Folder.read("\(scene.data)/learners.db")
            let bad = scene.path("bad")
            try Folder.make(bad)
            let good = #"{"identifier":"do_new","name":"New","status":"Live"}"# + "\n"
            let faults: [(String, [UInt8], String)] = [
                (
                    "content.jsonl", Array((good + "{\"identifier\":\n").utf8),
                    "import of content.jsonl, line 2: column identifier: it ends inside a JSON value. "
                        + "Mend that line and import again; nothing has been changed."
                ),
                (
                    "content.jsonl", Array((good + good + "{\"name\":\"x\"}\n").utf8),
                    "import of content.jsonl, line 3: column identifier: it is part of the key and has no value. "
                        + "Mend that line and import again; nothing has been changed."
                ),
                (
                    "user_enrolments.jsonl",
                    Array("{\"userid\":\"a\",\"courseid\":\"c\",\"batchid\":\"b\",\"enrolled_date\":\"hm\"}\n".utf8),
                    "import of user_enrolments.jsonl, line 1: column enrolled_date: a date or a time is expected, such as "
                        + "2020-08-25T13:45:54.150Z. Mend that line and import again; nothing has been changed."
                ),
                (
                    "user.jsonl.gz", Array(try Folder.read(scene.path("sample/user.jsonl.gz")).prefix(300)),
                    "import of \(bad)/user.jsonl.gz: it ends too early. Copy or make the file again."
                ),
            ]
            for (name, bytes, message) in faults {
                // A good table before it must not get in either.
                try Folder.write(#"{"courseid":"do_new","batchid":"new"}"# + "\n", to: "\(bad)/course_batch.jsonl")
                try Folder.write(bytes, to: "\(bad)/\(name)")
                let outcome = try await scene.exhaust("import", bad)
                #expect(outcome.refuses(1, message), "\(outcome.errors)")
                unlink("\(bad)/\(name)")
                #expect(try Folder.read("\(scene.data)/learners.db") == before, "\(name)")
                #expect(Folder.names(in: scene.data, hidden: true) == ["learners.db", "learners.db.lock"])
            }
            Folder.remove(bad)
            let missing = try await scene.exhaust("import", bad)
            #expect(
                missing.refuses(
                    1, "import of \(bad): No such file or directory. Name a folder that exists and can be read."))
        }

        @Test func `a folder that cannot be used is named, for data and for results`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            // The owner of everything is not stopped by modes, but nobody makes a folder below a file.
            let below = scene.passwordFile + "/below"
            let remedy = "Check the folder's owner, mode and disk, or name another with --data."
            let other = try Scene(in: scene.folder, data: below)
            let imported = try await other.exhaust("import", scene.path("sample"))
            #expect(imported.refuses(1, "data folder \(below): cannot make it: Not a directory. \(remedy)"))
            let run = ["run"] + Self.report + ["--batch", Scene.batch]
            let out = try await scene.start(run + ["--out", below, "--password-file", scene.passwordFile]).outcome()
            #expect(
                out.status == 1
                    && out.errors.hasPrefix("exhaust: data folder \(below): cannot make it: Not a directory."))
            let csv = try await scene.start(run + ["--csv", below]).outcome()
            #expect(
                csv.refuses(
                    1, "\(below): cannot write it: Not a directory. Check the folder's mode and the space on its disk.")
            )
            let absent = try Scene(in: scene.folder, data: scene.path("absent"))
            let list = try await absent.exhaust("list")
            #expect(
                list.refuses(
                    1,
                    "data folder \(absent.data): it does not exist. Import data first (exhaust import DIR --data "
                        + "\(absent.data)), or name another with --data or EXHAUST_DATA."))
            #expect(access(absent.data, F_OK) != 0)
        }

        @Test(.needsPython) func `a store from a newer version is left as it is`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let id = try await scene.submit("progress-exhaust")
            for (name, known) in [("jobs.db", 5), ("learners.db", 2)] {
                let path = "\(scene.data)/\(name)"
                #expect(try await Programs.python("jobs.py", "version", path, "99").status == 0)
                let before = try Folder.read(path)
                let store = name == "jobs.db" ? "job store" : "learner store"
                let message =
                    "\(store) \(path): it was written by a newer version (schema 99, known \(known)). "
                    + "Use that version of exhaust, or restore a backup made before the upgrade."
                var outcomes = [try await scene.exhaust("work", "--once")]
                if name == "learners.db" { outcomes.append(try await scene.exhaust("import", scene.path("sample"))) }
                for outcome in outcomes { #expect(outcome.refuses(1, message), "\(outcome.errors)") }
                #expect(try Folder.read(path) == before)
                #expect(try await Programs.python("jobs.py", "version", path, "\(known)").status == 0)
            }
            try await scene.done("work", "--once")
            #expect(try await scene.status(id)["status"]?.text == "SUCCESS")
        }
    }
}
