import Glibc
import HTTPClient
import HTTPMessages
import ReportModel
import ReportPorts
import ReportTesting
import SecureArchive
import ServiceTesting
import Synchronization

@testable import S3Files

/// The time of day, since servers compare it with theirs; a try again need not wait in a test.
struct TestClock: ServiceClock {
    func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func sleep(seconds: Double) async throws {}
}

/// A bucket on a real server, with a prefix of its own for each test.
struct TestBucket {
    static let name = "exhaust-test"
    static let clients = SharedClient()

    let store: S3FileStore
    let client: any WebClient

    /// `wrap` may put faults between the store and the server.
    init(
        _ service: TestService, secret: String = "exhaust-secret", options change: (inout S3Options) -> Void = { _ in },
        wrap: (any WebClient) -> any WebClient = { $0 }
    ) async throws {
        var options = S3Options(
            bucket: Self.name, endpoint: try service.address(), prefix: "t\(UInt64.random(in: 0 ... .max))/")
        options.partBytes = 5 << 20
        change(&options)
        client = try await Self.clients.client()
        store = try S3FileStore(
            options, credentials: { S3Credentials(keyID: "exhaust-test", secret: SecretBytes(Array(secret.utf8))) },
            client: wrap(client), clock: TestClock())
        if secret == "exhaust-secret", options.bucket == Self.name {
            // There already, mostly.
            let plain = try S3FileStore(
                options, credentials: store.bucket.credentials, client: client, clock: TestClock())
            _ = try await plain.bucket.send(.init(method: .put, subject: "bucket"), accepting: [409])
        }
    }

    /// Keys in the bucket below this test's prefix.
    func keys() async throws -> [String] {
        try await store.bucket.list(store.keys.prefix).map { String($0.key.dropFirst(store.keys.prefix.count)) }
    }
}

/// One client for all tests: its connections are what costs.
actor SharedClient {
    private var made: CurlClient?

    func client() async throws -> CurlClient {
        if let made { return made }
        let client = try await CurlClient(CurlOptions(concurrency: 6))
        made = client
        return client
    }
}
