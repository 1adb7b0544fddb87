import PostgresAccess
import PostgresJobs
import ReportModel
import ReportPorts

extension Doctor {
    /// The job tables in PostgreSQL: whether they can be used, and what could be better.
    func examinePostgres() async -> [Diagnosis] {
        do {
            // Fails soon: nobody waits for a database here.
            var options = composition.postgresOptions
            options.retrySeconds = 0
            let store = try await PostgresJobStore.open(options, tables: try composition.jobTables())
            do {
                let found = try await diagnoses(store)
                await store.close()
                return found + [await examineAudit("audit tables", try composition.folder())]
            } catch {
                await store.close()
                throw error
            }
        } catch {
            return [Self.broken("job tables", error)]
        }
    }

    private func diagnoses(_ store: PostgresJobStore) async throws -> [Diagnosis] {
        var found = await store.health().map { health in
            Diagnosis(
                subject: "job tables", state: health.problem == nil ? .good : .broken,
                text: health.problem?.message ?? "\(health.place), answered in \(health.milliseconds) ms",
                remedy: health.problem?.remedy ?? "")
        }
        found += try await store.findings().map {
            Diagnosis(subject: "job tables", state: .unwise, text: $0.text, remedy: $0.remedy)
        }
        return found
    }

    /// The first worker makes a key; every other machine needs that one.
    static func missingKey(_ folder: DataFolder) -> Diagnosis {
        Diagnosis(
            subject: "key", state: .unwise, text: "\(folder.masterKey): none yet",
            remedy:
                "Copy master.key from a machine that uses the job tables already, or set masterKey on all; the very "
                + "first machine makes one.")
    }
}
