import ReportModel
import ReportPorts

extension Doctor {
    /// The cluster, the bucket, the user cache and the platform's services, as far as settings name them.
    func examineOutside(_ folder: DataFolder) async -> [Diagnosis] {
        var found: [Diagnosis] = []
        for part in composition.outsideParts(folder) {
            do { found += try await part.make().health().map(Self.diagnosis) } catch {
                found.append(Self.broken(part.subject, error))
            }
        }
        return found
    }

    private static func diagnosis(_ health: ComponentHealth) -> Diagnosis {
        Diagnosis(
            subject: health.name, state: health.problem == nil ? .good : .broken,
            text: health.problem?.message ?? "\(health.place), answered in \(health.milliseconds) ms",
            remedy: health.problem?.remedy ?? "")
    }
}
