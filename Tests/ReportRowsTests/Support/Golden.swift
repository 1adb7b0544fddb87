import Foundation
import Testing

/// Compares with a file of `Golden/`. With `EXHAUST_WRITE_GOLDEN=1` it writes the file instead, and fails so that
/// nobody takes that for a passed test.
func expectGolden(_ bytes: [UInt8], _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(components: "Golden", name)
    if ProcessInfo.processInfo.environment["EXHAUST_WRITE_GOLDEN"] == "1" {
        try Data(bytes).write(to: file)
        Issue.record("\(name) was written; look at it, and run again without EXHAUST_WRITE_GOLDEN")
        return
    }
    let expected = [UInt8](try Data(contentsOf: file))
    if bytes == expected { return }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = String(decoding: expected, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(lines, wanted).prefix { $0 == $1 }.count
    Issue.record(
        """
        \(name) line \(line + 1)
        expected \(line < wanted.count ? String(wanted[line]) : "nothing")
        found    \(line < lines.count ? String(lines[line]) : "nothing")
        """, sourceLocation: sourceLocation)
}
