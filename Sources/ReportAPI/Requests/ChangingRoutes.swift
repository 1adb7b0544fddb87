import HTTPMessages
import HTTPServer
import JobLifecycle
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import SecureArchive

/// Previews and submissions, and what changes a request: cancel, retry, fresh.
enum ChangingRoutes {
    private static let selection = Set(RequestSchemas.batchSelection.map(\.name))

    static func make(_ ports: APIPorts, _ gate: RequestGate) -> [Route] {
        [
            Route(.post, "/v1/preview", operation: "previewReport") { try await preview($0, ports, gate) },
            Route(.post, "/v1/requests", operation: "fileRequest") { try await submit($0, ports, gate) },
            Route(.post, "/v1/requests/{tag}/{requestId}/cancel", operation: "cancelRequest") { request in
                let caller = try request.knownCaller()
                _ = try await JSONBody(request, members: [])
                let document = try await gate.document(request, for: caller)
                try document.stored.check(.cancelWished, at: ports.clock.now())
                try await note(.cancel, ports, request, caller, document)
                let stored = try await ports.service.jobs.cancel(document.request.key)
                return JSONAnswer.make(try await ports.viewing.document(of: stored).json(for: caller.userID))
            },
            Route(.post, "/v1/requests/{tag}/{requestId}/retry", operation: "retryRequest") {
                try await again($0, ports, gate, isFresh: false)
            },
            Route(.post, "/v1/requests/{tag}/{requestId}/fresh", operation: "renewRequest") {
                try await again($0, ports, gate, isFresh: true)
            },
        ]
    }

    private static func preview(
        _ request: APIRequest, _ ports: APIPorts, _ gate: RequestGate
    ) async throws -> HTTPResponse {
        let caller = try request.knownCaller()
        let body = try await JSONBody(request, members: selection.union(["report"]))
        let report = try ports.registry.report(named: try body.requiredText("report"))
        let config = try config(body)
        let preview = try await ports.previewing.preview(of: report, config: config, channel: caller.channel) {
            batches in
            try await gate.check(caller, dataset: report.id, batches: batches)
            try await ports.auditing.note(
                .preview, by: caller, of: request.http, report: report.id, batches: batches.map(\.key.batch))
        }
        return JSONAnswer.make(PreviewDocument.json(preview, rule: ports.settings.passwordRule))
    }

    private static func submit(
        _ request: APIRequest, _ ports: APIPorts, _ gate: RequestGate
    ) async throws -> HTTPResponse {
        let caller = try request.knownCaller()
        let body = try await JSONBody(
            request, members: selection.union(["report", "password", "tag", "fresh", "requestedBy"]))
        let report = try ports.registry.report(named: try body.requiredText("report"))
        let requester = try requester(caller, named: try body.text("requestedBy"))
        let (config, resolved) = try await checked(
            try config(body), tag: try body.text("tag"), report, caller, ports, gate)
        let tag = try body.text("tag").flatMap { $0.isEmpty ? nil : $0 } ?? usualTag(config, resolved)
        try checkTag(tag)
        let password = try await password(body, report, caller, ports)
        let wish = RequestWish(
            report: report.id, config: config, channel: caller.channel, requestedBy: requester, tag: tag,
            password: password, isFresh: try body.flag("fresh"))
        let answer = try await ports.submitting.submit(wish) { key in
            try await ports.auditing.note(
                .submit, by: caller, of: request.http, report: report.id, about: key,
                batches: resolved.map(\.key.batch), detail: "tag \(tag)")
        }
        return try await show(answer, caller, ports)
    }

    private static func again(
        _ request: APIRequest, _ ports: APIPorts, _ gate: RequestGate, isFresh: Bool
    ) async throws -> HTTPResponse {
        let caller = try request.knownCaller()
        let body = try await JSONBody(request, members: ["password", "requestedBy"])
        let document = try await gate.document(request, for: caller)
        try checkCanRepeat(document, isFresh: isFresh)
        let report = try ports.registry.report(named: document.request.reportID)
        let requester = try requester(
            caller, named: try body.text("requestedBy"), usual: document.request.requestedBy)
        let password = try await password(body, report, caller, ports)
        let repeating = Repeating(
            ports: ports.service, settings: ports.settings, registry: ports.registry, master: ports.master)
        // What a search finds now may be more than it found then.
        let (config, resolved) = try await checked(
            try repeating.config(of: document.stored), tag: document.tag, report, caller, ports, gate)
        let answer = try await repeating.ask(
            document.stored, config: config, requester: requester, tag: document.tag, password: password,
            isFresh: isFresh
        ) { key in
            try await ports.auditing.note(
                isFresh ? .fresh : .submit, by: caller, of: request.http, report: report.id, about: key,
                batches: resolved.map(\.key.batch))
        }
        return try await show(answer, caller, ports)
    }

