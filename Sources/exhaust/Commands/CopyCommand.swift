import CassandraLearners
import ReportModel
import ReportPorts
import ReportService
import SQLiteLearners
import Settings

/// `exhaust copy --from cassandra --batch ID … --data DIR`
enum CopyCommand {
    private static let from = Parameter.option("from", "STORE", isRequired: true, "Where to copy from: cassandra.")

    static let command = Command(
        "copy", summary: "Copies batches of a deployment into the embedded store.",
        details: """
            For a trial beside the old jobs, or to make a fault again elsewhere: batches with their learners, attempts, \
            consent and trees from Cassandra, profiles and contents from the sources that the settings name. The data \
            folder then holds personal data.
            """,
        parameters: [from, SharedParameters.batch, SharedParameters.json]
    ) { arguments, console in
        guard try arguments.required(from) == "cassandra" else {
            throw UsageError("--from: there is only cassandra", remedy: "Use --from cassandra.")
        }
        let composition = try Composition(arguments, console, settings: ["learners.store": "cassandra"])
        let folder = try composition.newFolder()
        let files = CopiedFiles(folder: "\(folder.path)/copy.\(WorkerName.make())")
        do {
            let report = try await StopSignals.cancelling {
                try await files.begin()
                try await copy(arguments.values(SharedParameters.batch), composition, folder, to: files)
                try await files.finish()
                return try await Importer(folder: files.folder, store: folder.learners)
                    .run(now: composition.clock.now())
            }
            try await files.remove()
            try show(report, isJSON: arguments.has(SharedParameters.json), on: console)
            return .success
        } catch {
            try await files.remove()
            throw error
        }
    }

    private static func copy(
        _ ids: [String], _ composition: Composition, _ folder: DataFolder, to files: CopiedFiles
    ) async throws {
        let sources = try await composition.sources(in: folder)
        let records = try await sources.catalogue.batches(ids: ids)
        let missing = Set(ids).subtracting(records.map(\.key.batch))
        guard missing.isEmpty else {
            throw ExhaustError(
                .notFound, "no batch has the id \(missing.sorted().joined(separator: ", "))",
                remedy: "Check the batch ids.")
        }
        let keys = records.map(\.key)
        try await composition.cassandraCopy(in: folder).run(keys) { table, rows in
            try await files.write(rows, to: table)
        }
        let outside = OutsideCopy(sources: sources, files: files)
        if composition.settings.profiles.source == .redis {
            try await outside.copyProfiles(of: keys)
        } else {
            composition.console.note("exhaust: profiles are not copied: profiles.source names no other store.")
        }
        if composition.settings.platform.search.isEmpty {
            composition.console.note("exhaust: contents are not copied: services.search.url is empty.")
        } else {
            try await outside.copyContents(of: keys)
        }
    }

    private static func show(_ report: ImportReport, isJSON: Bool, on console: Console) throws {
        if isJSON {
            let tables = report.tables.map { JSONValue.Member($0.name, .integer($0.rows)) }
            return try console.print(
                JSONValue.members(("rows", .integer(report.rows)), ("tables", .object(tables))).compactText + "\n")
        }
        for table in report.tables { try console.print("\(table.name)  \(HumanText.count(table.rows))\n") }
    }
}

/// What a copy needs that is in no table of Cassandra.
struct OutsideCopy: Sendable {
    /// Learners of one question, and contents of one.
    private static let atOnce = 1_000

    let sources: SourcePorts
    let files: CopiedFiles

    /// The profiles of everybody in `batches`, who may be in several.
    func copyProfiles(of batches: [BatchKey]) async throws {
        let fields = ProfileField.allCases
        let open = try await sources.learners.open(for: batches, needs: LearnerNeeds(profileFields: fields))
        do {
            for batch in batches {
                var after: [UInt8]?
                while true {
                    let keys = try await open.roster.page(
                        of: batch, range: .everybody, after: after, limit: Self.atOnce)
                    guard let last = keys.ids.last else { break }
                    after = keys.arena.withBytes(of: last) { Array($0) }
                    let page = try await open.profiles.profiles(of: keys, fields: fields)
                    try await files.write(Self.rows(keys, page), to: "user")
                }
            }
            await open.close()
        } catch {
            await open.close()
            throw error
        }
    }

    /// What is known of the collections, and the titles of everything in their trees.
    func copyContents(of batches: [BatchKey]) async throws {
        let collections = Set(batches.map(\.collection)).sorted()
        var rows: [[UInt8]] = []
        for record in try await sources.catalogue.collections(ids: collections) {
            rows.append(
                Self.row([
                    ("identifier", record.identifier), ("name", record.name), ("channel", record.channel),
                    ("userConsent", record.asksForConsent ? "Yes" : "No"), ("status", record.status),
                    ("leafNodesCount", record.leafNodesCount.map(String.init)),
                ]))
        }
        var contents: Set<String> = []
        for collection in collections {
            guard let tree = try await sources.catalogue.tree(of: collection) else { continue }
            var waiting = tree.root.children
            while let node = waiting.popLast() {
                contents.insert(node.identifier)
                waiting += node.children
            }
        }
        contents.subtract(collections)
        for (identifier, title) in try await sources.catalogue.titles(of: contents.sorted()) {
            rows.append(Self.row([("identifier", identifier), ("name", title), ("status", "Live")]))
        }
        try await files.write(rows, to: "content")
    }

    private static func rows(_ keys: LearnerKeys, _ page: ProfilePage) -> [[UInt8]] {
        keys.ids.indices.compactMap { learner in
            guard page.exists[learner] else { return nil }
            let values = page.fields.indices.map { position in
                let value = page.value(learner, position)
                return (page.fields[position].rawValue, value.isAbsent ? nil : page.arena.text(value))
            }
            return row([("userid", keys.arena.text(keys.ids[learner]))] + values)
        }
    }

    private static func row(_ members: [(String, String?)]) -> [UInt8] {
        Array(
            JSONValue.object(members.compactMap { name, value in value.map { .init(name, .string($0)) } }).compactText
                .utf8)
    }
}
