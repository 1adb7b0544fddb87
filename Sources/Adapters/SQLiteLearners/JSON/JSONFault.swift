/// Why bytes are not the JSON that they should be; holds nothing of their content.
struct JSONFault: Error, Hashable {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    static let unexpectedEnd = JSONFault("it ends inside a JSON value")
}