    /// The batches that `config` is about now, all of which the caller may have, and the config by which the run makes no
    /// others. Throws `forbidden`.
    private static func checked(
        _ config: DatasetConfig, tag: String?, _ report: any ReportDefinition, _ caller: Caller, _ ports: APIPorts,
        _ gate: RequestGate
    ) async throws -> (DatasetConfig, [BatchRecord]) {
        let resolved = try await ports.submitting.batches(of: config, channel: caller.channel, tag: tag)
        try await gate.check(caller, dataset: report.id, batches: resolved)
        let isLimited = try ports.access.isLimitedToOwnBatches(caller)
        return (isLimited ? config.limited(to: resolved) : config, resolved)
    }

    /// What runs or waits is not asked for again, and what is done only anew.
    private static func checkCanRepeat(_ document: RequestDocument, isFresh: Bool) throws(ExhaustError) {
        let state = RequestState(of: document.request, run: document.stored.run)
        let isRight = isFresh ? state == .succeeded : [.failed, .backingOff, .cancelled].contains(state)
        guard isRight else {
            throw ExhaustError(
                .conflict, "request \(document.request.requestID): it \(state.words)",
                remedy: isFresh
                    ? "Only what is done can be made anew." : "Only what failed or was cancelled can be tried again.")
        }
    }

    private static func config(_ body: JSONBody) throws -> DatasetConfig {
        try DatasetConfig(
            json: .object(
                RequestSchemas.batchSelection.compactMap { member in
                    body[member.name].map { JSONValue.Member(member.name, $0) }
                }))
    }

    /// Who files: a user for themselves, a consumer or the demo for whom it names.
    private static func requester(
        _ caller: Caller, named name: String?, usual: String = ""
    ) throws(ExhaustError) -> String {
        let requester = try caller.requester(named: name)
        if !requester.isEmpty { return requester }
        guard !usual.isEmpty else {
            throw ExhaustError(
                .invalidInput, "request body: requestedBy is missing",
                remedy: "Name the user for whom the report is.")
        }
        return usual
    }

    /// A password where the level needs one, and a strong one (design.md 7: our own routes always ask).
    private static func password(
        _ body: JSONBody, _ report: any ReportDefinition, _ caller: Caller, _ ports: APIPorts
    ) async throws -> Password? {
        guard let text = try body.text("password"), !text.isEmpty else {
            let level = try await ports.service.level(of: caller.channel, report: report, settings: ports.settings)
            guard !level.needsPassword else {
                throw ExhaustError(
                    .invalidInput, "password: it is missing", remedy: ports.settings.passwordRule.text)
            }
            return nil
        }
        let password = try Password(text)
        try ports.settings.passwordRule.check(password)
        return password
    }

    /// As the portal makes it: collection and batch, by which the request id is upstream's (upstream.md 2.5).
    private static func usualTag(_ config: DatasetConfig, _ batches: [BatchRecord]) -> String {
        switch config.selection {
        case .batch(let id): batches.first.map { "\($0.key.collection)_\(id)" } ?? id
        case .batches, .named: "batches"
        case .search: "search"
        }
    }

    /// A tag is a part of addresses; how long it may be, the submission says.
    private static func checkTag(_ tag: String) throws(ExhaustError) {
        guard tag.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }), tag != ".", tag != ".." else {
            throw ExhaustError(
                .invalidInput, "tag: it holds control characters, or is a dot", remedy: "Use letters and digits.")
        }
    }

    private static func note(
        _ action: AuditEntry.Action, _ ports: APIPorts, _ request: APIRequest, _ caller: Caller,
        _ document: RequestDocument
    ) async throws {
        try await ports.auditing.note(
            action, by: caller, of: request.http, report: document.request.reportID, about: document.request.key,
            batches: (document.batches ?? []).map(\.id))
    }

    private static func show(
        _ answer: SubmissionAnswer, _ caller: Caller, _ ports: APIPorts
    ) async throws -> HTTPResponse {
        let document = try await ports.viewing.document(of: StoredRequest(request: answer.request, run: answer.run))
        return JSONAnswer.make(document.json(for: caller.userID), status: answer.effect == .created ? 201 : 200)
    }
}
