public import ReportModel

/// The reports that can be asked for, found by id or alias.
public struct ReportRegistry: Sendable {
    /// The reports, in the order in which they are listed for people.
    public let reports: [any ReportDefinition]

    /// A registry of these reports; of equal names the first report's counts.
    public init(_ reports: [any ReportDefinition]) { self.reports = reports }

    /// The reports of the product (design.md 1).
    public static let standard = ReportRegistry([
        ProgressReport(), ResponseReport(), UserInfoReport(), AssessmentScoreReport(),
    ])

    /// Ids and aliases of the reports with these ids; none named is all. Other rows of a shared job table are not ours.
    public func names(of ids: Set<String> = []) -> Set<String> {
        let chosen = ids.isEmpty ? reports : reports.filter { ids.contains($0.id) }
        return ids.union(chosen.flatMap { [$0.id] + $0.aliases })
    }

    /// The report with that id or alias. Throws `invalidInput`, which names the known ones.
    public func report(named name: String) throws(ExhaustError) -> any ReportDefinition {
        let found = reports.first { $0.id == name } ?? reports.first { $0.aliases.contains(name) }
        if let found { return found }
        throw ExhaustError(
            .invalidInput, "report \(name): there is no such report",
            remedy: "Known reports are \(reports.map(\.id).joined(separator: ", ")).")
    }
}

extension ReportDefinition {
    /// Throws `invalidInput` if the report has no such layout.
    func requireLayout(of context: ReportContext) throws(ExhaustError) {
        if layouts.contains(context.layout) { return }
        throw ExhaustError(
            .invalidInput, "report \(id): it has no layout \(context.layout.rawValue)",
            remedy: "Its layouts are \(layouts.map(\.rawValue).joined(separator: ", ")).")
    }
}
