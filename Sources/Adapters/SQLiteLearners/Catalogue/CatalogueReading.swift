import ReportModel
import ReportPorts
import SQLiteAccess

extension Database {
    /// Rows of `course_batch` with one of these values in `column`, sorted by their keys.
    func batches(where column: String, _ values: [String]) throws -> [BatchRecord] {
        var records: [BatchRecord] = []
        for value in Set(values) {
            try with(
                """
                SELECT batchid, courseid, name, start_date, startdate, end_date, enddate, status, createdby, mentors
                FROM course_batch WHERE \(column) = ?1
                """
            ) { row in
                try row.bind(1, value)
                while try row.step() { records.append(try Self.batch(row)) }
            }
        }
        return records.sorted { $0.key < $1.key }
    }

    private static func batch(_ row: Statement) throws -> BatchRecord {
        /// The newer of two columns, if it is not empty.
        func either(_ new: Int, _ old: Int) -> String? {
            [row.text(new), row.text(old)].lazy.compactMap { $0 }.first { !$0.isEmpty }
        }
        let mentors = try row.text(9).map { try json($0, "course_batch", "mentors").elements ?? [] } ?? []
        return BatchRecord(
            key: BatchKey(collection: row.text(1) ?? "", batch: row.text(0) ?? ""), name: row.text(2),
            startDate: either(3, 4), endDate: either(5, 6), status: row.optionalInteger(7).map { Int($0) },
            createdBy: row.text(8), mentors: mentors.compactMap(\.text))
    }

    /// All that is known of these contents, in the order of the ids; unknown ones are passed over.
    func contents(_ ids: [String]) throws -> [JSONValue] {
        var seen: Set<String> = []
        var contents: [JSONValue] = []
        for id in ids where seen.insert(id).inserted {
            try with("SELECT fields FROM content WHERE identifier = ?1") { row in
                try row.bind(1, id)
                guard try row.step(), let fields = row.text(0) else { return }
                contents.append(try Self.json(fields, "content", "fields"))
            }
        }
        return contents
    }

    /// Identifiers of the collections that `query` means, in its order.
    func collections(_ query: CollectionQuery) throws -> [String] {
        let named = query.words.indices.map { "instr(lower(c.name), ?\($0 + 4)) > 0" }.joined(separator: " AND ")
        let ofMember = """
            AND (b.createdby = ?2 OR (instr(b.mentors, ?2) > 0
                AND EXISTS (SELECT 1 FROM json_each(b.mentors) WHERE value = ?2)))
            """
        // Names come from their index, which holds nothing else of a content.
        let sql = """
            SELECT c.identifier FROM content c
            WHERE c.status IN ('Live', 'Unlisted', 'Retired')
                AND (c.identifier = ?1 OR \(named.isEmpty ? "1" : "(\(named))"))
                AND EXISTS (SELECT 1 FROM course_batch b WHERE b.courseid = c.identifier
                    \(query.member == nil ? "" : ofMember))
            ORDER BY \(named.isEmpty ? "" : "instr(lower(c.name), ?4) = 1 DESC,") lower(c.name), c.identifier LIMIT ?3
            """
        return try with(sql) { row in
            try row.bind(1, query.text)
            if let member = query.member { try row.bind(2, member) }
            try row.bind(3, query.limit)
            for (place, word) in query.words.enumerated() { try row.bind(place + 4, word) }
            var identifiers: [String] = []
            while try row.step() { identifiers.append(row.text(0) ?? "") }
            return identifiers
        }
    }

    /// How many are enrolled.
    func enrolmentCounts(of batches: [BatchKey]) throws -> [BatchKey: EnrolmentCount] {
        var counts: [BatchKey: EnrolmentCount] = [:]
        for batch in batches {
            guard let number = try batchNumber(batch) else { continue }
            try with("SELECT enrolled, active FROM batch_size WHERE batch = ?1") { row in
                try row.bind(1, number)
                guard try row.step() else { return }
                counts[batch] = EnrolmentCount(enrolled: Int(row.integer(0)), active: Int(row.integer(1)))
            }
        }
        return counts
    }

    /// Calls `body` with all that is known of each content, by identifier.
    func forEachContent(_ body: (JSONValue) -> Void) throws {
        try with("SELECT fields FROM content ORDER BY identifier") { row in
            while try row.step() { body(try Self.json(row.text(0) ?? "", "content", "fields")) }
        }
    }

    /// Titles of those contents that are Live.
    func titles(of ids: [String]) throws -> [String: String] {
        var titles: [String: String] = [:]
        for id in Set(ids) {
            try with("SELECT name FROM content WHERE identifier = ?1 AND status = 'Live'") { row in
                try row.bind(1, id)
                if try row.step(), let name = row.text(0) { titles[id] = name }
            }
        }
        return titles
    }

    /// The tree of a collection; nil without a row or with an empty one.
    func tree(of collection: String) throws -> CollectionTree? {
        try with("SELECT hierarchy FROM content_hierarchy WHERE identifier = ?1") { row in
            try row.bind(1, collection)
            guard try row.step(), let hierarchy = row.text(0) else { return nil }
            return try CollectionTree(
                json: Self.json(hierarchy, "content_hierarchy", "hierarchy"), collection: collection)
        }
    }

    /// A cell that was checked when it was imported; trees nest deeper than what is sent to us.
    static func json(_ text: String, _ table: String, _ column: String) throws -> JSONValue {
        try JSONValue(
            parsing: text, limits: JSONValue.Limits(nesting: JSONScanner.nestingLimit, bytes: 1 << 30),
            name: "column \(column) of \(table)")
    }
}
