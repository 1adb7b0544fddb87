/// Finds what somebody probably meant.
public enum Suggestion {
    /// The candidate that is closest to `word`, if one is close: at most a third of its letters differ, upper and lower
    /// case being equal.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let letters = Array(word.lowercased().utf8)
        let limit = max(1, letters.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(letters, Array(candidate.lowercased().utf8))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// ` Did you mean X?`, or nothing.
    public static func question(for word: String, among candidates: some Sequence<String>) -> String {
        nearest(to: word, among: candidates).map { "Did you mean \($0)?" } ?? ""
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var twoAbove = [Int](repeating: 0, count: right.count + 1)
        var above = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(above[column + 1], current[column]) + 1
                best = min(best, above[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, twoAbove[column - 1] + 1)
                }
                current.append(best)
            }
            (twoAbove, above) = (above, current)
        }
        return above[right.count]
    }
}
