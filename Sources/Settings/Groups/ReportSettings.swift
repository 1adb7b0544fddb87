public import ReportModel
public import ReportRows

/// What the reports hold and how their CSV looks (design.md 6).
public struct ReportSettings: Sendable {
    /// Rules that decide what cells hold.
    public var rules = ReportRules()
    /// How the CSV is written.
    public var csv = CSVOptions()
    /// `layout.<report>`, where it is set.
    public var layouts: [String: ReportLayout] = [:]
    /// `level.<report>`, for every report.
    public var levels: [String: SecurityLevel] = [:]
    /// `level.requireKey`: whether reports at a password level are refused without a password, instead of left open.
    public var requiresKey = false
    /// `pii.salt`: what stored personal values were encrypted with; the default is that of the services that store them.
    public var personalDataSalt = "SunBird"

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader, reports: [String]) throws {
        reader.begin("Reports")
        for report in reports {
            var layout: ReportLayout?
            try reader.choice(
                &layout, "layout.\(report)", otherwise: "documented",
                "Columns and forms of \(report), where the request does not choose.")
            layouts[report] = layout
        }
        try reader.whole(
            &rules.nestedDepth, "progress.nestedDepth", 0...64, "levels",
            "How deep nested collections get a progress column of their own; 0 is none.")
        try reader.list(
            &rules.assessmentContentTypes, "assessment.metrics.supported.contentType",
            aliases: ["assessment.metrics.supported.contenttype"],
            "contentType of nodes that are assessments; empty switches the check off.")
        try reader.list(
            &rules.assessmentObjectTypes, "assessment.metrics.supported.objectType",
            aliases: ["assessment.metrics.supported.objecttype"],
            "objectType of nodes that are assessments with one of the primary categories; empty is QuestionSet.")
        try reader.list(
            &rules.assessmentPrimaryCategories, "assessment.metrics.supported.primaryCategories",
            "primaryCategory of nodes that are assessments; empty switches the check off.")
        try reader.flag(
            &rules.bestScore, "assessment.metrics.bestscore.report",
            "Whether a learner's best attempt counts; otherwise the latest does.")
        try reader.numbers(
            &rules.certificateFailedStatuses, "certificate.failedStatus",
            "Values of certstatus that are shown as a certificate that failed.")
        try readCSV(&reader)
        try readProtection(&reader, reports: reports)
    }

    private mutating func readCSV(_ reader: inout SettingsReader) throws {
        reader.begin("CSV")
        try reader.choice(
            &csv.dialect, "csv.dialect", "Quotes inside cells: doubled (rfc4180) or after a backslash (spark).")
        try reader.choice(&csv.lineEnd, "csv.lineEnd", "How lines end.")
        try reader.flag(
            &csv.byteOrderMark, "csv.bom", "Whether files begin with the mark by which older Excel knows UTF-8.")
        try reader.flag(
            &csv.formulaGuard, "csv.formulaGuard",
            "Whether text that a spreadsheet would run as a formula gets a `'` in front.")
    }

    private mutating func readProtection(_ reader: inout SettingsReader, reports: [String]) throws {
        reader.begin("Protection")
        for report in reports {
            var level = SecurityLevel.password
            try reader.choice(
                &level, "level.\(report)", "Protection of \(report), where the organisation has no policy of its own.")
            levels[report] = level
        }
        try reader.flag(
            &requiresKey, "level.requireKey",
            "Whether a request without a password is refused at a password level; otherwise its file is left open.")
        try reader.text(
            &personalDataSalt, "pii.salt", aliases: ["sunbird_encryption_key"], isSecret: true,
            "Salt with which stored e-mail addresses and telephone numbers were encrypted.")
    }
}
