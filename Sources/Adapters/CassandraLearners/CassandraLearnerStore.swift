public import BlockingWork
import CassandraAccess
public import ReportModel
public import ReportPorts
public import SealedSpool

/// How learner data is read from a cluster.
public struct CassandraReading: Sendable {
    /// `cassandra.enrolments`: the table of enrolments, keyed by user or by batch; its keys tell which.
    public var enrolments = "user_enrolments"
    /// `cassandra.reading`: forces aggregates and attempts to be asked for or scanned; nil lets the estimates decide.
    public var way: ReadingWay?
    /// `cassandra.streams`: stretches of a table that a scan reads at once.
    public var streams = 4
    /// The folder for temporary files, sealed.
    public var temporaryFolder = "/tmp"
    /// Limits of the temporary files.
    public var spool = SpoolLimits()

    /// The defaults.
    public init() {}
}

/// Learner data in the tables of a deployment, as they are (upstream.md 1.4 to 1.9).
public struct CassandraLearnerStore: LearnerStore {
    private let source: CassandraSource
    private let reading: CassandraReading
    private let profiles: any ProfileSource
    private let archive: any ArchiveSource
    private let pool: BlockingPool<Void>

    /// Learners of the cluster; profiles and archives are elsewhere. Temporary files are touched on threads of `pool`.
    public init(
        source: CassandraSource, reading: CassandraReading = CassandraReading(),
        profiles: any ProfileSource = NoProfiles(), archive: any ArchiveSource = NoArchive(), pool: BlockingPool<Void>
    ) {
        self.source = source
        self.reading = reading
        self.profiles = profiles
        self.archive = archive
        self.pool = pool
    }

    /// Reads who is enrolled in `batches`, and as much of the rest as is read faster all at once.
    public func open(
        for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter
    ) async throws -> LearnerSources {
        let opened = try await source.opened(forRun: true)
        let groups = BatchGroups(batches)
        let loading = Loading(session: opened.session, groups: groups, streams: reading.streams, meter: meter)
        let tables = CassandraTables(source.keyspaces, opened.schema, enrolments: reading.enrolments)
        let enrolments = try makeSpool()
        var readings = [try await load(enrolments, needs, tables, loading)]
        let learners = enrolments.recordCount
        var sources = LearnerSources(
            roster: SpooledEnrolments(spool: enrolments, groups: groups),
            enrolments: SpooledEnrolments(spool: enrolments, groups: groups),
            aggregates: try await aggregates(learners, needs, tables, loading, &readings),
            attempts: try await attempts(learners, needs, tables, loading, &readings), archive: archive,
            profiles: profiles, consents: try await consents(learners, needs, tables, loading, &readings),
            dataVersion: nil,
            dataTime: nil, close: {})
        sources.readings = readings
        return sources
    }

    private func makeSpool() throws -> Spool {
        try Spool(folder: reading.temporaryFolder, limits: reading.spool, pool: pool)
    }

    private func load(
        _ spool: Spool, _ needs: LearnerNeeds, _ tables: CassandraTables, _ loading: Loading
    ) async throws -> TableReading {
        let shape = try tables.enrolments(columns: ["userid", "courseid", "batchid", "active"])
        if shape.partitionKey.first == "batchid" {
            let fields = EnrolmentFields(shape, withContentStatus: needs.contentStatus, after: 1)
            try await loading.readEnrolments(tables.enrolments, fields, into: spool)
            return ReadingChoice(.partition, because: "its rows lie together by batch").note(tables.enrolments)
        }
        let fields = EnrolmentFields(shape, withContentStatus: needs.contentStatus, after: 3)
        loading.meter.expect(TableScan.stretches)
        try await loading.scanEnrolments(tables.enrolments, shape, fields, into: spool)
        return ReadingChoice(.scanned, because: "its rows lie by learner").note(tables.enrolments)
    }

    private func aggregates(
        _ learners: Int, _ needs: LearnerNeeds, _ tables: CassandraTables, _ loading: Loading,
        _ readings: inout [TableReading]
    ) async throws -> any AggregateSource {
        if needs.aggregates.isEmpty { return NotNeeded() }
        let shape = try tables.shape(
            tables.aggregates, columns: ["activity_type", "activity_id", "user_id", "context_id"])
        // A learner is asked about the activities of the own batch alone.
        let activities = max(1, needs.aggregates.count / max(1, loading.groups.batches.count))
        let choice = try await choice(learners * activities, tables.aggregates, loading.session)
        readings.append(choice.note(tables.aggregates))
        if choice.way == .asked { return try await AskedAggregates(loading.session, tables.aggregates, shape) }
        loading.meter.expect(TableScan.stretches)
        let spool = LoadedSpool(try makeSpool()) { spool in
            try await loading.scanAggregates(tables.aggregates, shape, into: spool)
        }
        return SpooledAggregates(spool: spool, groups: loading.groups)
    }

    private func attempts(
        _ learners: Int, _ needs: LearnerNeeds, _ tables: CassandraTables, _ loading: Loading,
        _ readings: inout [TableReading]
    ) async throws -> any AttemptSource {
        if needs.attempts == .none { return NotNeeded() }
        let shape = try tables.shape(tables.attempts, columns: ["course_id", "batch_id", "user_id"])
        let isByCourse = shape.partitionKey == ["course_id"]
        let choice =
            isByCourse
            ? ReadingChoice(.partition, because: "its rows lie together by course")
            : try await choice(learners, tables.attempts, loading.session)
        readings.append(choice.note(tables.attempts))
        let fields = AttemptFields(
            shape, question: tables.questionFields, needs: needs.attempts,
            after: choice.way == .scanned ? 3 : 1)
        if choice.way == .asked { return try await AskedAttempts(loading.session, tables.attempts, fields) }
        if !isByCourse { loading.meter.expect(TableScan.stretches) }
        let spool = LoadedSpool(try makeSpool()) { spool in
            if isByCourse {
                try await loading.readAttempts(tables.attempts, fields, into: spool)
            } else {
                try await loading.scanAttempts(tables.attempts, shape, fields, into: spool)
            }
        }
        return SpooledAttempts(spool: spool, groups: loading.groups, fields: fields)
    }

    private func consents(
        _ learners: Int, _ needs: LearnerNeeds, _ tables: CassandraTables, _ loading: Loading,
        _ readings: inout [TableReading]
    ) async throws -> any ConsentSource {
        if !needs.consent { return NotNeeded() }
        let shape = try tables.shape(tables.consents, columns: ["user_id", "consumer_id", "object_id", "status"])
        let choice = try await choice(learners, tables.consents, loading.session)
        readings.append(choice.note(tables.consents))
        if choice.way == .asked { return try await AskedConsents(loading.session, tables.consents, shape) }
        loading.meter.expect(TableScan.stretches)
        let fields = ConsentFields(shape, after: 3)
        let collections = IdentifierTable(Array(Set(loading.groups.batches.map(\.collection))))
        let spool = LoadedSpool(try makeSpool()) { spool in
            try await loading.scanConsents(tables.consents, shape, fields, collections, into: spool)
        }
        return SpooledConsents(spool: spool, collections: collections, fields: fields)
    }

    private func choice(_ lookUps: Int, _ table: String, _ session: CassandraSession) async throws -> ReadingChoice {
        if let way = reading.way { return ReadingChoice(way, because: "the setting cassandra.reading") }
        return ReadingChoice(lookUps: lookUps, table: try await TableEstimate.read(table, from: session))
    }
}
