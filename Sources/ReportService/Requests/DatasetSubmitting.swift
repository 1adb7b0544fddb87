public import JobLifecycle
public import ReportModel
import ReportPorts
public import ReportRows
import SecureArchive

/// What a program of upstream's asks for: a dataset by name, with a datasetConfig of which nothing is known to be right.
public struct DatasetWish: Sendable {
    /// Id or alias of a report, or a dataset that another program makes.
    public var dataset: String
    /// The datasetConfig as it was sent.
    public var config: JSONValue
    /// The root organisation of the requester.
    public var channel: String
    /// The user id of the requester; empty if nobody is named.
    public var requestedBy: String
    /// The requester's own key for the request, without the channel; may be empty (upstream.md 2.14, 12).
    public var tag: String
    /// `encryptionKey`; nil or empty is none.
    public var key: String?

    /// What a program asks for.
    public init(
        dataset: String, config: JSONValue, channel: String, requestedBy: String, tag: String, key: String?
    ) {
        self.dataset = dataset
        self.config = config
        self.channel = channel
        self.requestedBy = requestedBy
        self.tag = tag
        self.key = key
    }
}

/// Who makes a dataset.
public enum DatasetMaker: Sendable {
    /// We do.
    case report(any ReportDefinition)
    /// Another program, from the same job table.
    case others
}

extension Submitting {
    /// Who makes `dataset`: we, if it is a report of ours; else other programs, if the setting `datasets.others` names it or
    /// somebody added it (`isAdded`). Throws `invalidInput` if nobody does.
    public func maker(of dataset: String, isAdded: Bool) throws(ExhaustError) -> DatasetMaker {
        do {
            return .report(try registry.report(named: dataset))
        } catch {
            if isAdded || settings.otherDatasets.contains(dataset) { return .others }
            throw ExhaustError(
                .invalidInput, "dataset \(dataset): there is no such dataset",
                remedy: "Known are \(registry.reports.map(\.id).joined(separator: ", ")).", cause: error)
        }
    }

    /// Files `wish`. What is known to fail is refused here, unless `submit.validateEarly` is off: then the run fails, as it
    /// does upstream. Throws as `submit(_:)` of a `RequestWish`.
    public func submit(
        _ wish: DatasetWish, madeBy maker: DatasetMaker, noting: SubmissionNote = { _ in }
    ) async throws -> SubmissionAnswer {
        var filing = Filing(
            jobID: wish.dataset, config: wish.config, channel: wish.channel, requestedBy: wish.requestedBy,
            tag: wish.tag)
        let key = wish.key.flatMap { $0.isEmpty ? nil : $0 }
        switch maker {
        case .others:
            filing.key = key
            var request = try await row(of: filing)
            request.encryptionKey = key
            return try await ports.file(Submission(request: request, isForOthers: true), noting: noting)
        case .report(let report):
            filing.jobID = report.id
            let password = try key.map { try Password($0) }
            let config = try config(of: wish)
            if settings.validatesEarly, let config {
                try await check(config, of: report, channel: wish.channel, password: password, tag: wish.tag)
            }
            return try await file(filing, layout: config?.layout, password: password, isFresh: false, noting: noting)
        }
    }

    /// The batches that `wish` is about as far as they are known now, for the question whether its requester may have them.
    /// Empty for what cannot be resolved while `submit.validateEarly` is off; throws `notFound`, `refused` or `invalidInput`
    /// otherwise.
    public func batches(of wish: DatasetWish) async throws -> [BatchRecord] {
        do {
            guard let config = try config(of: wish) else { return [] }
            return try await batches(of: config, channel: wish.channel, tag: wish.tag)
        } catch let error as ExhaustError
            where !settings.validatesEarly && (error.code == .notFound || error.code == .refused)
        {
            return []
        }
    }

    /// The datasetConfig of `wish` for a requester who may have these batches, which it is about now.
    public func limited(_ wish: DatasetWish, to batches: [BatchRecord]) throws -> JSONValue {
        try config(of: wish)?.limited(to: batches).json ?? wish.config
    }

    /// The datasetConfig as a report reads it; nil if it cannot and that is for the run to tell.
    private func config(of wish: DatasetWish) throws -> DatasetConfig? {
        do {
            return try DatasetConfig(json: wish.config)
        } catch {
            if settings.validatesEarly { throw error }
            return nil
        }
    }
}
