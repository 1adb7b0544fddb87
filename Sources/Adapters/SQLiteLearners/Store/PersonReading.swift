import ReportModel
import SQLiteAccess

extension Database {
    /// Rows that are passed over before the next learner is looked up in the tree instead: about the cost of a look-up.
    private static let passedOverLimit = 12

    /// Fields of the profiles of a page of learners. Profiles are not kept by batch: where the learners lie close together
    /// the table is walked, where they lie far apart each is looked up.
    func profiles(of keys: LearnerKeys, fields: [ProfileField]) throws -> ProfilePage {
        var page = ProfilePage(fields: fields)
        page.arena = ByteArena(capacity: keys.count * fields.count * 16)
        page.exists = Array(repeating: false, count: keys.count)
        page.values = Array(repeating: .absent, count: keys.count * fields.count)
        guard keys.count > 0 else { return page }
        let columns = fields.map { ", " + $0.rawValue }.joined()
        try with("SELECT userid\(columns) FROM user WHERE userid >= ?1 ORDER BY userid") { statement in
            var learner = 0
            while learner < keys.count {
                try keys.arena.withBytes(of: keys.ids[learner]) { try statement.bind(1, text: $0) }
                guard try Self.walk(statement, keys, &learner, &page) else { return }
                statement.reset()
            }
        }
        return page
    }

    /// Walks on as long as that pays; false at the end of the table. `learner` is the first one not seen to.
    private static func walk(
        _ statement: Statement, _ keys: LearnerKeys, _ learner: inout Int, _ page: inout ProfilePage
    ) throws -> Bool {
        var passedOver = 0
        while try statement.step() {
            guard let id = statement.bytes(0) else { continue }
            let before = learner
            let found = keys.index(of: id, from: &learner)
            if let found {
                page.exists[found] = true
                let first = found * page.fields.count
                for field in page.fields.indices {
                    page.values[first + field] = page.arena.append(optional: statement.bytes(field + 1))
                }
                learner = found + 1
            }
            if learner == keys.count { return false }
            passedOver = learner == before ? passedOver + 1 : 0
            if passedOver > passedOverLimit { return true }
        }
        return false
    }

    /// What a page of learners answered: one stretch of the table.
    func consents(of keys: LearnerKeys, collection: String, organisation: String) throws -> ConsentPage {
        var page = ConsentPage()
        page.consents = Array(repeating: nil, count: keys.count)
        guard keys.count > 0,
            let scope = try number(
                "SELECT number FROM consent_number WHERE object_id = ?1 AND consumer_id = ?2", collection, organisation)
        else { return page }
        let query = RangeQuery(
            "user_id, status, expiry, last_updated_on", from: "user_consent", scope: "scope", user: "user_id",
            range: keys.range)
        var matcher = LearnerMatcher(keys)
        try with(query.sql) { statement in
            try query.bind(statement, scope: scope)
            while try statement.step() {
                guard let id = statement.bytes(0), let learner = matcher.learner(id) else { continue }
                var consent = ConsentPage.Consent()
                consent.status = page.arena.append(optional: statement.bytes(1))
                consent.expiry = page.arena.append(optional: statement.bytes(2))
                consent.updatedOn = statement.optionalInteger(3).map(Timestamp.init(milliseconds:))
                page.consents[learner] = consent
            }
        }
        return page
    }
}
