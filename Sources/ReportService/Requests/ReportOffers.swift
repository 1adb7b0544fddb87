public import ReportModel
import ReportPorts
public import ReportRows

/// What a report is like for one organisation, before anybody names a batch.
public struct ReportOffer: Sendable {
    /// The report.
    public var report: any ReportDefinition
    /// How its files are protected.
    public var level: SecurityLevel
    /// The layout that its columns are of, which it has unless another is asked for.
    public var layout: ReportLayout
    /// Its columns; of a collection also those that come from its tree.
    public var columns: [ColumnDescription]
    /// Who is left out.
    public var leftOut: [Finding.Code]
    /// Why nobody of the organisation can have it now; nil if they can.
    public var refusal: ExhaustError?
}

/// Tells which reports there are.
public struct ReportOffers: Sendable {
    private let ports: ServicePorts
    private let settings: ServiceSettings
    private let registry: ReportRegistry

    /// The use case on these ports.
    public init(ports: ServicePorts, settings: ServiceSettings, registry: ReportRegistry) {
        self.ports = ports
        self.settings = settings
        self.registry = registry
    }

    /// All reports for `channel`, with the columns that they have for `collection` (nil: for any).
    public func offers(to channel: String, collection: String?) async throws -> [ReportOffer] {
        var tree: CollectionTree?
        var optional: Set<String> = []
        if let collection {
            tree = try await ports.sources.catalogue.tree(of: collection)
            optional = try await ports.sources.catalogue.optionalNodes(of: collection)
        }
        var offers: [ReportOffer] = []
        for report in registry.reports {
            let context = context(of: report, channel: channel, collection: collection ?? "", tree, optional)
            var offer = ReportOffer(
                report: report, level: .password, layout: context.layout, columns: try report.columns(in: context),
                leftOut: Self.leftOut(of: report))
            do {
                offer.level = try await ports.level(of: channel, report: report, settings: settings)
                // Whether it can be had at all: a password can be given.
                _ = try Protection.rule(
                    level: offer.level, report: report, hasPassword: true, requiresKey: settings.requiresKey)
            } catch let error as ExhaustError {
                offer.refusal = error
            }
            offers.append(offer)
        }
        return offers
    }

    private func context(
        of report: any ReportDefinition, channel: String, collection: String, _ tree: CollectionTree?,
        _ optional: Set<String>
    ) -> ReportContext {
        let record = CollectionRecord(
            identifier: collection, name: "", channel: channel, asksForConsent: true, status: "Live")
        return ReportContext(
            batch: ResolvedBatch(
                batch: BatchRecord(key: BatchKey(collection: collection, batch: "")), collection: record,
                requestingOrganisation: channel, custodianOrganisation: nil),
            tree: tree, optionalNodes: optional,
            layout: settings.layouts[report.id] ?? report.layouts.first ?? .documented, csv: settings.csv,
            rules: settings.rules, asOf: ports.clock.now())
    }

    private static func leftOut(of report: any ReportDefinition) -> [Finding.Code] {
        [.inactive, .otherOrganisation, .organisationUnknown]
            + (report.isPersonal ? [.consentMissing, .consentRevoked, .consentExpired] : [])
    }
}
