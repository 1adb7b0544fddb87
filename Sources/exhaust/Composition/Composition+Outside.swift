import AttemptArchive
import DiskFiles
import HTTPClient
import RedisProfiles
import ReportModel
import ReportPorts
import ReportService
import S3Files
import SecureArchive
import Settings
import SunbirdServices

/// Adapters of what a deployment has beside its database: the bucket, the user cache, the platform's services.
extension Composition {
    /// Where files and parts are kept. In a bucket that installations share each sweeps its own: they differ by their
    /// master keys.
    func fileStores(in folder: DataFolder, _ master: MasterKey) async throws -> (any FileStore, any PartStore) {
        let owner = try master.key(for: "owner of files").withUnsafeBytes { Hexadecimal.text(Array($0.prefix(8))) }
        let bucket = settings.bucket.isUsed ? try await self.bucket(owner: owner) : nil
        var files: any FileStore
        var parts: any PartStore
        if let bucket, settings.bucket.files == .s3 {
            files = bucket
        } else {
            files = try await DiskFileStore.open(folder: folder.files)
        }
        if let bucket, settings.bucket.parts == .s3 {
            parts = S3PartStore(bucket)
        } else {
            parts = try await DiskPartStore.open(folder: folder.parts)
        }
        return (files, parts)
    }

    /// The bucket that the settings name; a request is sent as often as they say while it is in trouble.
    func bucket(owner: String? = nil, attempts: Int? = nil, named name: String? = nil) async throws -> S3FileStore {
        let given = settings.bucket
        let addressing: S3Options.Addressing? = given.addressing.map { $0 == .path ? .path : .virtualHost }
        let encryption: S3Options.Encryption =
            switch given.encryption {
            case .none: .bucketDefault
            case .storeKeys: .storeKeys
            case .keyService: .keyService(key: given.encryptionKey.isEmpty ? nil : given.encryptionKey)
            }
        var options = S3Options(
            bucket: name ?? given.bucket, region: given.region, endpoint: given.endpoint.isEmpty ? nil : given.endpoint,
            addressing: addressing, prefix: given.prefix, encryption: encryption, partBytes: given.partBytes,
            parallelParts: given.parallelParts)
        if let owner { options.owner = owner }
        let client = RetryingClient(
            try await curl(connections: attempts == 1 ? 1 : nil),
            policy: RetryPolicy(attempts: attempts ?? given.attempts), clock: clock)
        return try S3FileStore(options, credentials: try await credentials(), client: client, clock: clock)
    }

    /// `base` with profiles, contents, policies and optional nodes from where the settings say.
    func withOutside(_ base: SourcePorts, in folder: DataFolder) async throws -> SourcePorts {
        var sources = base
        if let archive = try await archive(in: folder) { sources.learners = archive.joined(to: sources.learners) }
        var optional: (any OptionalNodeSource)?
        if settings.profiles.source == .redis {
            let redis = try await RedisClient(redisOptions, clock: clock)
            sources.learners = RedisLearnerStore(
                sources.learners, profiles: redis, asksBase: settings.profiles.asksStore)
            if settings.profiles.usesRelations { optional = RelationCache(redis) }
        }
        var contents: (any ContentSource)?
        if [serviceOptions.search, serviceOptions.preferences, serviceOptions.organisations].contains(where: {
            $0 != nil
        }) {
            let client = patient(try await curl())
            contents = try serviceOptions.search.map {
                try ContentSearchService($0, options: serviceOptions, client: client)
            }
            sources.policies = try PlatformPolicies(sources.policies, options: serviceOptions, client: client)
        }
        guard contents != nil || optional != nil else { return sources }
        let compose: @Sendable (any CatalogueSource) -> any CatalogueSource = { [contents, optional] catalogue in
            ComposedCatalogue.make(catalogue, contents: contents, optional: optional)
        }
        sources.learners = ComposedLearnerStore(sources.learners, composing: compose)
        sources.catalogue = compose(sources.catalogue)
        return sources
    }

    /// The platform's user service, if the settings name one.
    func users(_ client: any WebClient) throws -> (any UserSource)? {
        try serviceOptions.users.map { try UserService($0, options: serviceOptions, client: patient(client)) }
    }

    /// What the doctor, `/ready` and `/metrics` look at; nothing is repeated, so that it answers soon.
    func outside(_ folder: DataFolder) async throws -> [any HealthReporting] {
        var found: [any HealthReporting] = []
        for part in outsideParts(folder) { found.append(try await part.make()) }
        return found
    }

