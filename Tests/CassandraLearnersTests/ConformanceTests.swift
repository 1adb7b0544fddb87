import CassandraLearners
import ReportTesting
import ServiceTesting
import Testing

@Suite(.enabled(if: TestNode.service.isToBeTested, Comment(rawValue: TestNode.service.reason)))
struct ConformanceTests {
    @Test(arguments: DeploymentReading.all)
    func `a deployment keeps the promises of the learner ports, whatever its keys and however it is read`(
        reading: DeploymentReading
    ) async throws {
        let (scene, source) = try await LearnerScene.deployment(reading)
        for check in LearnerConformance.learners { try await check.run(on: scene) }
        await source.close()
    }

    @Test func `a deployment keeps the promises of catalogue and policies`() async throws {
        let (scene, source) = try await LearnerScene.deployment(DeploymentReading.all[0])
        for check in LearnerConformance.catalogue + LearnerConformance.policies { try await check.run(on: scene) }
        await source.close()
    }
}
