import Dispatch
import Foundation
import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

@testable import RedisProfiles

@Suite(.enabled(if: TestService.redis.isToBeTested, .init(rawValue: TestService.redis.reason)))
struct RedisFaultTests {
    @Test func `a server that went away is told at once, and used again when it is back`() async throws {
        let server = try await OwnServer.start(.redis)
        let redis = try await TestRedis(server.address)
        try await redis.write([.members(("userid", .string("u1")), ("firstname", .string("A")))])
        try await server.run("kill")
        for _ in 0..<2 {
            let error = await failure { _ = try await redis.profiles(["u1"], [.firstname]) }
            #expect(error?.code == .unavailable && error?.canPass == true)
            #expect(error?.message.hasPrefix("Redis \(server.address): it cannot be reached") == true)
        }
        try await server.start()
        #expect(try await redis.profiles(["u1"], [.firstname]) == [["A"]])
        // A connection that broke while nobody looked costs nobody anything.
        try await server.stop()
        try await server.start()
        #expect(try await redis.profiles(["u1"], [.firstname]) == [["A"]])
        await redis.client.close()
        try await server.end()
    }

    @Test func `a server that says nothing is given up in time`() async throws {
        let server = try await OwnServer.start(.redis)
        let redis = try await TestRedis(server.address) {
            $0.answerSeconds = 0.1
            $0.attempts = 2
        }
        #expect(try await redis.profiles(["u1"], [.firstname]) == [nil])
        try await server.run("freeze")
        let error = await failure { _ = try await redis.profiles(["u1"], [.firstname]) }
        #expect(error?.code == .unavailable && error?.message.hasSuffix("it did not answer within 0.1 s") == true)
        try await server.run("thaw")
        #expect(try await redis.profiles(["u1"], [.firstname]) == [nil])
        await redis.client.close()
        try await server.end()
    }

    @Test func `a page waits for a server that is away, as long as it is told to`() async throws {
        let server = try await OwnServer.start(.redis)
        let parts = server.address.split(separator: ":")
        var options = RedisOptions(host: String(parts[0]), port: Int(parts[1]) ?? 0, retrySeconds: 30)
        options.attempts = 2
        let redis = try await TestRedis(server.address)
        try await redis.write([.members(("userid", .string("u1")), ("firstname", .string("A")))])
        try await server.stop()
        let clock = ManualClock()
        // Each wait brings its time nearer; the last one brings the server back.
        let patient = try await RedisClient(
            options,
            clock: WaitingClock(clock) { if clock.now().seconds(since: $0) > 20 { try await server.start() } })
        let page = try await RedisProfileSource(patient).profiles(of: TestRedis.keys(["u1"]), fields: [.firstname])
        #expect(page.exists == [true])
        try await server.stop()
        let begun = clock.now()
        let impatient = try await RedisClient(options, clock: WaitingClock(clock) { _ in })
        let error = await failure {
            _ = try await RedisProfileSource(impatient).profiles(of: TestRedis.keys(["u1"]), fields: [.firstname])
        }
        #expect(error?.code == .unavailable && (30...33).contains(clock.now().seconds(since: begun)))
        for client in [patient, impatient, redis.client] { await client.close() }
        try await server.end()
    }

    @Test func `a password is asked for, and a wrong one is told`() async throws {
        let server = try await OwnServer.start(.redis, options: ["--requirepass", "open sesame"])
        for (password, works) in [("open sesame", true), ("wrong", false), (nil, false)] as [(String?, Bool)] {
            let redis = try await TestRedis(server.address) { $0.password = password }
            let error = await failure { try await redis.client.check() }
            #expect((error == nil) == works)
            if let error {
                #expect(error.code == .storageFailed && error.remedy.contains("profiles.redis.password"))
                #expect(!error.description.contains("wrong\""))
            }
            await redis.client.close()
        }
        let named = try await TestRedis(server.address) {
            $0.user = "default"
            $0.password = "open sesame"
        }
        try await named.client.check()
        await named.client.close()
        try await server.end()
    }

