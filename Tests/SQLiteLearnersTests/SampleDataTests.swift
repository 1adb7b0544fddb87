import ReportModel
import ReportPorts
import ReportTesting
import SQLiteLearners
import SampleData
import Testing

@Suite struct SampleDataTests {
    private func sample(_ options: SampleOptions) -> SampleData { SampleData(options) { "<\($0)>" } }

    private func plain(_ learners: Int, seed: UInt64 = 1) -> SampleOptions {
        SampleOptions(learners: learners, seed: seed, isCompressed: false)
    }

    @Test func `the same options give the same files, another seed gives others`() throws {
        let folders = try (0..<3).map { _ in try TemporaryFolder() }
        for (folder, seed) in zip(folders, [1, 1, 2] as [UInt64]) {
            _ = try sample(plain(60, seed: seed)).write(to: folder.path)
        }
        let texts = try folders.map { folder in
            try folder.names.map { name in
                let tables = try ImportTables(folder: folder.path).rows[String(name.dropLast(6))] ?? []
                return name + tables.map(\.compactText).joined(separator: "\n")
            }
        }
        #expect(texts[0] == texts[1])
        #expect(texts[0] != texts[2])
        #expect(folders[0].names.count == SampleFile.allCases.count)
    }

    @Test func `it has as many rows as it was asked for`() throws {
        let folder = try TemporaryFolder()
        let rows = try sample(plain(2_000)).write(to: folder.path)
        // Beside the sample batch: one learner in twenty in a second one, twenty without a tree, one retired.
        #expect(rows[.userEnrolments] == 2_000 + 100 + 20 + 1)
        #expect(rows[.assessmentAggregator] == 6_000 + 100)
        #expect(rows[.userActivityAgg] == 9_000 + 500)
        #expect(rows[.user] == 1_980)
        #expect(rows[.userConsent] == 1_900)
        // One in a hundred only there, one in a hundred copied, if there is something to copy.
        #expect((36...40).contains(rows[.assessmentArchive] ?? 0))
        let tables = try ImportTables(folder: folder.path)
        for (file, count) in rows { #expect(tables.rows[file.rawValue]?.count == count) }
    }

    @Test func `other numbers of attempts, aggregates and questions can be had`() throws {
        let folder = try TemporaryFolder()
        let options = SampleOptions(
            learners: 100, attemptsPerLearner: 1.5, aggregatesPerLearner: 2, questionsPerAttempt: 5, isCompressed: false
        )
        let rows = try sample(options).write(to: folder.path)
        #expect(rows[.assessmentAggregator] == 150 + 5 && rows[.userActivityAgg] == 200 + 10)
        let attempts = try ImportTables(folder: folder.path).rows["assessment_aggregator"] ?? []
        #expect(Set(attempts.map { $0["question"]?.elements?.count ?? 0 }) == [5, 0])
    }

    @Test func `among a thousand learners every special case is there`() throws {
        let folder = try TemporaryFolder()
        _ = try sample(plain(1_000)).write(to: folder.path)
        let rows = try ImportTables(folder: folder.path).rows
        func count(_ table: String, _ isSpecial: (JSONValue) -> Bool) -> Int {
            (rows[table] ?? []).filter(isSpecial).count
        }
        func text(_ row: JSONValue, _ column: String) -> String { row[column]?.text ?? "" }
        let enrolments = (rows["user_enrolments"] ?? []).filter { text($0, "batchid") == SampleData.batch.batch }
        #expect(enrolments.filter { $0["active"] == .bool(false) || $0["active"] == .string("false") }.count == 20)
        #expect(enrolments.filter { $0["enrolled_date"] == nil && $0["enrolleddate"] == nil }.count == 10)
        #expect(enrolments.filter { $0["enrolleddate"] != nil }.count == 20)
        #expect(enrolments.filter { $0["contentstatus"] == nil }.count == 10)
        #expect(enrolments.contains { $0["certificates"] != nil } && enrolments.contains { $0["certstatus"] != nil })
        #expect(enrolments.contains { $0["active"] == .string("True") })
        #expect(count("user") { $0["rootorgid"] == nil } == 10)
        #expect(count("user") { text($0, "rootorgid") != SampleData.organisation && $0["rootorgid"] != nil } == 50)
        #expect(count("user") { $0["lastname"] == nil } == 20)
        #expect(count("user") { text($0, "email").hasPrefix("this was never") } == 5)
        #expect(count("user") { $0["email"] == nil } == 10)
        #expect(count("user") { "=+-@\t＝\r".contains(text($0, "firstname").first ?? "x") } > 5)
        #expect(count("user") { text($0, "firstname").contains("\"") || text($0, "firstname").contains(",") } > 3)
        #expect(count("user") { !text($0, "firstname").utf8.allSatisfy { $0 < 128 } } > 300)
        #expect(count("user_consent") { text($0, "status") == "REVOKED" } == 50)
        #expect(count("user_consent") { text($0, "status") == "active" } == 20)
        #expect(count("user_consent") { text($0, "expiry").hasPrefix("2026-02") } == 30)
        #expect(count("user_consent") { text($0, "expiry") == "at some time" } == 5)
        #expect(count("user_consent") { text($0, "consumer_id") != SampleData.organisation } == 10)
        #expect(count("assessment_aggregator") { $0["last_attempted_on"] == nil } > 5)
        #expect(count("assessment_aggregator") { $0["total_score"] == nil } > 5)
        #expect(count("assessment_aggregator") { $0["question"]?.elements?.isEmpty != false } > 10)
        #expect(count("assessment_aggregator") { text($0, "content_id") == "do_sample_outside" } > 5)
        let live = Set((rows["assessment_aggregator"] ?? []).map { text($0, "attempt_id") })
        let archived = (rows["assessment_archive"] ?? []).map { text($0, "attempt_id") }
        #expect(archived.contains(where: live.contains) && !archived.allSatisfy(live.contains))
        #expect(count("user_activity_agg") { $0["aggregates"] == nil && $0["agg"] != nil } > 50)
    }

    @Test func `writing again, in the other form, leaves no table twice`() async throws {
        let folder = try TemporaryFolder()
        _ = try sample(SampleOptions(learners: 50)).write(to: folder.path)
        #expect(folder.names.allSatisfy { $0.hasSuffix(".jsonl.gz") })
        _ = try sample(plain(50)).write(to: folder.path)
        #expect(folder.names.allSatisfy { $0.hasSuffix(".jsonl") })
        let store = try TemporaryFolder()
        _ = try await Importer(folder: folder.path, store: store.store).run(now: Timestamp(milliseconds: 1))
    }

    @Test func `the embedded store and the sources in memory read the sample alike`() async throws {
        let folder = try TemporaryFolder()
        _ = try sample(plain(700)).write(to: folder.path)
        let memory = MemoryLearners(try ImportTables(folder: folder.path))
        let limits = ImportLimits(readBytes: 10_000, chunkBytes: 50_000)
        _ = try await Importer(folder: folder.path, store: folder.store, limits: limits)
            .run(now: Timestamp(milliseconds: 1))
        let needs = LearnerNeeds()
        let stored = try await SQLiteLearnerStore(path: folder.store).open(for: [SampleData.batch], needs: needs)
        let plain = try await memory.open(for: [SampleData.batch], needs: needs)
        for batch in [SampleData.batch, BatchKey(collection: "do_sample_course", batch: "sample-batch-2")] {
            let one = try await LearnerDump.read(plain, batch: batch, learners: 90, bytes: 30_000)
            let other = try await LearnerDump.read(stored, batch: batch, learners: 130, bytes: 4_000)
            #expect(one.count > 30)
            #expect(one == other)
        }
        await stored.close()
    }
}
