import ReportModel
import ReportPorts

/// The body of a search (upstream.md 2.8; 2.14, 29).
struct RequestSearch: Sendable {
    /// `dataset.request.search.limit`: hits of a search that names no limit (upstream.md 8.1).
    static let defaultLimit = 10

    /// Hits at the most.
    let limit: Int
    private var dataset: String?
    private var status: String?
    private var channel: String?
    private var day: Range<Timestamp>?

    /// Reads the member `request`; days are those of the zone of request ids, `offsetMinutes` ahead of UTC. Throws
    /// `invalidInput` with status 400 and upstream's words, or naming the member.
    init(_ request: JSONValue, offsetMinutes: Int) throws(ExhaustError) {
        guard let filters = try request.coercedObject("filters") else { throw .badRequest("Filters are empty") }
        let names = ["dataset", "requestedDate", "status", "channel"]
        guard names.contains(where: { filters[$0] != nil }) else { throw .badRequest("Unsupported filters") }
        guard names.contains(where: { filters[$0].map { !$0.isNull } ?? false }) else {
            throw .badRequest("filters: every one of them is null", remedy: "Name a \(names.joined(separator: ", ")).")
        }
        func text(_ name: String) throws(ExhaustError) -> String? {
            guard let value = filters[name], !value.isNull else { return nil }
            guard let text = value.text else { throw .badRequest("filters.\(name): it must be text") }
            return text
        }
        limit = try Self.limit(request["limit"])
        dataset = try text("dataset")
        status = try text("status")
        channel = try text("channel")
        if let date = try text("requestedDate") { day = try Self.day(date, offsetMinutes: offsetMinutes) }
    }

    /// What to look for among the requests of `caller`'s channel; nil if nothing can be found.
    func query(channel own: String) -> RequestQuery? {
        if let channel, channel != own { return nil }
        var statuses: Set<RequestStatus> = []
        if let status {
            guard let known = RequestStatus(rawValue: status) else { return nil }
            statuses = [known]
        }
        return RequestQuery(
            channel: own, statuses: statuses, report: dataset, submitted: day,
            limit: min(limit, DialectRequests.pageLimit))
    }

    private static func limit(_ value: JSONValue?) throws(ExhaustError) -> Int {
        guard let value, !value.isNull else { return defaultLimit }
        guard case .number = value, let limit = value.integer, (0...Int64(Int32.max)).contains(limit) else {
            throw .badRequest("limit: it must be a whole number from 0 to \(Int32.max)", remedy: "Send such a number.")
        }
        return Int(limit)
    }

    /// The day of `yyyy-MM-dd`, read leniently: short numbers, something behind it, months and days that roll over.
    private static func day(_ text: String, offsetMinutes: Int) throws(ExhaustError) -> Range<Timestamp> {
        var rest = text[...]
        func number() -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            return digits.count <= 6 ? Int(digits) : nil
        }
        var numbers: [Int] = []
        for place in 0..<3 {
            if place > 0 {
                guard rest.hasPrefix("-") else { break }
                rest = rest.dropFirst()
            }
            guard let value = number() else { break }
            numbers.append(value)
        }
        guard numbers.count == 3, (1...9_999).contains(numbers[0]) else {
            throw .badRequest("filters.requestedDate: it must be a date such as 2024-01-31")
        }
        let months = numbers[0] * 12 + numbers[1] - 1
        let first = CalendarTime(year: months / 12, month: months % 12 + 1, day: 1).timestamp()
        let start = first.adding(seconds: Double(numbers[2] - 1) * 86_400 - Double(offsetMinutes) * 60)
        return start..<start.adding(seconds: 86_400)
    }
}
