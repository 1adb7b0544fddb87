import ReportModel
import ReportPorts

extension Doctor {
    /// The cluster, the bucket, the user cache and the platform's services, as far as settings name them.
    func examineOutside(_ folder: DataFolder) async -> [Diagnosis] {
        let components: [any HealthReporting]
        do { components = try await composition.outside(folder) } catch {
            return [Self.broken("stores outside", error)]
        }
        var found: [Diagnosis] = []
        for component in components {
            found += await component.health().map { health in
                Diagnosis(
                    subject: health.name, state: health.problem == nil ? .good : .broken,
                    text: health.problem?.message ?? "\(health.place), answered in \(health.milliseconds) ms",
                    remedy: health.problem?.remedy ?? "")
            }
        }
        return found
    }
}
