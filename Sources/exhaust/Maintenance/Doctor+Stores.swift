import ReportModel
import ReportPorts
import ReportRows
import ReportService

extension Doctor {
    /// The newest requests, whose files are looked for; a bucket answers for each by itself.
    private static let fileRequests = 1_000
    /// Files that are looked for at a time.
    private static let filesAtOnce = 16

    /// Requests and, unless it is known that nothing can be found, the files that they name.
    func examineStores(_ folder: DataFolder, looksForFiles: Bool) async -> [Diagnosis] {
        do {
            let (jobs, master) = try await composition.openJobs(in: folder, storedKey: try composition.storedKey())
            var found: [Diagnosis]
            do { found = try await examineJobs(jobs.store) } catch { found = [Self.broken("job store", error)] }
            if looksForFiles {
                do {
                    let (files, _) = try await composition.fileStores(in: folder, master)
                    found.append(try await examineFiles(jobs.store, files))
                } catch {
                    found.append(Self.broken("files", error))
                }
            }
            await jobs.close()
            return found
        } catch {
            return [Self.broken("job store", error)]
        }
    }

    private func examineJobs(_ jobs: any JobStore) async throws -> [Diagnosis] {
        let all = try await jobs.count(RequestQuery())
        let waiting = try await jobs.count(RequestQuery(statuses: [.submitted]))
        let running = try await jobs.count(RequestQuery(statuses: [.processing]))
        let counted = Diagnosis(
            subject: "job store", state: .good,
            text: "\(all) requests, \(waiting) waiting, \(running) being worked on")
        let ours = composition.registry.names()
        let foreign = try await jobs.foreignRuns().filter { ours.contains($0.reportID) }
        guard !foreign.isEmpty else { return [counted] }
        let ids = foreign.prefix(5).map(\.requestID).joined(separator: ", ")
        return [
            counted,
            Diagnosis(
                subject: "stranded requests", state: .unwise,
                text:
                    "\(foreign.count) in PROCESSING that no worker of ours took: \(ids)\(foreign.count > 5 ? ", …" : "")",
                remedy: "If the program that took them no longer runs: exhaust adopt"),
        ]
    }

    /// Whether the files are there that the newest requests name; those of other programs are not ours to look at.
    private func examineFiles(_ jobs: any JobStore, _ files: any FileStore) async throws -> Diagnosis {
        let newest = try await jobs.requests(RequestQuery(limit: Self.fileRequests))
        let paths = Set(newest.filter { $0.run != nil }.flatMap(\.request.downloadPaths).compactMap(StoredAddress.key))
        var missing = 0
        var waiting = paths.sorted()[...]
        while !waiting.isEmpty {
            missing += try await withThrowingTaskGroup(of: Bool.self) { group in
                for path in waiting.prefix(Self.filesAtOnce) {
                    group.addTask { try await files.size(of: path) == nil }
                }
                return try await group.reduce(into: 0) { count, isMissing in count += isMissing ? 1 : 0 }
            }
            waiting = waiting.dropFirst(Self.filesAtOnce)
        }
        if missing == 0 {
            return Diagnosis(
                subject: "files", state: .good,
                text: "all \(paths.count) files are there that the newest \(newest.count) requests name")
        }
        return Diagnosis(
            subject: "files", state: .broken, text: "\(missing) files that requests name are not there",
            remedy: "Put them back from a backup, or submit those requests with --fresh.")
    }
}
