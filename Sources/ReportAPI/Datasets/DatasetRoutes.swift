import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportService

/// Adding and listing what the deployment says of its datasets (upstream.md 2.10).
///
/// Upstream asks nobody who they are here. What is added decides who may have which report, in every organisation, so only
/// the consumers of the setting `datasets.editors` may add.
enum DatasetRoutes {
    private static let addID = "ekstep.analytics.dataset.add"
    private static let listID = "ekstep.analytics.dataset.list"

    static func make(_ ports: APIPorts) -> [Route] {
        ["/dataset/v1", "/dataset"].flatMap { prefix in
            [
                DialectRoutes.route(.post, "\(prefix)/add", "addDataset", addID) { try await add($0, ports) },
                DialectRoutes.route(.get, "\(prefix)/list", "listDatasets", listID) { try await list($0, ports) },
            ]
        }
    }

    private static func add(_ request: APIRequest, _ ports: APIPorts) async throws -> HTTPResponse {
        let now = ports.clock.now()
        let sender = try await Sender(of: request.http, ports)
        let dataset = try DatasetDocument.dataset(in: try await DialectBody.request(of: request), at: now)
        let caller = try sender.caller
        let isEditor = caller.consumerID.map(ports.settings.datasetEditors.contains) ?? false
        guard caller.credential == .demo || caller.credential == .consumer && isEditor else {
            throw ExhaustError.refusing(caller, remedy: "The setting datasets.editors names who may add datasets.")
        }
        guard try await ports.datasets.put(dataset) else {
            throw ExhaustError(
                .conflict,
                "Dataset \(dataset.subID) belongs to another dataset than \(dataset.datasetID); nothing was changed",
                remedy: "Choose another datasetSubId.")
        }
        return Envelope.success(
            .members(("message", .string("Dataset \(dataset.subID) added successfully"))), id: addID, at: now)
    }

    private static func list(_ request: APIRequest, _ ports: APIPorts) async throws -> HTTPResponse {
        let caller = try await ports.access.caller(of: request.http)
        try ports.access.check(caller, dataset: "", metadata: nil)
        let datasets = try await ports.datasets.datasets().map(DatasetDocument.json)
        return Envelope.success(
            .members(("count", .integer(datasets.count)), ("datasets", .array(datasets))), id: listID,
            at: ports.clock.now())
    }
}
