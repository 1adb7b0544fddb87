import Foundation
import Testing

@testable import Settings

/// Settings that people copy from our pages.
@Suite struct DocumentedSettingsTests {
    /// The blocks of all pages that begin with a brace in a line of its own or hold one object in one line.
    private static let blocks = Result {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let pages = try ["docs", "deploy", "."].flatMap { folder in
            try FileManager.default.contentsOfDirectory(
                at: project.appending(path: folder), includingPropertiesForKeys: nil)
        }
        return try pages.filter { $0.pathExtension == "md" }.flatMap { page in
            try String(contentsOf: page, encoding: .utf8).split(separator: "```", omittingEmptySubsequences: false)
                .enumerated().filter { $0.offset % 2 == 1 }
                .map { block in String(block.element.drop { $0 != "\n" }.dropFirst()) }
                .filter { $0.hasPrefix("{") }
        }
    }

    @Test func `every example of a settings file is read as one`() throws {
        let blocks = try Self.blocks.get()
        #expect(blocks.count >= 5)
        for block in blocks {
            #expect(throws: Never.self, "\(block)") {
                try withTemporaryFolder { folder in
                    _ = try Settings(
                        configFile: folder.write("exhaust.json5", block), environment: [:],
                        reports: SettingsReadingTests.reports, cores: 2)
                }
            }
        }
    }
}
