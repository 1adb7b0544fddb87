import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportRows
import ReportService

/// What can be asked for: reports, collections by name, their batches.
enum CatalogueRoutes {
    /// Collections of one answer at the most.
    static let collectionLimit = 100

    static func make(_ ports: APIPorts, _ gate: RequestGate) -> [Route] {
        [
            Route(.get, "/v1/reports", operation: "listReports") { try await reports($0, ports, gate) },
            Route(.get, "/v1/collections", operation: "findCollections") { try await collections($0, ports, gate) },
            Route(.get, "/v1/collections/{collection}/batches", operation: "listBatches") {
                try await batches($0, ports, gate)
            },
        ]
    }

    private static func reports(_ request: APIRequest, _ ports: APIPorts, _ gate: RequestGate) async throws
        -> HTTPResponse
    {
        let caller = try request.knownCaller()
        let collection = request.query["collection"].flatMap { $0.isEmpty ? nil : $0 }
        let offers = try await ReportOffers(ports: ports.service, settings: ports.settings, registry: ports.registry)
            .offers(to: caller.channel, collection: collection)
        var reports: [JSONValue] = []
        for offer in offers {
            let objection = try await gate.objection(to: caller, dataset: offer.report.id)
            reports.append(json(offer, objection))
        }
        return JSONAnswer.make(
            .members(
                ("passwordRule", PreviewDocument.json(ports.settings.passwordRule)), ("reports", .array(reports))))
    }

    private static func json(_ offer: ReportOffer, _ objection: ExhaustError?) -> JSONValue {
        // Why the caller may not comes before why nobody can.
        let reason =
            objection != nil
            ? "Your roles do not allow this report; ask an administrator of your organisation."
            : offer.refusal?.description
        return .members(
            ("id", .string(offer.report.id)), ("title", .string(offer.report.title)),
            ("description", .string(offer.report.summary)), ("isPersonal", .bool(offer.report.isPersonal)),
            ("level", .string(offer.level.rawValue)), ("needsPassword", .bool(offer.level.needsPassword)),
            ("layouts", .array(offer.report.layouts.map { .string($0.rawValue) })),
            ("layout", .string(offer.layout.rawValue)),
            ("columns", .array(offer.columns.map(PreviewDocument.json))),
            ("allowed", .bool(reason == nil)), ("reason", reason.map(JSONValue.string) ?? .null),
            ("reasonCode", reason == nil ? .null : .string(objection == nil ? "policy" : "role")),
            (
                "leftOut",
                .array(
                    offer.leftOut.map { code in
                        .members(("code", .string(code.name)), ("text", .string(sentence(code))))
                    })
            ))
    }

    /// Who is left out, in one sentence.
    private static func sentence(_ code: Finding.Code) -> String {
        switch code {
        case .inactive: "Learners whose enrolment is not active."
        case .otherOrganisation:
            "Learners of other organisations, where the collection belongs to another organisation than yours."
        case .organisationUnknown:
            "Learners whose organisation is not known, where the collection belongs to another organisation than yours."
        case .consentMissing: "Learners who never agreed to share their data."
        case .consentRevoked: "Learners who refused to share their data, or took their consent back."
        case .consentExpired: "Learners whose consent has ended."
        default: "Learners of whom this holds: \(code.meaning)."
        }
    }

    private static func collections(_ request: APIRequest, _ ports: APIPorts, _ gate: RequestGate) async throws
        -> HTTPResponse
    {
        let caller = try request.knownCaller()
        let limit = try RequestRoutes.limit(request.query["limit"], default: 20, most: collectionLimit)
        let search = CollectionSearch(ports.service.sources.catalogue, ports.access)
        let found = try await search.collections(request.query["query"] ?? "", limit: limit, for: caller)
        return JSONAnswer.make(
            .members(
                ("byName", .bool(search.isByName)),
                (
                    "collections",
                    .array(
                        found.map { hit in
                            .members(
                                ("identifier", .string(hit.collection.identifier)),
                                ("name", .string(hit.collection.name)),
                                ("channel", .string(hit.collection.channel)),
                                ("status", .string(hit.collection.status)),
                                ("asksForConsent", .bool(hit.collection.asksForConsent)),
                                ("batchId", hit.batch.map(JSONValue.string) ?? .null))
                        })
                )))
    }

    private static func batches(_ request: APIRequest, _ ports: APIPorts, _ gate: RequestGate) async throws
        -> HTTPResponse
    {
        let caller = try request.knownCaller()
        let id = try request.parameter("collection")
        let catalogue = ports.service.sources.catalogue
        let records = try await catalogue.batches(ofCollections: [id]).filter { try ports.access.mayHave($0, caller) }
        let collection = try await catalogue.collections(ids: [id]).first
        // A collection without a batch that the caller may see does not exist for them.
        let seesAll = try !ports.access.isLimitedToOwnBatches(caller)
        guard let collection, !records.isEmpty || seesAll else {
            throw ExhaustError(
                .notFound, "collection \(id.prefix(100)): there is none", remedy: "Find it by its name.")
        }
        // Courses are for all to see; how many of another organisation's learners take one is that one's own matter.
        let isOwn = collection.channel == caller.channel
        let counts =
            isOwn
            ? try await (catalogue as? any CatalogueBrowsing)?.enrolmentCounts(of: records.map(\.key)) : nil
        return JSONAnswer.make(
            .members(
                (
                    "batches",
                    .array(
                        records.map { record in
                            json(record, of: collection, counts.map { $0[record.key] ?? EnrolmentCount() })
                        })
                )))
    }

    private static func json(
        _ batch: BatchRecord, of collection: CollectionRecord, _ count: EnrolmentCount?
    ) -> JSONValue {
        let reason = collection.isRetired ? "The collection is retired; there are no reports about it." : nil
        return .members(
            ("batchId", .string(batch.key.batch)), ("collectionId", .string(batch.key.collection)),
            ("collectionName", .string(collection.name)), ("name", batch.name.map(JSONValue.string) ?? .null),
            ("startDate", batch.startDate.map(JSONValue.string) ?? .null),
            ("endDate", batch.endDate.map(JSONValue.string) ?? .null),
            ("status", batch.status.map(JSONValue.integer) ?? .null),
            ("enrolments", count.map { .integer($0.enrolled) } ?? .null),
            ("activeEnrolments", count.map { .integer($0.active) } ?? .null),
            ("asksForConsent", .bool(collection.asksForConsent)),
            ("allowed", .bool(reason == nil)), ("reason", reason.map(JSONValue.string) ?? .null),
            ("reasonCode", reason == nil ? .null : .string("retired")))
    }
}
