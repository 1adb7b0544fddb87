import ReportModel
import ReportPorts
import ReportRows
import SecureArchive

/// The file of one batch: rows, parts, archive, receipt.
struct BatchFile: Sendable {
    let ports: SourcePorts
    let settings: ServiceSettings
    let run: PreparedRun
    let context: ReportContext
    let sources: LearnerSources
    let meter: RunMeter
    /// The id of the request; nil where there is none (`exhaust run`).
    let requestID: String?
    /// Name of the file without extension.
    let name: String

    /// What was made.
    struct Made: Sendable {
        var receipt: JSONValue
        var tally: Tally
        var fileBytes: Int64
        var csvBytes: Int64
    }

    /// Makes the rows, or takes them from `vault`; `kept` is called after each range that went into it.
    func makeRows(vault: PartVault, kept: @Sendable () async throws -> Void) async throws -> BatchParts {
        try await BatchReport(
            report: run.report, context: context, sources: sources, settings: settings, catalogue: ports.catalogue,
            meter: meter
        ).make(vault: vault, kept: kept)
    }

    /// Writes the rows into `staged`, which is finished afterwards but still under its staging name.
    func write(_ parts: BatchParts, to staged: any StagedFile) async throws -> Made {
        let protection = try run.protection(of: context.batch)
        let assembly = ArchiveAssembly(
            parts: parts, header: try header(parts.columns), name: name, protection: protection.means,
            rowsPerEntry: settings.rowsPerEntry, modified: DOSTime(context.asOf))
        let through = sources.dataTime ?? ports.clock.now()
        let receipt = { (entries: [EntryReceipt]) in self.receipt(parts.tally, entries, protection.rule.level, through)
        }
        let written = try await assembly.write(to: staged) { entries in
            // Layout `sunbird` is for tools that expect the CSV alone (design.md 6.2).
            if run.layout == .sunbird { return [] }
            return [
                ("receipt.json", Array((receipt(entries).prettyText + "\n").utf8)),
                ("dictionary.csv", ReportDictionary.csv(of: parts.columns, options: context.csv)),
            ]
        }
        try await staged.finish()
        return Made(
            receipt: receipt(written.entries), tally: parts.tally, fileBytes: written.fileBytes,
            csvBytes: Int64(written.entries.reduce(0) { $0 + $1.bytes }))
    }

    /// The header row as a part of its own, with the byte order mark where one is wanted.
    func header(_ columns: [ColumnDescription]) throws -> Part {
        var deflater = Deflater()
        try deflater.append(CSVWriter.header(of: columns, options: context.csv))
        return try deflater.finish()
    }

    private func receipt(
        _ tally: Tally, _ entries: [EntryReceipt], _ level: SecurityLevel, _ through: Timestamp
    ) -> JSONValue {
        BatchReceipt(
            requestID: requestID, report: run.report, context: context, level: level, tally: tally,
            entries: entries, findings: run.findings(of: context.batch), dataVersion: sources.dataVersion,
            // Parts that earlier attempts made were read after the first of them began.
            dataFrom: sources.dataTime ?? context.asOf, dataThrough: through, readings: sources.readings,
            rules: settings.receiptSettings(csv: context.csv)
        ).json
    }
}

extension DOSTime {
    /// The time as an archive shows it, in UTC; the same for every file of a run.
    init(_ time: Timestamp) {
        let calendar = CalendarTime(time)
        self.init(
            year: calendar.year, month: calendar.month, day: calendar.day, hour: calendar.hour,
            minute: calendar.minute, second: calendar.second)
    }
}

extension ServiceSettings {
    /// The settings that change what a CSV holds, by name; those of `csv` are the request's own.
    func receiptSettings(csv: CSVOptions) -> [(String, JSONValue)] {
        [
            ("csv.dialect", .string(csv.dialect.rawValue)), ("csv.formulaGuard", .bool(csv.formulaGuard)),
            ("csv.bom", .bool(csv.byteOrderMark)), ("csv.lineEnd", .string(csv.lineEnd.rawValue)),
            ("progress.nestedDepth", .integer(rules.nestedDepth)),
            ("assessment.metrics.bestscore.report", .bool(rules.bestScore)),
            (
                "assessment.metrics.supported.contentType",
                .string(rules.assessmentContentTypes.joined(separator: ","))
            ),
            ("assessment.metrics.supported.objectType", .string(rules.assessmentObjectTypes.joined(separator: ","))),
            (
                "assessment.metrics.supported.primaryCategories",
                .string(rules.assessmentPrimaryCategories.joined(separator: ","))
            ),
            (
                "certificate.failedStatus",
                .string(rules.certificateFailedStatuses.sorted().map(String.init).joined(separator: ","))
            ),
        ]
    }
}
