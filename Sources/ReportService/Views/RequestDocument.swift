import JobLifecycle
public import ReportModel
public import ReportPorts

/// A request as everybody is shown it: by the page, by programs, by the command line.
public struct RequestDocument: Sendable, Hashable {
    /// A batch that it is about.
    public struct Batch: Sendable, Hashable {
        /// `batchid`.
        public var id: String
        /// Its row; nil if there is none any more.
        public var record: BatchRecord?
        /// Title of its collection; nil if it is not known.
        public var collectionName: String?
    }

    /// Row and run.
    public var stored: StoredRequest
    /// Title of the report; its id if it is none of ours.
    public var reportTitle: String
    /// The layout that it has or will have; nil of reports that are not ours.
    public var layout: ReportLayout?
    /// Its batches; nil of a search that has not been run, whose hits nobody knows yet.
    public var batches: [Batch]?
    /// How many requests are leased before it; nil if it does not wait.
    public var placeInLine: Int?
    /// How fast it gets on; nil if it does not run.
    public var pace: Pace?

    /// The row.
    public var request: JobRequest { stored.request }

    /// Whether it was done, and its files have been removed since.
    public var isExpired: Bool { request.status == .success && request.downloadPaths.isEmpty }

    /// The client's tag, without the channel.
    public var tag: String {
        let suffix = ":" + request.requestedChannel
        return request.tag.hasSuffix(suffix) ? String(request.tag.dropLast(suffix.count)) : request.tag
    }

    /// Whether its files are, or will be, under a password of the requester.
    public var hasPassword: Bool {
        stored.run?.passwordHash.isEmpty == false || request.encryptionKey?.isEmpty == false
    }

    /// The document as `viewer` sees it; nil for nobody in particular.
    public func json(for viewer: String?) -> JSONValue {
        let run = stored.run
        let progress = run?.progress ?? RunProgress()
        return .members(
            ("requestId", .string(request.requestID)), ("tag", .string(tag)), ("report", .string(request.reportID)),
            ("reportTitle", .string(reportTitle)), ("batches", .array((batches ?? []).map(Self.json))),
            ("layout", .optional(layout?.rawValue)), ("requestedBy", .string(request.requestedBy)),
            ("requestedByMe", .bool(viewer != nil && viewer == request.requestedBy)),
            ("state", .string(request.status.rawValue)), ("willRetry", .bool(run?.willRetry ?? false)),
            ("retryAt", .optional(run?.willRetry == true ? run?.notBefore : nil)), ("expired", .bool(isExpired)),
            ("cancelling", .bool(run?.cancelWished ?? false)), ("hasPassword", .bool(hasPassword)),
            ("placeInLine", placeInLine.map(JSONValue.integer) ?? .null),
            (
                "progress",
                .members(
                    ("learnersDone", .integer(progress.learnersDone)),
                    ("learnersExpected", .integer(progress.learnersExpected)), ("rows", .integer(progress.rows)),
                    ("stretchesDone", .integer(progress.stretchesDone)),
                    ("stretchesExpected", .integer(progress.stretchesExpected)),
                    ("rate", .rounded(pace?.learnersPerSecond)), ("etaSeconds", .rounded(pace?.secondsLeft)))
            ), ("submittedAt", .string(request.submittedAt.iso8601)),
            ("startedAt", .optional(hasStarted ? run?.firstLeasedAt : nil)),
            ("completedAt", .optional(request.status.isEnded ? request.completedAt : nil)),
            ("files", .array(files.map(\.json))), ("leftOut", Self.summed("leftOut", of: receipts)),
            ("findings", Self.summed("findings", of: receipts)), ("failure", failure), ("actions", actions))
    }

    /// A waiting request keeps the first lease of before until the next one.
    private var hasStarted: Bool { request.status != .submitted }

    private static func json(_ batch: Batch) -> JSONValue {
        .members(
            ("batchId", .string(batch.id)), ("collectionId", .optional(batch.record?.key.collection)),
            ("name", .optional(batch.record?.name)), ("collectionName", .optional(batch.collectionName)))
    }

