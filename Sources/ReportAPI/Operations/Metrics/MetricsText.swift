/// Metrics in Prometheus' text format (version 0.0.4).
public struct MetricsText: Sendable {
    /// What a number means to Prometheus.
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// The text so far; every line is ended.
    public private(set) var text = ""

    /// No metrics.
    public init() {}

    /// Begins a family; its samples follow. `help` is one line.
    public mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// The one number of the family that was begun.
    public mutating func add(_ name: String, _ value: Double) { add(name, [], value) }

    /// One number of the family that was begun.
    public mutating func add(_ name: String, _ labels: [(String, String)], _ value: Double) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}"
        }
        text += " \(Self.number(value))\n"
    }

    /// A histogram of the family that was begun.
    mutating func add(_ name: String, _ labels: [(String, String)], _ histogram: Histogram) {
        var total = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            total += count
            add("\(name)_bucket", labels + [("le", Self.number(bound))], Double(total))
        }
        add("\(name)_bucket", labels + [("le", "+Inf")], Double(histogram.count))
        add("\(name)_sum", labels, histogram.sum)
        add("\(name)_count", labels, Double(histogram.count))
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += #"\\"#
            case "\"": escaped += #"\""#
            case "\n": escaped += #"\n"#
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

/// How often values fell below which bounds.
struct Histogram: Sendable, Hashable {
    /// Upper bounds, rising.
    let bounds: [Double]
    /// Values up to each bound and above the one before.
    private(set) var counts: [Int]
    /// All values.
    private(set) var count = 0
    /// Their sum.
    private(set) var sum = 0.0

    /// Nothing yet.
    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = [Int](repeating: 0, count: bounds.count)
    }

    /// One more value.
    mutating func add(_ value: Double) {
        if let place = bounds.firstIndex(where: { value <= $0 }) { counts[place] += 1 }
        count += 1
        sum += value
    }
}
