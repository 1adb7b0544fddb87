/// The text of a progress bar, drawn not more often than the eye sees. Time is given, in seconds from any start.
struct ProgressBar: Sendable {
    /// Shortest time between two drawings, in seconds.
    static let interval = 0.1
    private static let bar = 24

    private let title: String
    private let unit: String
    private let startedAt: Double
    private var drawnAt: Double?

    /// A bar that counts `unit`, such as `learners`.
    init(_ title: String, unit: String, at now: Double) {
        self.title = title
        self.unit = unit
        self.startedAt = now
    }

    /// The line to show now; nil if the last one was drawn a moment ago. A `total` of 0 is one that is not known yet.
    mutating func line(done: Int, total: Int, at now: Double) -> String? {
        let isComplete = total > 0 && done >= total
        if let drawnAt, now - drawnAt < Self.interval, !isComplete { return nil }
        drawnAt = now
        guard total > 0 else { return "\(title)  \(HumanText.count(done)) \(unit)" }
        let share = min(1, max(0, Double(done) / Double(total)))
        let filled = Int(share * Double(Self.bar))
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.bar - filled)
        let elapsed = now - startedAt
        // An estimate from the first moments would only mislead.
        let left = share > 0.02 && elapsed > 1 && !isComplete ? elapsed / share - elapsed : nil
        return "\(title)  [\(bar)] \(Int(share * 100))%  \(HumanText.count(done)) of \(HumanText.count(total)) \(unit)"
            + (left.map { ", \(HumanText.duration($0)) left" } ?? "")
    }
}
