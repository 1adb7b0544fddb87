import JSONSchema
import ReportModel
import ReportPorts

/// A dataset as upstream's programs add and list it (upstream.md 2.10; 2.14, 35 and 36).
enum DatasetDocument {
    /// Reads what is added. What is required must be there, and may be empty; what is missing otherwise is stored as an empty
    /// text, object or list, never as NULL. Throws `invalidInput` with status 400.
    static func dataset(in request: JSONValue, at now: Timestamp) throws(ExhaustError) -> DatasetMetadata {
        func required(_ name: String) throws(ExhaustError) -> String {
            guard let text = try request.coercedText(name) else { throw .badRequest("\(name) is empty") }
            return text
        }
        let id = try required("dataset")
        var dataset = DatasetMetadata(datasetID: id, subID: try request.coercedText("datasetSubId") ?? id)
        dataset.type = try required("datasetType")
        dataset.version = try required("version")
        dataset.visibility = try required("visibility")
        guard let roles = try request.coercedTexts("authorizedRoles") else {
            throw .badRequest("authorizedRoles is empty")
        }
        dataset.authorizedRoles = roles
        dataset.config = try request.coercedObject("datasetConfig") ?? .object([])
        dataset.sampleRequest = try request.coercedText("sampleRequest") ?? ""
        dataset.sampleResponse = try request.coercedText("sampleResponse") ?? ""
        dataset.availableFrom = try request.coercedText("availableFrom").map(date) ?? now
        dataset.validation = try request.coercedObject("validationJson") ?? .object([])
        dataset.druidQuery = try request.coercedObject("druidQuery") ?? .object([])
        dataset.limits = try request.coercedObject("limits") ?? .object([])
        dataset.supportedFormats = try request.coercedTexts("supportedFormats") ?? []
        dataset.exhaustType = try request.coercedText("exhaustType") ?? ""
        try checkLengths(dataset)
        try checkSchema(dataset)
        return dataset
    }

    /// Members and order as upstream's; a type that is NULL is left out, other NULLs are null.
    static func json(_ dataset: DatasetMetadata) -> JSONValue {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        var members: [JSONValue.Member] = [
            .init("dataset", .string(dataset.datasetID)), .init("datasetSubId", .string(dataset.subID)),
        ]
        if let type = dataset.type { members.append(.init("datasetType", .string(type))) }
        members += [
            .init("datasetConfig", dataset.config ?? .null), .init("visibility", text(dataset.visibility)),
            .init("version", text(dataset.version)), .init("sampleRequest", text(dataset.sampleRequest)),
            .init("sampleResponse", text(dataset.sampleResponse)),
            .init("availableFrom", text(dataset.availableFrom.map { $0.date(offsetMinutes: 0) })),
            .init("validationJson", dataset.validation ?? .null),
            .init("supportedFormats", dataset.supportedFormats.map { .array($0.map(JSONValue.string)) } ?? .null),
            .init("exhaustType", text(dataset.exhaustType)),
        ]
        return .object(members)
    }

    /// The widths of the deployed table (upstream.md 1.2).
    private static func checkLengths(_ dataset: DatasetMetadata) throws(ExhaustError) {
        for (name, value, limit) in [
            ("dataset", dataset.datasetID, 50), ("datasetSubId", dataset.subID, 150),
            ("datasetType", dataset.type ?? "", 50), ("version", dataset.version ?? "", 10),
            ("visibility", dataset.visibility ?? "", 50), ("exhaustType", dataset.exhaustType ?? "", 50),
        ] {
            guard value.unicodeScalars.count <= limit else { throw .badRequest("\(name): over \(limit) characters") }
            guard !value.unicodeScalars.contains("\0") else { throw .badRequest("\(name): it holds a NUL character") }
        }
    }

    private static func checkSchema(_ dataset: DatasetMetadata) throws(ExhaustError) {
        do {
            _ = try JSONSchema(dataset.validation ?? .object([]))
        } catch {
            throw .badRequest("validationJson: \(error.message)", remedy: error.remedy)
        }
    }

    /// Exactly `yyyy-MM-dd`.
    private static func date(_ text: String) throws(ExhaustError) -> Timestamp {
        let bytes = Array(text.utf8)
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            .compactMap { part in part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(part) : nil }
        // `2024-1--31` is of ten characters too.
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes.count(where: { $0 == 0x2D }) == 2,
            parts.count == 3
        else {
            throw .badRequest("availableFrom: it must be a date such as 2024-01-31")
        }
        let day = CalendarTime(year: parts[0], month: parts[1], day: parts[2])
        guard day.isValid else { throw .badRequest("availableFrom: there is no such day") }
        return day.timestamp()
    }
}