    /// Why it failed; null unless it did. The row keeps an older text until work begins again (upstream.md 2.14, 20).
    private var failure: JSONValue {
        guard request.status == .failed else { return .null }
        guard let failure = stored.run?.failure else {
            return .members(
                ("code", .string("unknown")), ("message", .string(request.errorMessage ?? "")), ("remedy", .string("")),
                ("mender", .string(ExhaustError.Mender.operator.rawValue)))
        }
        return .members(
            ("code", .string(failure.code)), ("message", .string(failure.message)), ("remedy", .string(failure.remedy)),
            ("mender", .string(failure.mender.rawValue)))
    }

    /// What can be done with it now.
    private var actions: JSONValue {
        let state = RequestState(of: request, run: stored.run)
        let isOurs = layout != nil
        let canCancel =
            switch state {
            case .waiting, .backingOff: true
            case .leased: stored.run?.cancelWished != true
            case .foreign, .failed, .succeeded, .cancelled: false
            }
        return .members(
            ("download", .bool(!request.downloadPaths.isEmpty)), ("cancel", .bool(canCancel)),
            ("retry", .bool(isOurs && (state == .failed || state == .backingOff || state == .cancelled))),
            ("fresh", .bool(isOurs && state == .succeeded)))
    }
}

extension RequestDocument {
    /// A file that the row names.
    public struct File: Sendable, Hashable {
        /// Its place among the row's paths.
        public var index: Int
        /// Its name, without folders.
        public var name: String
        /// What is known of it; nil for files of other programs.
        public var finished: FinishedFile?

        var json: JSONValue {
            .members(
                ("index", .integer(index)), ("name", .string(name)),
                ("bytes", finished.map { .integer($0.fileBytes) } ?? .null),
                ("rows", finished.flatMap { RequestDocument.receipt($0)?["counts"]?["rows"] } ?? .null),
                ("batchId", .optional(finished?.batch.batch)))
        }
    }

    /// The files that can be had now: those that the row names.
    public var files: [File] {
        let run = stored.run
        // One that is made anew under the same path is already the new one.
        let known = Dictionary(((run?.files ?? []) + (run?.earlierFiles ?? [])).map { ($0.path, $0) }) { first, _ in
            first
        }
        return request.downloadPaths.enumerated().map { index, path in
            File(
                index: index, name: path.split(separator: "/").last.map(String.init) ?? path, finished: known[path])
        }
    }

    /// Receipts of the finished batches, which stay when the files have expired; until the first batch is finished again,
    /// those of the success before.
    public var receipts: [JSONValue] { Self.receipts(of: stored) }

    static func receipts(of stored: StoredRequest) -> [JSONValue] {
        if let files = stored.run?.files, !files.isEmpty { return files.compactMap(receipt) }
        return closedReceipts(of: stored)
    }

    /// Receipts that were closed with a success; while it is made anew, those of the files that can still be had.
    static func closedReceipts(of stored: StoredRequest) -> [JSONValue] {
        guard let text = stored.run?.receipt, let receipt = JSONValue.ifReadable(text) else { return [] }
        return receipt["batches"]?.elements ?? []
    }

    fileprivate static func receipt(_ file: FinishedFile) -> JSONValue? { JSONValue.ifReadable(file.receipt) }

    /// The findings under `member` of all receipts, counts of the same code added up.
    private static func summed(_ member: String, of receipts: [JSONValue]) -> JSONValue {
        var counts: [String: Int64] = [:]
        var found: [String: JSONValue] = [:]
        for finding in receipts.flatMap({ $0[member]?.elements ?? [] }) {
            guard let code = finding["code"]?.text else { continue }
            counts[code, default: 0] += finding["count"]?.integer ?? 0
            found[code] = finding
        }
        return .array(
            found.sorted { $0.key < $1.key }.map { code, finding in
                .members(
                    ("code", .string(code)), ("severity", finding["severity"] ?? .null),
                    ("message", finding["meaning"] ?? .null), ("count", .integer(counts[code] ?? 0)))
            })
    }
}

extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    static func optional(_ time: Timestamp?) -> JSONValue { time.map { .string($0.iso8601) } ?? .null }

    /// With one decimal at most, which is all that an estimate is worth.
    static func rounded(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite, abs(value) < 1e15 else { return .null }
        let tenths = (value * 10).rounded()
        return .number(tenths.truncatingRemainder(dividingBy: 10) == 0 ? "\(Int64(tenths / 10))" : "\(tenths / 10)")
    }

    /// Nil for a text that is no JSON: rows may be anybody's.
    static func ifReadable(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }
}
