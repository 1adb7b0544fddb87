import Glibc
import HTTPServer
import JobLifecycle
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import SQLiteLearners
import SampleData
import SecureArchive
import Settings
import Synchronization

/// `exhaust demo`
enum DemoCommand {
    private static let learners = Parameter.option("learners", "N", "Learners of the sample course; 5000 otherwise.")
    private static let noServe = Parameter.flag("no-serve", "End when the reports are made, without serving the page.")
    private static let listen = Parameter.option(
        "listen", "ADDRESS", "IP address and port of the page; the setting http.listen otherwise, or a free port.")
    /// Where the demo lives unless a folder is named: never in the folder of real data by accident.
    private static let folder = "./exhaust-demo"

    static let command = Command(
        "demo", summary: "Makes a sample course and its reports, shows how to open them, and serves the web page.",
        details: """
            The data folder is \(folder) unless one is named. The page is for this machine alone and needs no sign-in; \
            Ctrl-C ends it.
            """, parameters: [learners, noServe, listen]
    ) { arguments, console in
        let composition = try Composition(
            arguments.naming(CommonOptions.data, otherwise: folder), console, logging: .warning,
            settings: ["access.demo": "true"])
        let server = arguments.has(noServe) ? nil : try options(composition, listen: arguments.value(listen))
        let data = try composition.newFolder()
        guard access(data.learners, F_OK) != 0 || access("\(data.path)/demo-password", F_OK) == 0 else {
            throw ExhaustError(
                .conflict, "data folder \(data.path): it holds data that no demo made",
                remedy: "Name a new folder with --data.", mender: .operator)
        }
        let count = try arguments.number(learners, 1...10_000_000) ?? 5_000
        try await StopSignals.cancelling {
            try console.print("Making a course of \(HumanText.count(count)) learners in \(data.path)\n")
            let sample = "\(data.path)/sample"
            _ = try DataFolder.create(sample)
            _ = try await SampleCommand.write(SampleOptions(learners: count), to: sample, composition)
            let imported = try await Importer(folder: sample, store: data.learners).run(now: composition.clock.now())
            try console.print("Imported \(HumanText.count(imported.rows)) rows\n\n")
            let password = try DemoPassword.open("\(data.path)/demo-password")
            try await composition.service(in: data).closing { service in
                try await makeReports(service, composition, data, password, console)
                try console.print("The password is  \(password.text)  (also in \(password.path))\n")
                guard let server else { return }
                let serving = Serving(
                    service: service, composition: composition, folder: data, options: server, parallelRequests: 0)
                try await serving.run { address in
                    try console.print("\nThe page is at  \(address)  (no sign-in; Ctrl-C ends it)\n")
                }
            }
        }
        return .success
    }

    /// The address that was asked for; or that of the settings, or where another program has taken that, a free port.
    private static func options(_ composition: Composition, listen: String?) throws -> HTTPServerOptions {
        var options = try composition.serverOptions(listen: listen)
        guard options.listen.isLoopback else {
            throw ExhaustError(
                .refused, "demo: \(options.listen) can be reached from other machines, and nobody has to sign in",
                remedy: "Name an address of this machine, such as --listen 127.0.0.1:8080.")
        }
        if listen == nil, !options.listen.isFree {
            options.listen = try ListenAddress(parsing: "127.0.0.1:0")
        }
        return options
    }

