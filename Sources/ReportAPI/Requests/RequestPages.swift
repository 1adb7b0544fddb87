import ReportModel
import ReportPorts

/// Lists of requests, a page at a time: rights come before limits, so that a page is filled with what its caller may see,
/// however many requests of others lie between.
struct RequestPages: Sendable {
    /// A page.
    struct Page: Sendable {
        /// What may be seen, newest first.
        var requests: [StoredRequest]
        /// Where the next page begins; nil if there is none.
        var next: RequestPlace?
        /// Why the first of what may not be seen may not; nil if there was none.
        var refusal: ExhaustError?
    }

    /// What a search finds.
    struct Hits: Sendable {
        /// How many requests.
        var count = 0
        /// Whether all rows were looked at.
        var isCountComplete = true
        /// The newest of them.
        var first: [StoredRequest] = []
    }

    /// Rows that one call looks at, at the most. Behind so many that a caller may not see, a page ends early, and says that
    /// there is more.
    static let rowLimit = 10_000
    /// Rows that are read in one go.
    static let stepLimit = 500

    let jobs: any JobStore
    let sight: RequestSight

    /// The newest requests of `query` that `caller` may see, up to its limit.
    func page(_ query: RequestQuery, for caller: Caller) async throws -> Page {
        var page = Page(requests: [])
        guard query.limit > 0 else { return page }
        let last = try await walk(query, for: caller) { seen in
            page.refusal = page.refusal ?? seen.refusal
            page.requests += seen.visible
            // One more than is shown tells that there is more.
            return page.requests.count <= query.limit
        }
        if page.requests.count > query.limit {
            page.requests.removeSubrange(query.limit...)
            page.next = page.requests.last.map { RequestPlace(of: $0.request) }
        } else {
            page.next = last
        }
        return page
    }

    /// How many requests of `query` `caller` may see among the newest `rowLimit`, and the newest of them up to its limit.
    func hits(of query: RequestQuery, for caller: Caller) async throws -> Hits {
        var hits = Hits()
        let rest = try await walk(query, for: caller) { seen in
            hits.count += seen.visible.count
            hits.first += seen.visible.prefix(query.limit - hits.first.count)
            return true
        }
        hits.isCountComplete = rest == nil
        return hits
    }

    /// Goes through the rows of `query` until `take` answers false. Answers where to go on if `rowLimit` came before the end.
    private func walk(
        _ query: RequestQuery, for caller: Caller, take: (RequestSight.Finding) -> Bool
    ) async throws -> RequestPlace? {
        var step = query
        step.limit = min(query.limit + 1, Self.stepLimit)
        var looked = 0
        while true {
            let rows = try await jobs.requests(step)
            looked += rows.count
            guard take(try await sight.look(at: rows, as: caller)), rows.count == step.limit, let last = rows.last
            else { return nil }
            step.after = RequestPlace(of: last.request)
            guard looked < Self.rowLimit else { return step.after }
            step.limit = min(Self.stepLimit, Self.rowLimit - looked)
        }
    }
}
