extension TableShape {
    static let user = plain(
        "user", keyColumns: 1,
        [
            .key("userid"), .text("firstname"), .text("lastname"), .text("email"), .text("phone"), .text("state"),
            .text("district"), .text("block"), .text("cluster"), .text("rootorgid"), .text("orgname"),
            .text("schoolname"), .text("schooludisecode"), .text("usertype"), .text("usersubtype"), .text("board"),
            .text("status"),
        ],
        kept: [
            "channel", "framework", "framework_board", "framework_grade", "framework_id", "framework_medium",
            "framework_subject", "grade", "language", "medium", "profileusertypes", "subject", "userchannel",
            "usersignintype",
        ])

    static let userConsent = TableShape(
        name: "user_consent",
        columns: [
            .key("user_id"), .key("consumer_id"), .key("object_id"), .text("status"), .text("expiry"),
            .time("last_updated_on"),
        ] + consentKept,
        numbers: .consents, target: .keyed(columns: 6, keyColumns: 2)
    ) { row, book, chunk in
        let scope = book.number(row.cells[2], row.cells[1], of: row)
        let other = row.gather(6..<row.cells.count)
        chunk.beginRow()
        chunk.addToKey(scope)
        chunk.addToKey(row.cells[0], of: row)
        chunk.endKey()
        chunk.add(scope)
        for column in [0, 3, 4, 5] { chunk.add(row.cells[column], of: row) }
        chunk.add(other, of: row)
        chunk.endRow()
    }

    private static let consentKept = ["categories", "consent_data", "consumer_type", "created_on", "id", "object_type"]
        .map(SourceColumn.kept)
}