    @Test func `a database that the server does not have is told`() async throws {
        let redis = try await TestRedis(TestService.redis.address()) { $0.userDatabase = 99 }
        #expect(await failure { try await redis.client.check() }?.code == .storageFailed)
        await redis.client.close()
    }

    @Test func `a name that nobody has and a server of another kind are told`() async throws {
        let nobody = try await TestRedis("nobody.invalid:6379")
        #expect(await failure { try await nobody.client.check() }?.message.hasSuffix("its name is not known") == true)
        await nobody.client.close()
        let web = try LoopbackServer { _ in .answer(400) }
        let other = try await TestRedis("127.0.0.1:\(web.port)") { $0.answerSeconds = 0.2 }
        let error = await failure { try await other.client.check() }
        #expect(error?.code == .unavailable || error?.code == .dataDamaged)
        await other.client.close()
        web.end()
    }

    @Test func `TLS connections are made to servers that are to be trusted, and to no others`() async throws {
        let certificates = try await TestCertificates.make()
        defer { certificates.remove() }
        let port = try LoopbackServer.freePort()
        let server = try await OwnServer.start(
            .redis,
            options: [
                "--tls-port", "\(port)", "--tls-cert-file", certificates.certificate, "--tls-key-file",
                certificates.key, "--tls-ca-cert-file", certificates.certificate, "--tls-auth-clients", "no",
            ])
        let address = "127.0.0.1:\(port)"
        let redis = try await TestRedis(address) {
            $0.usesTLS = true
            $0.trustFile = certificates.certificate
        }
        let large = String(repeating: "é", count: 100_000)
        try await redis.write([.members(("userid", .string("u1")), ("firstname", .string(large)))])
        #expect(try await redis.profiles(["u1", "u2"], [.firstname]) == [[large], nil])
        await redis.client.close()
        let stranger = try await TestRedis(address) { $0.usesTLS = true }
        let untrusted = await failure { try await stranger.client.check() }
        #expect(
            untrusted?.message.contains("certificate is not to be trusted") == true, "\(String(describing: untrusted))")
        await stranger.client.close()
        let misnamed = try await TestRedis("localhost:\(port)") {
            $0.usesTLS = true
            $0.trustFile = certificates.certificate
        }
        #expect(await failure { try await misnamed.client.check() }?.code == .unavailable)
        await misnamed.client.close()
        let plain = try await TestRedis(address) { $0.answerSeconds = 1 }
        #expect(await failure { try await plain.client.check() } != nil)
        await plain.client.close()
        try await server.end()
    }
}

/// A clock that goes by waiting alone, and tells of each wait.
private struct WaitingClock: ServiceClock {
    private let clock: ManualClock
    private let begun: Timestamp
    private let waited: @Sendable (Timestamp) async throws -> Void

    init(_ clock: ManualClock, _ waited: @escaping @Sendable (Timestamp) async throws -> Void) {
        self.clock = clock
        begun = clock.now()
        self.waited = waited
    }

    func now() -> Timestamp { clock.now() }

    func sleep(seconds: Double) async throws {
        clock.advance(seconds: seconds)
        try await waited(begun)
    }
}

/// A certificate for 127.0.0.1 that signs itself.
struct TestCertificates {
    let certificate: String
    let key: String
    private let folder: String

    /// Has it made, on a thread that may wait.
    static func make() async throws -> TestCertificates {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "certificates").async {
                continuation.resume(with: Result { try TestCertificates() })
            }
        }
    }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        certificate = folder + "/certificate.pem"
        key = folder + "/key.pem"
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days",
            "2",
            "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        guard openssl.terminationStatus == 0 else { throw ServiceMissing(description: "openssl req failed") }
    }

    func remove() { unlink(certificate); unlink(key); rmdir(folder) }
}
