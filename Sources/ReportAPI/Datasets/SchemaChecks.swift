import BlockingWork
import JSONSchema
import ReportModel
import ReportPorts

/// Holds submissions against the schemas of their datasets: each schema is read once for as long as it stays as it is, and
/// checks run on a thread of their own, since patterns come from whoever adds datasets and texts from anybody.
actor SchemaChecks {
    /// Schemas that are kept at the most.
    static let schemaLimit = 200
    /// Checks that may wait for the thread; one more is refused with `unavailable`.
    static let limits = BlockingPool<Void>.Limits(threads: 1, waiting: 256)

    private struct Known {
        let json: JSONValue
        let schema: JSONSchema
    }

    private var known = GenerationTable<Known>(names: SchemaChecks.schemaLimit)
    private var pool: Task<BlockingPool<Void>, any Error>?
    /// How many schemas were read.
    private(set) var readCount = 0

    /// The first thing that `request` lacks by the schema of `row`, in the words of upstream's validator; nil if it lacks
    /// nothing. Throws `dataDamaged` for a row whose schema is none, `invalidInput` or `limitExceeded` with status 400 if
    /// the check costs too much.
    func failure(of request: JSONValue, by row: DatasetMetadata) async throws -> String? {
        guard let json = row.validation, !json.isNull else { return nil }
        let schema = try await schema(json, of: row)
        do {
            return try await thread().run { _ in try schema.firstFailure(of: request) }
        } catch let error as ExhaustError {
            throw error.asBadRequest
        }
    }

    private func schema(_ json: JSONValue, of row: DatasetMetadata) async throws -> JSONSchema {
        if let known = known[row.subID], known.json == json { return known.schema }
        readCount += 1
        do {
            let schema = try await thread().run { _ in try JSONSchema(json) }
            known[row.subID] = Known(json: json, schema: schema)
            return schema
        } catch let error as ExhaustError where error.code != .unavailable {
            throw ExhaustError(
                .dataDamaged, "dataset \(row.datasetID): its \(error.message)",
                remedy: "Add the dataset with another schema.", mender: .operator, cause: error)
        }
    }

    private func thread() async throws -> BlockingPool<Void> {
        let starting = pool ?? Task { try await BlockingPool(name: "schema checks", limits: Self.limits) {} }
        pool = starting
        do {
            return try await starting.value
        } catch {
            pool = nil
            throw error
        }
    }
}
