import Testing

@testable import Settings

@Suite struct SettingsHelpTests {
    static let reports = ["progress-exhaust", "response-exhaust", "userinfo-exhaust", "assessment-score-report"]

    @Test func `every setting has a name, a variable and a sentence of its own`() throws {
        let declarations = try Settings.declarations(reports: Self.reports)
        #expect(declarations.count > 40)
        #expect(Set(declarations.map(\.name)).count == declarations.count)
        #expect(Set(declarations.map(\.variable)).count == declarations.count)
        for declaration in declarations {
            #expect(declaration.summary.hasSuffix("."), "\(declaration.name)")
            #expect(!declaration.group.isEmpty && !declaration.kind.isEmpty)
        }
    }

    @Test func `defaults are accepted as they are documented`() throws {
        for declaration in try Settings.declarations(reports: Self.reports) {
            if declaration.isSecret || declaration.defaultText.isEmpty { continue }
            let settings = try Settings(
                configFile: nil, environment: [declaration.variable: declaration.defaultText], reports: Self.reports)
            let entry = try #require(settings.entries.first { $0.declaration.name == declaration.name })
            #expect(entry.value == declaration.defaultText)
            #expect(entry.source == .variable(declaration.variable))
        }
    }

    @Test func `the help says what a setting is`() throws {
        let help = try Settings.help(reports: Self.reports)
        #expect(
            help.contains(
                """
                  csv.dialect = rfc4180
                      Quotes inside cells: doubled (rfc4180) or after a backslash (spark).
                      Value: one of rfc4180, spark.
                      EXHAUST_CSV_DIALECT

                """))
        #expect(help.contains("  pii.salt (secret)\n"))
        #expect(help.contains("EXHAUST_PII_SALT, EXHAUST_PII_SALT_FILE\n      Also: sunbird_encryption_key\n"))
        #expect(help.contains("  certificate.failedStatus (empty)\n"))
    }

    @Test(arguments: [60, 80, 120])
    func `the help keeps to the width of the terminal`(columns: Int) throws {
        for line in try Settings.help(reports: Self.reports, columns: columns).split(separator: "\n") {
            // A single word may be longer than the line.
            #expect(line.count <= columns || !line.drop(while: { $0 == " " }).contains(" "), "\(line)")
        }
    }
}

@Suite struct SettingTextTests {
    @Test(arguments: [
        ("0", 0), ("1024", 1024), ("1_000 B", 1000), ("2 MiB", 2 << 20), ("2mib", 2 << 20), ("1kB", 1000),
        ("3 TB", 3_000_000_000_000),
    ])
    func `sizes are read`(text: String, bytes: Int) {
        #expect(SettingText.size(text) == bytes)
        #expect(SettingText.size(SettingText.sizeText(bytes)) == bytes)
    }

    @Test(arguments: ["", "MiB", "1.5 MiB", "-1", "1 M", "9999999999999999999", "1 MiB x"])
    func `what is no size is none`(text: String) { #expect(SettingText.size(text) == nil) }

    @Test(arguments: [("15", 15), ("1.5 h", 5400), ("250ms", 0.25), ("2d", 172_800), ("3 min", 180), ("3m", 180)])
    func `times are read`(text: String, seconds: Double) { #expect(SettingText.seconds(text) == seconds) }

    @Test(arguments: ["", "s", "1 M", "1..5", "inf", "-5", "1e3"])
    func `what is no time is none`(text: String) { #expect(SettingText.seconds(text) == nil) }

    @Test(arguments: [("+05:30", 330), ("-03:30", -210), ("Z", 0), ("+00:00", 0), ("+14:00", 840)])
    func `zones are read`(text: String, minutes: Int) { #expect(SettingText.zone(text) == minutes) }

    @Test(arguments: ["", "05:30", "+5:30", "+05.30", "+15:00", "+05:60", "UTC", "+0a:00"])
    func `what is no zone is none`(text: String) { #expect(SettingText.zone(text) == nil) }

    @Test(arguments: [
        ("dialekt", "dialect"), ("dailect", "dialect"), ("DIALECT", "dialect"), ("lineend", "lineEnd"),
        ("dialct", "dialect"),
    ])
    func `a slip of the hand is recognised`(word: String, meant: String) {
        #expect(Suggestion.nearest(to: word, among: ["lineEnd", "dialect", "bom"]) == meant)
    }

    @Test func `what is far from everything is nothing's neighbour`() {
        #expect(Suggestion.nearest(to: "encryption", among: ["lineEnd", "dialect", "bom", ""]) == nil)
        #expect(Suggestion.question(for: "x", among: []).isEmpty)
    }
}
