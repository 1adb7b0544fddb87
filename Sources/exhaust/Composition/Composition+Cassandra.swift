import BlockingWork
import CassandraAccess
import CassandraLearners
import HTTPClient
import ReportModel
import ReportPorts
import ReportService
import SQLiteLearners
import SealedSpool
import Settings
import SunbirdServices

/// Learner data of a deployment.
extension Composition {
    /// Learners, batches and policies of the cluster; what it does not hold is taken from the data folder, unless other
    /// settings name a source.
    func cassandraSources(in folder: DataFolder) async throws -> SourcePorts {
        let source = try cassandraSource()
        let pool = try await BlockingPool(name: "spool", limits: .init(threads: max(2, settings.cassandra.streams))) {}
        var learners: any LearnerStore = CassandraLearnerStore(
            source: source, reading: cassandraReading(in: folder), pool: pool)
        let embedded = SQLiteCatalogue(path: folder.learners)
        if settings.profiles.source == .embedded || settings.profiles.asksStore {
            learners = ProfilesOfStore(
                learners,
                profiles: SQLiteLearnerStore(
                    path: folder.learners,
                    limits: LearnerStoreLimits(connections: max(2, settings.runs.parallelRanges))))
        }
        let keys = PublicKeyReader(keyHosts: Set(settings.platform.keyHosts), client: try await curl())
        return SourcePorts(
            learners: learners,
            catalogue: CassandraCatalogue(source, contents: CatalogueContents(embedded), clock: clock),
            policies: CassandraPolicies(source) { place, organisation in
                try await keys.key(at: place, of: organisation)
            }, decrypter: try cipher(), clock: clock)
    }

    /// Copies rows of the cluster.
    func cassandraCopy(in folder: DataFolder) throws -> CassandraCopy {
        CassandraCopy(try cassandraSource(), reading: cassandraReading(in: folder))
    }

    /// The programs that may act for channels: beside the requests, if they are in a deployment's database, where learners
    /// come from, if that knows them, else the data folder.
    func consumers(_ ports: ServicePorts) throws -> any ConsumerTable {
        if let able = ports.jobs as? any ConsumerTable { return able }
        if let able = ports.sources.catalogue as? any ConsumerTable { return able }
        return settings.learners.store == .cassandra ? SQLiteCatalogue(path: try folder().learners) : NoConsumers()
    }

    /// What the doctor and `/ready` look at; a page is asked for once.
    func cassandraHealth(in folder: DataFolder) throws -> CassandraHealth {
        CassandraHealth(try cassandraSource(attempts: 1), reading: cassandraReading(in: folder), clock: clock)
    }

    private func cassandraSource(attempts: Int? = nil) throws -> CassandraSource {
        let given = settings.cassandra
        var keyspaces = CassandraKeyspaces()
        keyspaces.courses = given.courses
        keyspaces.enrolments = given.enrolmentKeyspace.isEmpty ? nil : given.enrolmentKeyspace
        keyspaces.hierarchy = given.hierarchy
        keyspaces.platform = given.platform
        var options = try cassandraOptions()
        options.retry.attempts = attempts ?? given.attempts
        let libraries = given.driver.isEmpty ? CassandraDriver.usualLibraries : given.driver
        let log = log
        return CassandraSource(
            driver: {
                try CassandraDriver(libraries: libraries) { severity, origin in
                    // Texts of the driver and the server quote queries, with learners' ids in them.
                    log.log(
                        severity == .error ? .warning : .debug, "cassandra-driver",
                        [("function", .string(origin))])
                }
            }, options: options, keyspaces: keyspaces)
    }

    private func cassandraReading(in folder: DataFolder) -> CassandraReading {
        let given = settings.cassandra
        var reading = CassandraReading()
        reading.enrolments = given.enrolments
        reading.way =
            switch given.way {
            case .auto: nil
            case .ask: .asked
            case .scan: .scanned
            }
        reading.streams = given.streams
        reading.temporaryFolder = given.temporaryFolder.isEmpty ? folder.path : given.temporaryFolder
        reading.spool = SpoolLimits(diskBytes: Int64(given.temporaryBytes))
        return reading
    }

    private func cassandraOptions() throws -> CassandraOptions {
        let given = settings.cassandra
        var options = CassandraOptions(contactPoints: given.contactPoints)
        options.port = given.port
        options.localDataCentre = given.localDataCentre.isEmpty ? nil : given.localDataCentre
        if !given.user.isEmpty {
            options.credentials = CassandraOptions.Credentials(user: given.user, password: given.password)
        }
        if given.usesTLS {
            let client =
                given.certificate.isEmpty
                ? nil : (certificate: try Self.file(given.certificate), key: try Self.file(given.certificateKey))
            options.tls = CassandraOptions.TLS(
                authorities: given.authorities.isEmpty ? [] : try Self.file(given.authorities), client: client,
                verifies: given.verifies)
        }
        options.consistency =
            switch given.consistency {
            case .one: .one
            case .quorum: .quorum
            case .all: .all
            case .localQuorum: .localQuorum
            case .localOne: .localOne
            }
        options.connectSeconds = given.connectSeconds
        options.requestSeconds = given.requestSeconds
        options.heartbeatSeconds = given.heartbeatSeconds
        options.idleSeconds = given.idleSeconds
        options.threads = given.threads
        options.connectionsPerHost = given.connections
        options.requestsInFlight = given.requestsInFlight
        return options
    }

    private static func file(_ path: String) throws -> [UInt8] { try TextFile.read(path, limit: 1 << 20) }
}
