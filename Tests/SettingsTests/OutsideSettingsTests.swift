import ReportModel
import Testing

@testable import Settings

/// Bucket, user cache and services, by our names and by those that deployments have already.
@Suite struct OutsideSettingsTests {
    private func settings(_ text: String, _ environment: [String: String] = [:]) throws -> Settings {
        try withTemporaryFolder { folder in
            try Settings(
                configFile: try folder.write("exhaust.json5", text), environment: environment, options: [:],
                reports: [], cores: 2)
        }
    }

    @Test func `nothing outside is used unless a setting says so`() throws {
        let settings = try settings("{}")
        #expect(!settings.bucket.isUsed && settings.bucket.isDirect && settings.profiles.source == .embedded)
        #expect(settings.platform.search.isEmpty && settings.platform.preferences.isEmpty)
        #expect(settings.platform.organisations.isEmpty && settings.platform.users.isEmpty)
    }

    @Test func `each is read by its own name`() throws {
        let settings = try settings(
            """
            {
              files: {store: 's3', s3: {bucket: 'reports', region: 'eu-central-1', endpoint: 'https://s3.example',
                addressing: 'virtual-host', prefix: 'a/', encryption: 'aws:kms', encryptionKey: 'k', keyID: 'id',
                partBytes: '16 MiB', parallelParts: 5, attempts: 2, direct: false}},
              parts: {store: 's3'},
              profiles: {source: 'redis', fallback: true, redis: {host: 'redis', port: 6380, tls: true, userDatabase: 2,
                relationDatabase: 5, relations: false, connections: 7, retrySeconds: 90}},
              services: {search: {url: 'http://search:9000'}, preferences: {url: 'http://p/read'},
                users: {url: 'http://u/'}, keyHosts: ['keys.local'], seconds: 3, attempts: 4},
            }
            """, ["EXHAUST_FILES_S3_SECRET": "hush"])
        let bucket = settings.bucket
        #expect(bucket.files == .s3 && bucket.parts == .s3 && bucket.bucket == "reports" && !bucket.isDirect)
        #expect(bucket.addressing == .virtualHost && bucket.encryption == .keyService && bucket.prefix == "a/")
        #expect(bucket.partBytes == 16 << 20 && bucket.parallelParts == 5 && bucket.attempts == 2)
        #expect(bucket.keyID == "id" && bucket.secret == "hush")
        let profiles = settings.profiles
        #expect(profiles.source == .redis && profiles.asksStore && profiles.host == "redis" && profiles.port == 6_380)
        #expect(profiles.usesTLS && profiles.userDatabase == 2 && profiles.relationDatabase == 5)
        #expect(!profiles.usesRelations && profiles.connections == 7 && profiles.retrySeconds == 90)
        let platform = settings.platform
        #expect(platform.search == "http://search:9000/v3/search" && platform.preferences == "http://p/read")
        #expect(platform.users == "http://u/" && platform.keyHosts == ["keys.local"])
        #expect(platform.seconds == 3 && platform.attempts == 4)
        // Secrets are shown to nobody.
        #expect(!settings.entries.contains { "\($0.value)".contains("hush") })
    }

    @Test func `each is read by the name that a deployment gives it`() throws {
        let settings = try settings(
            """
            {
              files: {store: 's3'}, storageContainer: 'old-bucket', storageEndpoint: 'https://old.example',
              collection: {exhaust: {store: {prefix: 'p/'}}},
              profiles: {source: 'redis'}, sparkRedisConnectionHost: 'old-redis', sparkUserDbRedisPort: 6381,
              sparkUserDbRedisIndex: 11, sunbird: {course: {redis: {relationCache: {id: 4}}, optionalnodes: 'opt'}},
              service: {search: {url: 'http://old-search', path: '/v1/search'}},
              tenant: {pref: {read: {private: {api: {url: 'http://old-pref'}}}}},
              org: {search: {private: {api: {url: 'http://old-org'}}}}, user: {profile: {url: 'http://old-user/'}},
            }
            """)
        #expect(settings.bucket.bucket == "old-bucket" && settings.bucket.endpoint == "https://old.example")
        #expect(settings.bucket.prefix == "p/")
        #expect(settings.profiles.host == "old-redis" && settings.profiles.port == 6_381)
        #expect(settings.profiles.userDatabase == 11 && settings.profiles.relationDatabase == 4)
        #expect(settings.profiles.optionalNodes == "opt")
        #expect(settings.platform.search == "http://old-search/v1/search")
        #expect(settings.platform.preferences == "http://old-pref")
        #expect(settings.platform.organisations == "http://old-org" && settings.platform.users == "http://old-user/")
    }

    @Test(arguments: [
        ("{files: {store: 's3'}}", "setting files.s3.bucket: it is empty, but files.store or parts.store is s3"),
        ("{parts: {store: 's3'}}", "setting files.s3.bucket: it is empty"),
        ("{files: {s3: {keyID: 'a'}}}", "setting files.s3.secret: it is empty, but the other of the two is set"),
        ("{files: {s3: {secret: 'hush'}}}", "setting files.s3.keyID: it is empty"),
        ("{profiles: {source: 'redis'}}", "setting profiles.redis.host: it is empty, but profiles.source is redis"),
        ("{files: {s3: {partBytes: '1 MiB'}}}", "setting files.s3.partBytes"),
        ("{profiles: {source: 'memcached'}}", "setting profiles.source"),
    ])
    func `what is chosen and not named is refused`(text: String, message: String) throws {
        let error = try #require(throws: ExhaustError.self) { try settings(text) }
        #expect(error.message.contains(message) && error.mender == .operator, "\(error.message)")
        #expect(!error.description.contains("hush"))
    }
}