    /// Something outside the program that the settings name.
    struct OutsidePart: Sendable {
        /// What it is called where it cannot even be made.
        let subject: String
        let make: @Sendable () async throws -> any HealthReporting
    }

    /// Everything that `outside` looks at, each to be made by itself.
    func outsideParts(_ folder: DataFolder) -> [OutsidePart] {
        var parts: [OutsidePart] = []
        if settings.learners.store == .cassandra {
            parts.append(OutsidePart(subject: "cassandra") { try cassandraHealth(in: folder) })
        }
        if settings.bucket.isUsed {
            parts.append(OutsidePart(subject: "bucket") { try await bucket(attempts: 1) })
        }
        if settings.profiles.source == .redis {
            var options = redisOptions
            options.connections = 1
            // An answer that is waited for cannot be left.
            options.connectSeconds = min(2, options.connectSeconds)
            options.answerSeconds = min(2, options.answerSeconds)
            parts.append(OutsidePart(subject: "profiles") { [options] in try await RedisClient(options, clock: clock) })
        }
        let services = serviceOptions
        if [services.search, services.preferences, services.organisations, services.users].contains(where: { $0 != nil }
        ) {
            parts.append(
                OutsidePart(subject: "services") {
                    PlatformHealth(services, client: try await curl(connections: 1), clock: clock)
                })
        }
        return parts
    }

    func curl(connections: Int? = nil) async throws -> CurlClient {
        let given = settings.platform
        return try await CurlClient(
            CurlOptions(
                concurrency: connections ?? given.connections,
                trustFile: given.trustFile.isEmpty ? nil : given.trustFile,
                proxy: given.proxy.isEmpty ? nil : given.proxy))
    }

    /// Repeats what can be repeated, and leaves alone for a while what failed again and again.
    private func patient(_ client: any WebClient) -> any WebClient {
        RetryingClient(
            BreakingClient(client, breakers: breakers), policy: RetryPolicy(attempts: settings.platform.attempts),
            clock: clock)
    }

    private var serviceOptions: ServiceOptions {
        let given = settings.platform
        func address(_ text: String) -> String? { text.isEmpty ? nil : text }
        return ServiceOptions(
            search: address(given.search), preferences: address(given.preferences),
            organisations: address(given.organisations), users: address(given.users), keyHosts: Set(given.keyHosts),
            patience: Patience(whole: given.seconds))
    }

    private var redisOptions: RedisOptions {
        let given = settings.profiles
        return RedisOptions(
            host: given.host, port: given.port, user: given.user.isEmpty ? nil : given.user,
            password: given.password.isEmpty ? nil : given.password, usesTLS: given.usesTLS,
            trustFile: given.trustFile.isEmpty ? nil : given.trustFile, userDatabase: given.userDatabase,
            relationDatabase: given.relationDatabase, optionalNodes: given.optionalNodes,
            connections: max(given.connections, settings.runs.parallelRanges), connectSeconds: given.connectSeconds,
            answerSeconds: given.answerSeconds, retrySeconds: given.retrySeconds)
    }

    /// Credentials by settings, else by the file that they name, else by the variables of the AWS tools.
    private func credentials() async throws -> S3CredentialSource {
        let given = settings.bucket
        let environment = ExhaustProgram.environment
        func fixed(_ keyID: String, _ secret: String, _ token: String?) -> S3CredentialSource {
            let credentials = S3Credentials(
                keyID: keyID, secret: SecretBytes(Array(secret.utf8)),
                sessionToken: token?.isEmpty == true ? nil : token)
            return { credentials }
        }
        if !given.keyID.isEmpty { return fixed(given.keyID, given.secret, given.sessionToken) }
        if !given.credentialsFile.isEmpty {
            let file = try await S3CredentialFile(given.credentialsFile, profile: given.profile, clock: clock)
            return { try await file.credentials() }
        }
        if let keyID = environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"] {
            return fixed(keyID, secret, environment["AWS_SESSION_TOKEN"])
        }
        throw ExhaustError(
            .invalidInput, "bucket \(given.bucket): there are no credentials",
            remedy: "Set files.s3.keyID and files.s3.secret, files.s3.credentialsFile, or AWS_ACCESS_KEY_ID and "
                + "AWS_SECRET_ACCESS_KEY.", mender: .operator)
    }
}
