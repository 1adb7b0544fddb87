/// The text of the column `err_message`.
public enum StatusText {
    /// Characters that the column holds (upstream.md 1.1).
    public static let limit = 300

    /// `text` on one line, cut to `limit` characters of which the last three are then dots, as upstream cuts it.
    public static func abbreviated(_ text: String, to limit: Int = limit) -> String {
        var line = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += 1
            guard count <= limit else {
                return String(String(line).unicodeScalars.prefix(limit - 3)) + "..."
            }
            line.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return String(line)
    }
}
