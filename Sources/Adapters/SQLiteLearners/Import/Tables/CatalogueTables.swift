extension TableShape {
    static let systemSettings = plain("system_settings", keyColumns: 1, [.key("id"), .text("field"), .text("value")])

    static let tenantPreference = plain(
        "tenant_preference", aliases: ["tenant_preference_v2"], keyColumns: 2,
        [.key("orgid"), .key("key"), .json("data")], kept: ["createdby", "createdon", "updatedby", "updatedon"])

    static let consumerChannel = plain(
        "consumer_channel", aliases: ["consumer_channel_mapping"], keyColumns: 2,
        [.key("consumer_id"), .key("channel"), .integer("status")], kept: ["created_by", "created_on", "updated_on"])

    static let contentHierarchy = plain(
        "content_hierarchy", keyColumns: 1, [.key("identifier"), .json("hierarchy")])

    static let courseBatch = plain(
        "course_batch", keyColumns: 2,
        [
            .key("batchid"), .key("courseid"), .text("name"), .text("start_date"), .text("startdate"),
            .text("end_date"), .text("enddate"), .integer("status"), .text("createdby"), .json("mentors"),
        ],
        kept: [
            "cert_templates", "created_date", "createddate", "createdfor", "description", "enrollment_enddate",
            "enrollmentenddate", "enrollmenttype", "tandc", "updated_date", "updateddate",
        ])

    static let organisation = whole("organisation", key: "id", [.json("keys")])

    static let content = whole("content", key: "identifier", [.text("name"), .text("status")])

    /// A table of which every member of a row is kept, as one object in `fields`.
    private static func whole(_ name: String, key: String, _ columns: [SourceColumn]) -> TableShape {
        let columns = [.key(key)] + columns
        return TableShape(
            name: name, columns: columns, keepsEverything: true,
            target: .keyed(columns: columns.count + 1, keyColumns: 1)
        ) { row, _, chunk in
            chunk.beginRow()
            chunk.addToKey(row.cells[0], of: row)
            chunk.endKey()
            for cell in row.cells { chunk.add(cell, of: row) }
            chunk.add(.text(row.wholeRow), of: row)
            chunk.endRow()
        }
    }
}
