import CassandraLearners
import CassandraLoading
import ReportModel
import ReportPorts
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

    @Test(arguments: [(ReadingWay.asked, 64), (.scanned, 192)])
    func `how far the tables that are read from end to end are is told`(way: ReadingWay, stretches: Int) async throws {
        let (scene, source) = try await LearnerScene.deployment(
            DeploymentReading(attemptKey: .user, enrolments: "user_enrolments", way: way))
        let meter = ReadingMeter()
        let batch = BatchKey(collection: "do_a", batch: "b1")
        let needs = LearnerNeeds(aggregates: ["do_a"], attempts: .questions)
        let sources = try await scene.store.open(for: [batch], needs: needs, meter: meter)
        #expect(meter.progress == (64, stretches))
        let page = try await sources.roster.page(of: batch, range: .everybody, after: nil, limit: 10)
        _ = try await sources.aggregates.aggregates(of: page, in: batch, activities: ["do_a"])
        _ = try await sources.attempts.attempts(
            of: page, in: batch, withQuestions: true, limits: PageLimits(), from: nil)
        #expect(meter.progress == (stretches, stretches))
        await sources.close()
        await source.close()
    }

    @Test func `a deployment keeps the promises of catalogue and policies`() async throws {
        let (scene, source) = try await LearnerScene.deployment(DeploymentReading.all[0])
        for check in LearnerConformance.catalogue + LearnerConformance.policies { try await check.run(on: scene) }
        await source.close()
    }
}
