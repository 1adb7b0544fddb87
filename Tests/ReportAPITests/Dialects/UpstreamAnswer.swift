import Foundation
import HTTPMessages
import ReportModel
import Testing

/// One recorded request and what upstream's service answered (UpstreamAnswers/README.md).
struct UpstreamAnswer: Sendable, CustomTestStringConvertible {
    let group: String
    let name: String
    /// The local date of the recorded service.
    let date: String
    /// The clock of the recorded service in UTC, if it was set.
    let clock: String?
    /// Minutes before UTC of its zone.
    let offsetMinutes: Int
    /// SQL that was run first.
    let before: [String]
    let request: JSONValue
    let status: Int?
    /// Nil for a page of HTML, or no answer at all.
    let answer: JSONValue?
    let rows: [JSONValue]

    var testDescription: String { "\(group): \(name)" }

    init(_ line: Substring) throws {
        let json = try JSONValue(parsing: String(line), limits: .init(nesting: 200), name: "answers.jsonl")
        group = try #require(json["group"]?.text)
        name = try #require(json["case"]?.text)
        date = try #require(json["date"]?.text)
        clock = json["service"]?["clock"]?.text
        offsetMinutes = json["service"]?["timezone"]?.text == "Asia/Kolkata" ? 330 : 0
        before = (json["before"]?.elements ?? []).compactMap(\.text)
        request = try #require(json["request"])
        status = json["status"]?.integer.map { Int($0) }
        answer = json["answer"].flatMap { $0.isNull ? nil : $0 }
        rows = json["rows"]?.elements ?? []
    }

    static let all = Result {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "UpstreamAnswers")
        let text = try String(contentsOf: folder.appending(path: "answers.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").map(UpstreamAnswer.init)
    }

    var path: String { request["path"]?.text ?? "" }

    /// The member `request` of the body, if it is an object.
    var asked: JSONValue? {
        do {
            let whole = try JSONValue(parsing: request["body"]?.text ?? "")
            return whole["request"].flatMap { $0.objectMembers == nil ? nil : $0 }
        } catch {
            return nil
        }
    }

    /// The recorded header fields, trimmed as a server does.
    var fields: HTTPFields {
        var fields = HTTPFields()
        for member in request["headers"]?.objectMembers ?? [] {
            fields.append(member.name, (member.value.text ?? "").trimmingCharacters(in: .whitespaces))
        }
        return fields
    }
}
