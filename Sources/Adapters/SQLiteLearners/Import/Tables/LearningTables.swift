extension TableShape {
    static let userEnrolments = TableShape(
        name: "user_enrolments",
        columns: [
            .key("userid"), .key("courseid"), .key("batchid"), .boolean("active"), .time("enrolled_date"),
            .text("enrolleddate"), .time("completedon"), .json("contentstatus"), .integer("certstatus"),
            .kept("addedby"), .kept("certificates"), .kept("completionpercentage"), .kept("datetime"),
            .kept("issued_certificates"), .kept("lastcontentaccesstime"), .kept("lastreadcontentid"),
            .kept("lastreadcontentstatus"), .kept("progress"), .kept("status"),
        ],
        numbers: .batches, target: .keyed(columns: 10, keyColumns: 2)
    ) { (row, book, chunk) throws(LineFault) in
        try row.withText(7) { cell throws(JSONFault) in
            var scanner = JSONScanner(cell)
            try scanner.forEachNumber { _, status throws(JSONFault) in
                if Int32(exactly: status) == nil { throw JSONFault("its values must be whole numbers") }
            }
        }
        let batch = book.number(row.cells[1], row.cells[2], of: row)
        let hasCertificate = row.hasElements(13) || row.hasElements(10)
        let other = row.gather(9..<row.cells.count)
        chunk.beginRow()
        chunk.addToKey(batch)
        chunk.addToKey(row.cells[0], of: row)
        chunk.endKey()
        chunk.add(batch)
        for column in [0, 3, 4, 6] { chunk.add(row.cells[column], of: row) }
        chunk.add(Int64(hasCertificate ? 1 : 0))
        for column in [8, 5, 7] { chunk.add(row.cells[column], of: row) }
        chunk.add(other, of: row)
        chunk.endRow()
    }

    static let userActivityAgg = TableShape(
        name: "user_activity_agg",
        columns: [
            .key("user_id"), .key("context_id"), .key("activity_id"), .key("activity_type"), .json("aggregates"),
            .json("agg"), .kept("agg_details"), .kept("agg_last_updated"),
        ],
        numbers: .contexts,
        target: .detailed(
            columns: [
                "context", "user_id", "activity_id", "activity_type", "completed_count", "time_spent", "detail",
            ],
            identity: [0, 1, 2, 3], detailColumns: 3)
    ) { (row, book, chunk) throws(LineFault) in
        var completed: Double?
        var oldCompleted: Double?
        var timeSpent: Double?
        try row.withText(4) { cell throws(JSONFault) in
            var scanner = JSONScanner(cell)
            try scanner.forEachNumber { key, number throws(JSONFault) in
                switch MemberName(bytes: key) {
                case "completedCount": completed = number
                case "timespent": timeSpent = number
                default: break
                }
            }
        }
        try row.withText(5) { cell throws(JSONFault) in
            var scanner = JSONScanner(cell)
            try scanner.forEachNumber { key, number throws(JSONFault) in
                if case "completedCount" = MemberName(bytes: key) { oldCompleted = number }
            }
        }
        let context = book.number(row.cells[1], nil, of: row)
        let other = row.gather(6..<8)
        chunk.beginRow()
        chunk.addToKey(context)
        for column in [0, 2, 3] { chunk.addToKey(row.cells[column], of: row) }
        chunk.endKey()
        chunk.add(context)
        for column in [0, 2, 3] { chunk.add(row.cells[column], of: row) }
        chunk.add(completed ?? oldCompleted)
        chunk.add(timeSpent)
        for column in [5, 4] { chunk.add(row.cells[column], of: row) }
        chunk.add(other, of: row)
        chunk.endRow()
    }

    static let assessmentAggregator = attempts("assessment_aggregator")
    static let assessmentArchive = attempts("assessment_archive")

    private static func attempts(_ name: String) -> TableShape {
        TableShape(
            name: name,
            columns: [
                .key("user_id"), .key("course_id"), .key("batch_id"), .key("content_id"), .key("attempt_id"),
                .time("last_attempted_on"), .number("total_score"), .number("total_max_score"), .text("grand_total"),
                .json("question"), .time("created_on"), .time("updated_on"),
            ],
            numbers: .batches,
            target: .detailed(
                columns: [
                    "batch", "user_id", "last_attempted_on", "attempt_id", "content_id", "total_score",
                    "total_max_score", "grand_total", "duration", "detail",
                ],
                identity: [0, 1, 3, 4], detailColumns: 3)
        ) { (row, book, chunk) throws(LineFault) in
            var duration: Double?
            try row.withText(9) { cell throws(JSONFault) in duration = try QuestionCells.duration(of: cell) }
            let batch = book.number(row.cells[1], row.cells[2], of: row)
            chunk.beginRow()
            chunk.addToKey(batch)
            for column in [0, 3, 4] { chunk.addToKey(row.cells[column], of: row) }
            chunk.endKey()
            chunk.add(batch)
            chunk.add(row.cells[0], of: row)
            chunk.add(row.cells[5] == .missing ? .integer(AttemptTime.missing) : row.cells[5], of: row)
            for column in [4, 3, 6, 7, 8] { chunk.add(row.cells[column], of: row) }
            chunk.add(duration)
            for column in [9, 10, 11] { chunk.add(row.cells[column], of: row) }
            chunk.endRow()
        }
    }
}
