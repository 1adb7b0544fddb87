public import ReportModel
public import ReportPorts

extension ContentSearchService: ContentNaming {
    /// Courses and other collections have this type in every version of the platform, while their categories were renamed.
    static let collectionType = "application/vnd.ekstep.content-collection"

    /// As `ContentNaming` says. The service looks for the words in names and descriptions, parts of words too; without
    /// words it answers with any.
    public func collections(like text: String, offset: Int, limit: Int) async throws -> [CollectionRecord] {
        let filters = JSONValue.members(
            ("mimeType", .array([.string(Self.collectionType)])),
            ("status", .array(["Live", "Unlisted", "Retired"].map(JSONValue.string))))
        let request = JSONValue.members(
            ("query", .string(text)), ("filters", filters), ("fields", .array(Self.fields.map(JSONValue.string))),
            ("limit", .integer(limit)), ("offset", .integer(offset)))
        let result = try call.result(try await call.ask(.members(("request", request))))
        return Self.hits(in: result).compactMap(CollectionRecord.init(content:))
    }
}
