import JobLifecycle
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import ReportTesting
import Testing

/// What programs of upstream's submit, and what becomes of it.
@Suite struct DatasetSubmittingTests {
    private let scene: ServiceScene

    init() throws { scene = try ServiceScene(CourseTables.make()) }

    private func submitting(_ settings: ServiceSettings? = nil) -> Submitting {
        Submitting(ports: scene.ports(), settings: settings ?? scene.settings, master: scene.master)
    }

    private func wish(
        _ config: String, dataset: String = "progress-exhaust", key: String? = "correct horse", tag: String = "client-1"
    ) throws -> DatasetWish {
        DatasetWish(
            dataset: dataset, config: try JSONValue(parsing: config), channel: "org-1", requestedBy: "admin-1",
            tag: tag,
            key: key)
    }

    private func submit(_ wish: DatasetWish, _ settings: ServiceSettings? = nil) async throws -> SubmissionAnswer {
        let submitting = submitting(settings)
        return try await submitting.submit(wish, madeBy: try submitting.maker(of: wish.dataset, isAdded: false))
    }

    private func batches(_ key: RequestKey) async throws -> [String] {
        try await scene.stored(key).request.processedBatches.map(\.batchID)
    }

    @Test(arguments: [
        (
            #"{"contentFilters":{"request":{"filters":{"identifier":["do_course","do_open"]}}},"batchFilters":["b1","org-2"]}"#,
            ["b1", "b3", "b9"]
        ),
        (#"{"batchFilters":["b2","org-2"]}"#, ["b2", "b3", "b9"]),
        (#"{"batchFilters":{"ids":["b2"],"channels":[]}}"#, ["b2"]),
        (#"{"batchFilters":{"ids":["org-2","b1"]}}"#, ["b1"]),
        (#"{"batchFilter":["b1","b2"],"batchFilters":{"ids":["b2"]}}"#, ["b2"]),
    ])
    func `batchFilters keeps batches by id and by the channel of their collection`(
        config: String, kept: [String]
    ) async throws {
        let answer = try await submit(try wish(config))
        try await scene.work()
        let stored = try await scene.stored(answer.key)
        #expect(stored.request.status == .success, "\(stored.request.errorMessage ?? "")")
        #expect(stored.request.requestData == config)
        #expect(try await batches(answer.key) == kept)
    }

    @Test func `a filter that keeps nothing is no report`() async throws {
        let config = #"{"contentFilters":{"request":{"filters":{"identifier":["do_course"]}}},"batchFilters":["b3"]}"#
        let answer = try await submit(try wish(config))
        try await scene.work()
        let stored = try await scene.stored(answer.key)
        #expect(stored.request.status == .failed)
        #expect(
            stored.request.errorMessage
                == "No data found: none of the batches has an id or a channel that batchFilters names")
    }

    @Test(arguments: [
        (#"{"batchId":"b7"}"#, "No data found: no batch has the id b7"),
        (#"{"batchId":"b0"}"#, "The request is made for retired collection"),
        ("{}", "Request should have either of batchId, batchFilter, searchFilter or encrption key"),
    ])
    func `what is known to fail is refused, or fails later where the setting says so`(
        config: String, message: String
    ) async throws {
        await #expect { try await submit(try wish(config)) } throws: { ($0 as? ExhaustError)?.message == message }
        var late = scene.settings
        late.validatesEarly = false
        let answer = try await submit(try wish(config), late)
        #expect(answer.effect == .created && answer.request.requestData == config)
        try await scene.work()
        let stored = try await scene.stored(answer.key)
        #expect(stored.request.status == .failed && stored.request.errorMessage == message)
    }

    @Test func `contact details without a key are refused, an empty one is none`() async throws {
        for key in [nil, ""] {
            let wish = try wish(#"{"batchId":"b1"}"#, dataset: "userinfo-exhaust", key: key)
            await #expect { try await submit(wish) } throws: { ($0 as? ExhaustError)?.code == .refused }
        }
    }

    @Test func `too many batches are refused before one of them is looked for`() async throws {
        let ids = (0...20).map { "\"x\($0)\"" }.joined(separator: ",")
        await #expect(
            throws: ExhaustError(.limitExceeded, "Number of batches in request exceeded. It should be within 20")
        ) { try await submit(try wish(#"{"batchFilter":[\#(ids)]}"#)) }
    }

    @Test func `an old job id becomes that of the report`() async throws {
        let names = [
            "course-report": "progress-exhaust", "assessment-report": "assessment-score-report",
            "assessment-score-report": "assessment-score-report",
        ]
        for (old, report) in names {
            let answer = try await submit(try wish(#"{"batchId":"b1"}"#, dataset: old, tag: old))
            #expect(answer.request.reportID == report)
        }
        #expect(try await submit(try wish(#"{"batchId":"b1"}"#, tag: "course-report")).effect == .unchanged)
    }

    @Test func `members that are null are not stored, and order and digits are kept`() async throws {
        let config = #"{"zeta": 1.0, "batchId":"b1","alpha":{"x":null,"y":[null]},"beta":null}"#
        let answer = try await submit(try wish(config))
        #expect(answer.request.requestData == #"{"zeta":1.0,"batchId":"b1","alpha":{"y":[null]}}"#)
    }

    @Test(arguments: [(95, 0, true), (94, 0, false), (0, 50, false), (0, 51, true)])
    func `texts that the table cannot hold are refused, counted in characters`(
        tag: Int, user: Int, isRefused: Bool
    ) async throws {
        var wish = try wish(#"{"batchId":"b1"}"#, tag: String(repeating: "ü", count: tag))
        wish.requestedBy = String(repeating: "ü", count: user)
        do {
            _ = try await submit(wish)
            #expect(!isRefused)
        } catch let error as ExhaustError {
            #expect(isRefused && error.code == .invalidInput && error.message.hasSuffix("characters"))
        }
    }

    @Test func `a dataset of another program is filed as that program reads it, and left to it`() async throws {
        var settings = scene.settings
        settings.otherDatasets = ["druid-dataset"]
        let config = #"{"type":"ml-task-detail-exhaust","params":{"programName":"p"}}"#
        let other = try await submit(try wish(config, dataset: "druid-dataset", key: "pass1234"), settings)
        let ours = try await submit(try wish(#"{"batchId":"b1"}"#))
        #expect(other.run == nil && other.request.encryptionKey == "pass1234")
        #expect(other.request.reportID == "druid-dataset" && other.request.requestData == config)
        try await scene.work()
        #expect(try await scene.stored(ours.key).request.status == .success)
        #expect(try await scene.stored(other.key) == StoredRequest(request: other.request, run: nil))
    }

    @Test func `a dataset that nobody makes is refused, one that was added is not`() throws {
        let submitting = submitting()
        #expect(throws: ExhaustError(.invalidInput, "dataset nope: there is no such dataset")) {
            try submitting.maker(of: "nope", isAdded: false)
        }
        guard case .others = try submitting.maker(of: "nope", isAdded: true) else {
            Issue.record("it was taken for a report of ours")
            return
        }
    }

    @Test(arguments: [("pass1234", true), ("correct horse", false)])
    func `a short password is accepted, and the receipt says so`(key: String, isWeak: Bool) async throws {
        let answer = try await submit(try wish(#"{"batchId":"b1"}"#, key: key))
        try await scene.work()
        let receipt = try await scene.archive(answer.key, password: key).receipt
        let codes = receipt["findings"]?.elements?.compactMap { $0["code"]?.text } ?? []
        #expect(codes.contains("weak-password") == isWeak)
    }

    @Test func `the requester is asked about the batches that are meant now`() async throws {
        let config = #"{"batchFilters":["b2","org-2"]}"#
        #expect(try await submitting().batches(of: try wish(config)).map(\.key.batch) == ["b2", "b3", "b9"])
        await #expect { try await submitting().batches(of: try wish(#"{"batchId":"b7"}"#)) } throws: {
            ($0 as? ExhaustError)?.code == .notFound
        }
        var late = scene.settings
        late.validatesEarly = false
        #expect(try await submitting(late).batches(of: try wish(#"{"batchId":"b7"}"#)).isEmpty)
        #expect(try await submitting(late).batches(of: try wish("{}")).isEmpty)
    }
}
