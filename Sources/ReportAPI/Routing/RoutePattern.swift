import HTTPMessages

/// A path with names for some of its segments: `/v1/requests/{tag}/{requestId}`. A name stands for exactly one segment,
/// which may hold an escaped slash.
public struct RoutePattern: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    enum Segment: Sendable, Hashable {
        case fixed(String)
        case name(String)
    }

    /// As it is written in the OpenAPI document.
    public let description: String
    let segments: [Segment]

    /// The pattern that is written so.
    public init(stringLiteral text: String) { self.init(text) }

    /// The pattern that is written so.
    public init(_ text: String) {
        description = text
        segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
            part.hasPrefix("{") && part.hasSuffix("}")
                ? .name(String(part.dropFirst().dropLast())) : .fixed(String(part))
        }
    }

    /// The values of the names if `path` (still encoded) fits, else nil. A segment with a broken escape fits nothing.
    func match(_ path: [Substring]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, part) in zip(segments, path) {
            switch segment {
            case .fixed(let text): if part != text { return nil }
            case .name(let name):
                guard !part.isEmpty, let value = PercentEncoding.decode(part) else { return nil }
                values[name] = value
            }
        }
        return values
    }

    /// How many segments are fixed; of two patterns that fit, the one with more counts.
    var fixedCount: Int { segments.count { if case .fixed = $0 { true } else { false } } }
}
