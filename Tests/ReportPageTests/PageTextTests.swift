import Glibc
import ReportModel
import ReportRows
import Testing

@testable import ReportPage

/// One file has all words of the pages, also those for what the service tells by codes.
@Suite struct PageTextTests {
    private let texts: String
    private let page: String

    init() throws {
        texts = String(decoding: try #require(PageAsset.all["texts/en.js"]).bytes, as: UTF8.self)
        page = String(decoding: try #require(PageAsset.all["index.html"]).bytes, as: UTF8.self)
    }

    /// The members of `block` of the texts, as written: up to the line that closes it.
    private func block(_ name: String, indent: Int = 2) throws -> String {
        let lines = texts.split(separator: "\n", omittingEmptySubsequences: false)
        let space = String(repeating: " ", count: indent)
        let inside = lines.drop { $0 != "\(space)\(name): {" }.dropFirst().prefix { $0 != "\(space)}," }
        return try #require(inside.isEmpty ? nil : inside.joined(separator: "\n"), "\(name)")
    }

    private func source(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let file = try #require(fopen("\(root)/\(path)", "r"), "\(path)")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `every finding and every reason to be left out has words`() throws {
        let codes = try source("Sources/ReportModel/Findings/Finding.swift")
            .matches(of: /= Self\(\s*"([a-z-]+)"/).map { String($0.output.1) }
        #expect(codes.count >= 17)
        let findings = try block("findings")
        for code in codes { #expect(findings.contains("    \"\(code)\": \""), "\(code)") }
        let leftOut = try block("leftOut")
        for code in codes where code.hasPrefix("consent-") || ["inactive", "other-organisation"].contains(code) {
            #expect(leftOut.contains("    \"\(code)\": \""), "\(code)")
        }
    }

    @Test func `every kind of failure has words`() throws {
        let known = try source("Sources/ReportModel/Errors/ExhaustError.swift")
            .matches(of: /public static let (\w+) = Code\(/).map { String($0.output.1) }
        #expect(known.count >= 16)
        let words = try block("codes", indent: 4)
        for code in known { #expect(words.contains("      \(code): \""), "\(code)") }
    }

    @Test(arguments: ReportRegistry.standard.reports.flatMap { report in report.layouts.map { (report.id, $0) } })
    func `every report and column has words, the same as its dictionary`(id: String, layout: ReportLayout) throws {
        let report = try ReportRegistry.standard.report(named: id)
        let reports = try block("reports")
        #expect(reports.contains("title: \"\(report.title)\"") && reports.contains("summary: \"\(report.summary)\""))
        let columns = try block("columns")
        for column in try report.columns(in: Self.context(layout)) {
            let meaning = column.meaning.map { $0 == "'" ? "’" : String($0) }.joined()
            let lines = ["\(column.label)@\(layout.rawValue)", column.label].map { "    \"\($0)\": \"" }
            let line = lines.first { columns.contains($0) } ?? ""
            #expect(!line.isEmpty && columns.contains("\(line)\(meaning)\","), "\(column.label)")
            #expect(column.unit.isEmpty || texts.contains("\"\(column.unit)\": \""), "\(column.unit)")
        }
    }

    private static func context(_ layout: ReportLayout) -> ReportContext {
        let record = CollectionRecord(identifier: "c", name: "", channel: "o", asksForConsent: true, status: "Live")
        return ReportContext(
            batch: ResolvedBatch(
                batch: BatchRecord(key: BatchKey(collection: "c", batch: "b")), collection: record,
                requestingOrganisation: "o", custodianOrganisation: nil),
            tree: nil, layout: layout, asOf: Timestamp(milliseconds: 0))
    }

    @Test func `what stands in a page before scripts run comes from the texts`() throws {
        #expect(page.contains("<html lang=\"en\">"))
        #expect(page.contains("<noscript><p class=\"frame\">This page needs JavaScript."))
        for (name, asset) in PageAsset.all where name.hasSuffix(".html") {
            #expect(!String(decoding: asset.bytes, as: UTF8.self).contains("{{"), "\(name)")
        }
    }

    @Test func `another language's words are put in as text`() {
        let script = "export const still = {\n  \"language\": \"xx\",\n  \"noScript\": \"<a> & \\\"b\\\"\"\n};\n"
        let filled = StillWords(script: Array(script.utf8)).fill(Array("<p lang=\"{{language}}\">{{noScript}}".utf8))
        #expect(String(decoding: filled, as: UTF8.self) == "<p lang=\"xx\">&lt;a> &amp; &quot;b&quot;")
    }
}
