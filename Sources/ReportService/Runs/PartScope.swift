import ReportModel
import ReportRows
import SecureArchive

/// Everything that the rows of a part depend on besides its range and the columns, as one short text. A part that was
/// made under another scope does not open, and is made again.
enum PartScope {
    static func text(
        request: JobRequest, report: any ReportDefinition, context: ReportContext, settings: ServiceSettings,
        dataVersion: String?
    ) throws -> String {
        let batch = context.batch
        let all: JSONValue = .array([
            .string(ProductVersion.current),
            .string(request.tag), .string(request.requestID), .string(report.id), .string(context.layout.rawValue),
            .string(batch.batch.key.collection), .string(batch.batch.key.batch), .string(batch.batch.name ?? ""),
            .string(batch.collection.name), .string(batch.collection.channel),
            .integer(batch.collection.leafNodesCount ?? -1), .string(batch.requestingOrganisation),
            .string(batch.custodianOrganisation ?? ""), .string(dataVersion ?? ""),
            .integer(context.asOf.milliseconds), .integer(settings.learnersPerRange),
            .integer(settings.pieceLimits.rows), .integer(settings.pieceLimits.bytes),
            .array((context.selectedColumns ?? []).map(JSONValue.string)),
            .array(context.optionalNodes.sorted().map(JSONValue.string)),
            context.tree.map { node($0.root) } ?? .null,
            .object(settings.receiptSettings(csv: context.csv).map { JSONValue.Member($0.0, $0.1) }),
        ])
        return Hexadecimal.text(try SHA256.hash(Array(all.compactText.utf8)))
    }

    private static func node(_ node: CollectionTree.Node) -> JSONValue {
        .array([
            .string(node.identifier), .string(node.name), .string(node.contentType), .string(node.objectType),
            .string(node.primaryCategory), .string(node.mimeType), .bool(node.isOptional),
            .integer(node.leafNodesCount ?? -1), .array(node.children.map(Self.node)),
        ])
    }
}
