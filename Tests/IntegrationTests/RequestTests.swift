import Glibc
import ReportModel
import Testing

extension TheProgram {
    @Suite struct Requests {
        private static let reports = ["progress-exhaust", "response-exhaust", "userinfo-exhaust"]

        @Test func `three reports are asked for, made by one worker, and opened`() async throws {
            let scene = try await Scene.withSample()
            var ids: [String: String] = [:]
            for report in Self.reports { ids[report] = try await scene.submit(report) }
            let waiting = try await scene.json("list")
            #expect(waiting["count"]?.integer == 3)
            #expect(
                waiting["jobs"]?.elements?.compactMap { $0["status"]?.text } == ["SUBMITTED", "SUBMITTED", "SUBMITTED"])

            let worked = try await scene.done("work", "--once")
            #expect(worked.text.isEmpty)
            for report in Self.reports {
                let id = try #require(ids[report])
                let status = try await scene.status(id)
                #expect(status["status"]?.text == "SUCCESS" && status["attempts"]?.integer == 0)
                let entries = try await scene.open(try scene.file(of: status))
                let csv = try #require(entries.first { $0.key.hasSuffix(".csv") && $0.key != "dictionary.csv" })
                let plain = try await scene.csv(report, more: "--plain-personal-data")
                #expect(csv.value == plain, "\(report): the file and `run --csv -` differ")
                #expect(Set(entries.keys) == [csv.key, "receipt.json", "dictionary.csv"])
                #expect(try Receipt(entries["receipt.json"]) == Receipt(status["receipt"]?["batches"]?.elements?.first))
                #expect(try Receipt(entries["receipt.json"]).addsUp(csv: csv.value))
            }
        }

