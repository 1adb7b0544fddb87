import Glibc
import ReportModel
import SQLiteAccess
import Testing

/// A fresh data folder and the program that works on it, as a user has them.
final class Scene: Sendable {
    /// What `exhaust sample` makes.
    static let batch = "sample-batch-1"
    static let organisation = "sample-org-1"
    static let password = "Geheim-7 ಪದ"

    /// Everything of the scene; goes with it.
    let folder: TemporaryFolder
    /// `--data` of every command.
    let data: String
    /// Settings of every command, by environment variable.
    let settings: [String: String]

    /// A scene without data; `data` names another data folder than that of the scene.
    init(settings: [String: String] = [:], in folder: TemporaryFolder? = nil, data: String? = nil) throws {
        self.folder = try folder ?? TemporaryFolder()
        self.settings = settings
        self.data = data ?? "\(self.folder.path)/data"
        try Folder.make(path("tmp"))
        try Folder.write(Self.password + "\n", to: passwordFile)
        try TestLogs.keepSecret(Self.password, "the password of the requests")
        // The first is a domain that others have too.
        for person in TheProgram.Secrecy.people.dropFirst() { try TestLogs.keepSecret(person, "a learner's name") }
    }

    /// A scene whose data folder holds a sample course.
    static func withSample(learners: Int = 150, settings: [String: String] = [:]) async throws -> Scene {
        let scene = try Scene(settings: settings)
        try await scene.done("sample", "--learners", "\(learners)", "--out", scene.path("sample"))
        try await scene.done("import", scene.path("sample"))
        return scene
    }

    /// As `withSample`, without archived attempts, which are in no table of a deployment.
    static func withoutArchive(learners: Int) async throws -> Scene {
        let scene = try Scene()
        let sample = scene.path("sample")
        try await scene.done("sample", "--learners", "\(learners)", "--out", sample)
        for file in Folder.files(below: sample) where file.hasPrefix("assessment_archive") {
            Folder.remove("\(sample)/\(file)")
        }
        try await scene.done("import", sample)
        return scene
    }

    /// The same data folder with other settings.
    func with(_ more: [String: String]) throws -> Scene {
        try Scene(settings: settings.merging(more) { $1 }, in: folder, data: data)
    }

    /// A path in the scene.
    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    var passwordFile: String { path("password") }

    /// Starts the program.
    func start(_ words: [String], input: String = "/dev/null") throws -> RunningProgram {
        let needsData = words.contains { !$0.hasPrefix("-") }
        return try start(Programs.exhaust, words + (needsData ? ["--data", data] : []), input: input)
    }

    /// Starts any program with the environment of the scene.
    func start(_ program: String, _ words: [String], input: String = "/dev/null") throws -> RunningProgram {
        try RunningProgram(
            program, words, environment: environment, folder: folder.path, input: input,
            name: ([program] + words.prefix(1)).joined(separator: " "))
    }

    /// Runs the program to its end.
    func exhaust(_ words: String..., input: String = "/dev/null") async throws -> Outcome {
        try await start(words, input: input).outcome()
    }

    /// Runs the program, which has to succeed.
    @discardableResult
    func done(
        _ words: String..., input: String = "/dev/null", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        let outcome = try await start(words, input: input).outcome()
        try #require(
            outcome.status == 0, "\(words.joined(separator: " ")): \(outcome.errors)", sourceLocation: sourceLocation)
        return outcome
    }

    /// Runs the program with `--json`, which has to succeed, and reads what it says.
    func json(_ words: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> JSONValue {
        let outcome = try await start(words + ["--json"]).outcome()
        try #require(
            outcome.status == 0, "\(words.joined(separator: " ")): \(outcome.errors)", sourceLocation: sourceLocation)
        return try JSONValue(parsing: outcome.output)
    }

    /// Runs the program beside `body`; it is gone afterwards, whatever happens.
    @discardableResult
    func running<Value: Sendable>(
        _ words: String..., body: (RunningProgram) async throws -> Value
    ) async throws -> Value {
        let program = try start(words)
        do {
            let value = try await body(program)
            program.send(SIGKILL)
            _ = await program.outcome()
            return value
        } catch {
            program.send(SIGKILL)
            _ = await program.outcome()
            throw error
        }
    }

    private var environment: [String: String] {
        ["PATH": Programs.path, "LC_ALL": "C.UTF-8", "HOME": folder.path, "TMPDIR": self.path("tmp")]
            .merging(settings) { $1 }
    }
}

extension Scene {
    /// Files a request and answers with its id.
    func submit(
        _ report: String, batch: String = batch, tag: String = "tag", by user: String = "admin-1",
        more: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let words = [
            "submit", report, "--batch", batch, "--channel", Self.organisation, "--by", user, "--tag", tag,
            "--password-file", passwordFile, "--json",
        ]
        let outcome = try await start(words + more).outcome()
        try #require(outcome.status == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
        return try #require(
            try JSONValue(parsing: outcome.output)["requestId"]?.text, sourceLocation: sourceLocation)
    }

    /// Stops a worker with SIGSTOP while this test holds the lock of the job table: one that is stopped in the middle of a
    /// write keeps all others from writing until it goes on.
    func hold(_ worker: RunningProgram) throws {
        try Database(path: "\(data)/jobs.db", options: DatabaseOptions(busyMilliseconds: 10_000)).transaction {
            worker.send(SIGSTOP)
            while try !worker.isStopped { sched_yield() }
        }
    }

    /// The request as `exhaust status --json` tells it.
    func status(_ id: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> JSONValue {
        try await json("status", id, sourceLocation: sourceLocation)
    }

    /// Waits until a request has ended that no worker ends, so that no log tells of it: looks, a bounded number of times.
    func untilEnded(_ id: String) async throws {
        for _ in 0..<1_000 {
            let status = try await status(id)["status"]?.text ?? ""
            if ["SUCCESS", "FAILED", "CANCELLED"].contains(status) { return }
        }
        throw TestFailure("request \(id) did not end")
    }

    /// The only file of a request, as a path.
    func file(of status: JSONValue, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let files = status["files"]?.elements ?? []
        try #require(files.count == 1, sourceLocation: sourceLocation)
        return "\(data)/files/\(try #require(files[0]["path"]?.text, sourceLocation: sourceLocation))"
    }

    /// Opens a file into a new folder and answers with the bytes of each of its entries by name.
    func open(
        _ file: String, into name: String = "opened", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String: [UInt8]] {
        let target = path(name)
        Folder.remove(target)
        try await done(
            "open", file, "--password-file", passwordFile, "--out", target, sourceLocation: sourceLocation)
        return try Dictionary(
            uniqueKeysWithValues: Folder.files(below: target).map { ($0, try Folder.read("\(target)/\($0)")) })
    }

    /// The CSV of a batch as `exhaust run --csv -` writes it.
    func csv(
        _ report: String, batch: String = batch, more: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [UInt8] {
        let words = ["run", report, "--batch", batch, "--channel", Self.organisation, "--csv", "-"]
        let outcome = try await start(words + more).outcome()
        try #require(outcome.status == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
        return outcome.output
    }
}

extension Outcome {
    /// Whether the program refused with this status and exactly this message.
    func refuses(_ status: Int32 = 1, _ message: String) -> Bool {
        self.status == status && errors == "exhaust: \(message)\n"
    }
}