    private static func makeReports(
        _ service: Service, _ composition: Composition, _ folder: DataFolder, _ password: DemoPassword,
        _ console: Console
    ) async throws {
        var keys: [RequestKey] = []
        for report in composition.registry.reports {
            let answer = try await service.submitting.submit(
                RequestWish(
                    report: report.id, config: DatasetConfig(selection: .batch(SampleData.batch.batch)),
                    channel: SampleData.organisation, requestedBy: "demo-admin",
                    tag: "\(SampleData.batch.collection)_\(SampleData.batch.batch)",
                    password: try Password(password.text), isFresh: true))
            keys.append(answer.request.key)
        }
        let line = RunProgressLine(console: console, clock: composition.clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await line.show() }
            try await service.worker(observer: line.observer).run(.once)
            group.cancelAll()
        }
        for key in keys {
            guard let stored = try await service.ports.jobs.request(key.requestID, tag: key.tag) else { continue }
            try show(stored, folder, password, console)
        }
    }

    private static func show(
        _ stored: StoredRequest, _ folder: DataFolder, _ password: DemoPassword, _ console: Console
    ) throws {
        let seconds = Double(stored.request.executionMilliseconds ?? 0) / 1000
        try console.print("\(stored.request.reportID): \(RequestView(request: stored.request, run: stored.run).state)")
        guard stored.request.status == .success else {
            throw ExhaustError(
                .internalFault,
                "demo: \(stored.request.reportID) ended as \(stored.request.status.rawValue): "
                    + (stored.request.errorMessage ?? "without a reason"))
        }
        try console.print(" in \(HumanText.duration(seconds))\n")
        for file in stored.run?.files ?? [] {
            let path = "\(folder.files)/\(file.path)"
            try console.print("  \(path)  \(HumanText.size(file.fileBytes))\n")
            try console.print(ReceiptText.text(try JSONValue(parsing: file.receipt), indent: "  "))
            let command = [
                CommandLine.arguments.first ?? "exhaust", "open", path, "--password-file", password.path, "--out",
                "opened/\(stored.request.reportID)",
            ]
            try console.print(
                "  open it: \(HumanText.shellLine(command))\n      or: \(HumanText.shellLine(["7z", "x", path]))\n\n")
        }
    }
}

extension ListenAddress {
    /// Whether no other program listens there now. Anything but "in use" is left to the server, which tells it better.
    fileprivate var isFree: Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return true }
        defer { close(socket) }
        var reuse: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return true }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return bound == 0 || errno != EADDRINUSE
    }
}

/// A receipt in words.
enum ReceiptText {
    static func text(_ receipt: JSONValue, indent: String) -> String {
        let counts = receipt["counts"]
        var lines = [
            "\(HumanText.count(counts?["rows"]?.integer ?? 0)) rows of "
                + "\(HumanText.count(counts?["reported"]?.integer ?? 0)) of "
                + "\(HumanText.count(counts?["enrolled"]?.integer ?? 0)) learners"
        ]
        for (member, word) in [("leftOut", "left out"), ("findings", "note")] {
            for entry in receipt[member]?.elements ?? [] {
                lines.append(
                    "\(word): \(HumanText.count(entry["count"]?.integer ?? 0)), \(entry["meaning"]?.text ?? "")")
            }
        }
        return lines.map { indent + $0 + "\n" }.joined()
    }
}

/// The password of the demo's files: made once a folder, kept in a file that only its owner can read.
struct DemoPassword: Sendable {
    let text: String
    let path: String

    static func open(_ path: String) throws -> DemoPassword {
        if access(path, F_OK) == 0 { return DemoPassword(text: try TextFile.password(path), path: path) }
        // 120 bits: five groups of letters and digits that cannot be taken for one another.
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let letters = try RandomBytes.make(count: 24).map { alphabet[Int($0 & 31)] }
        let text = stride(from: 0, to: 24, by: 6).map { String(letters[$0..<$0 + 6]) }.joined(separator: "-")
        let file = try PlainFile(path)
        try file.write(Array((text + "\n").utf8))
        try file.publish()
        return DemoPassword(text: text, path: path)
    }
}

extension Arguments {
    /// The same arguments with a value for `parameter` if none was given: also in place of what the environment says.
    fileprivate func naming(_ parameter: Parameter, otherwise value: String) -> Arguments {
        if has(parameter) { return self }
        var copy = self
        copy.add(value, to: parameter)
        return copy
    }
}