        @Test func `status and list tell people what they tell programs`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let id = try await scene.submit("progress-exhaust")
            #expect(try await scene.done("status", id).text.contains("state      waits, next in line\n"))
            try await scene.done("work", "--once")
            let status = try await scene.status(id)
            let text = try await scene.done("status", id).text
            #expect(
                text.hasPrefix(
                    "request    \(id)\nreport     progress-exhaust\ntag        tag:sample-org-1\nstate      done\n"))
            #expect(text.contains("file       \(try scene.file(of: status))  "))
            let list = try await scene.done("list", "--tag", "tag", "--channel", Scene.organisation).text
            #expect(list.split(separator: "\n").count == 2 && list.contains(id) && list.contains("done"))
            #expect(try await scene.json("list", "--channel", "nobody")["count"]?.integer == 0)
            let other = try await scene.exhaust("status", "no-such-id")
            #expect(
                other.refuses(1, "request no-such-id: there is none. `exhaust list` shows the ids of all requests."))
        }

        @Test(.needs7z, .needsPyzipper) func `7-Zip and pyzipper open the file, and a wrong password opens nothing`()
            async throws
        {
            let scene = try await Scene.withSample()
            let id = try await scene.submit("userinfo-exhaust")
            try await scene.done("work", "--once")
            let file = try scene.file(of: await scene.status(id))
            let tested = try await Programs.run("7z", ["t", "-p\(Scene.password)", file])
            #expect(tested.status == 0 && tested.text.contains("Everything is Ok") && tested.text.contains("Files: 3"))
            #expect(try await Programs.run("7z", ["t", "-pwrong", file]).status == 2)
            #expect(try await Programs.python("unzip_aes.py", file, Scene.password, scene.path("unzipped")).status == 0)
            #expect(try await Programs.python("unzip_aes.py", file, "wrong", scene.path("nothing")).status == 3)
            for (name, bytes) in try await scene.open(file) {
                #expect(try Folder.read("\(scene.path("unzipped"))/\(name)") == bytes, "\(name)")
            }
            try Folder.write("wrong\n", to: scene.path("wrong"))
            let refused = try await scene.exhaust(
                "open", file, "--password-file", scene.path("wrong"), "--out", scene.path("refused"))
            #expect(refused.status == 1 && refused.errors.contains("password"))
            #expect(Folder.files(below: scene.path("refused"), hidden: true).isEmpty)
        }

        @Test func `the same request twice is one, and --fresh makes its file anew`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let id = try await scene.submit("progress-exhaust")
            #expect(try await scene.submit("progress-exhaust") == id)
            #expect(try await scene.json("list")["count"]?.integer == 1)
            try await scene.done("work", "--once")
            let first = try scene.file(of: await scene.status(id))
            let firstBytes = try Folder.read(first)
            let words = [
                "submit", "progress-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--by",
                "admin-1",
                "--tag", "tag", "--password-file", scene.passwordFile,
            ]
            let again = try await scene.start(words).outcome()
            #expect(again.text == "\(id)  is done already; --fresh makes it anew\n")
            #expect(try await scene.start(words + ["--fresh"]).outcome().text == "\(id)  filed again\n")
            // The old file stays until the new one is there.
            #expect(try Folder.read(first) == firstBytes)
            try await scene.done("work", "--once")
            let second = try scene.file(of: await scene.status(id))
            // A fresh salt makes other bytes of the same rows.
            #expect(second == first)
            #expect(try Folder.read(second) != firstBytes)
        }

        @Test func `the same request with another password starts afresh, and the file takes the new one`() async throws
        {
            let scene = try await Scene.withSample(learners: 20)
            let id = try await scene.submit("progress-exhaust")
            try await scene.done("work", "--once")
            try Folder.write("another\n", to: scene.path("another"))
            let words = [
                "submit", "progress-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--by",
                "admin-1",
                "--tag", "tag", "--password-file", scene.path("another"),
            ]
            #expect(try await scene.start(words).outcome().text == "\(id)  filed again\n")
            try await scene.done("work", "--once")
            let file = try scene.file(of: await scene.status(id))
            let old = try await scene.exhaust(
                "open", file, "--password-file", scene.passwordFile, "--out", scene.path("old"))
            #expect(old.status == 1)
            try await scene.done("open", file, "--password-file", scene.path("another"), "--out", scene.path("new"))
        }

        @Test func `a request that waits can be called off, one that is done cannot`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let waiting = try await scene.submit("progress-exhaust")
            #expect(try await scene.done("cancel", waiting).text == "\(waiting)  cancelled\n")
            try await scene.done("work", "--once")
            #expect(try await scene.status(waiting)["status"]?.text == "CANCELLED")
            #expect(Folder.files(below: "\(scene.data)/files").isEmpty)
            let done = try await scene.submit("response-exhaust")
            try await scene.done("work", "--once")
            let refused = try await scene.exhaust("cancel", done)
            #expect(
                refused.status == 1 && refused.errors.contains("Only requests that have not ended can be cancelled."))
            #expect(try await scene.status(done)["status"]?.text == "SUCCESS")
        }

        @Test(.needsPython) func `a row that another program left in PROCESSING waits for adopt`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let id = try await scene.submit("progress-exhaust")
            #expect(try await Programs.python("jobs.py", "strand", "\(scene.data)/jobs.db", id).status == 0)
            try await scene.done("work", "--once")
            #expect(try await scene.status(id)["status"]?.text == "PROCESSING")
            let stranded = try await scene.done("doctor").text
            #expect(
                stranded.contains("unwise  stranded requests: 1 in PROCESSING that no worker of ours took: \(id)\n"))
            #expect(try await scene.done("adopt").text == "\(id)  progress-exhaust  waits now\n")
            #expect(try await scene.done("adopt").text == "nothing to adopt\n")
            try await scene.done("work", "--once")
            #expect(try await scene.status(id)["status"]?.text == "SUCCESS")
        }

        @Test(.needsPython) func `requests for reports of other programs are left alone`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let id = try await scene.submit("progress-exhaust")
            let jobs = "\(scene.data)/jobs.db"
            #expect(try await Programs.python("jobs.py", "rename", jobs, id, "druid-dataset").status == 0)
            try await scene.done("work", "--once")
            #expect(try await scene.status(id)["status"]?.text == "SUBMITTED")
            #expect(try await Programs.python("jobs.py", "strand", jobs, id).status == 0)
            #expect(!(try await scene.done("doctor").text.contains("stranded requests")))
            #expect(try await scene.done("adopt").text == "nothing to adopt\n")
            #expect(try await scene.status(id)["status"]?.text == "PROCESSING")
        }

        @Test func `files past their time are removed, rows and receipts stay`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let id = try await scene.submit("progress-exhaust")
            try await scene.done("work", "--once")
            let file = try scene.file(of: await scene.status(id))
            #expect(try await scene.json("expire")["expiredRequests"]?.integer == 0)
            #expect(access(file, F_OK) == 0)
            #expect(try await scene.json("expire", "--days", "0")["expiredRequests"]?.integer == 1)
            #expect(access(file, F_OK) != 0)
            let status = try await scene.status(id)
            #expect(status["status"]?.text == "SUCCESS" && status["files"]?.elements?.isEmpty == true)
            #expect(status["expired"]?.bool == true)
            #expect(try await scene.done("status", id).text.contains("state      done, its files have expired"))
            #expect(status["receipt"]?["batches"]?.elements?.count == 1)
            #expect(try await scene.done("doctor").status == 0)
        }
    }
}
