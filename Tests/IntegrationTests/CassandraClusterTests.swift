import CassandraLoading
import Glibc
import ReportModel
import ServiceTesting
import Synchronization
import Testing

/// Three nodes with three copies of everything. They need 3 GB of memory and two minutes, so that they are started only
/// where EXHAUST_TEST_CASSANDRA_CLUSTER=1 (`make cluster-test`).
@Suite(
    .serialized,
    .enabled(if: getenv("EXHAUST_TEST_CASSANDRA_CLUSTER") != nil, "EXHAUST_TEST_CASSANDRA_CLUSTER=1 runs it"))
struct CassandraCluster {
    private static let addresses = ["127.0.0.4", "127.0.0.5", "127.0.0.6"]

    private struct Nodes {
        var servers: [OwnServer] = []

        static func start() async throws -> Nodes {
            var nodes = Nodes()
            for address in addresses {
                var options = ["--address", address]
                if let port = nodes.servers.first?.address.split(separator: ":").last {
                    options += ["--seed", addresses[0], "--port", String(port)]
                }
                nodes.servers.append(try await OwnServer.start(Deployment.service, options: options))
            }
            return nodes
        }

        func end() async throws { for server in servers { try await server.end() } }
    }

    @Test(.timeLimit(.minutes(6)))
    func `nodes that hang, die and come back change neither bytes nor outcome; without a quorum requests wait`()
        async throws
    {
        let nodes = try await Nodes.start()
        do {
            try await check(nodes)
        } catch {
            try await nodes.end()
            throw error
        }
        try await nodes.end()
    }

    private func check(_ nodes: Nodes) async throws {
        var deployment = try Deployment(
            .user, at: nodes.servers[0].address,
            libraries: nodes.servers[0].variables["EXHAUST_TEST_CASSANDRA_DRIVER"])
        deployment.form.replicas = 3
        let embedded = try await Scene.withoutArchive(learners: 2_000)
        try await deployment.fill(from: embedded.path("sample"))
        let expected = try await embedded.csv("response-exhaust")
        let scene = try embedded.with(
            deployment.settings.merging([
                "EXHAUST_CASSANDRA_CONTACTPOINTS": Self.addresses.joined(separator: ","),
                "EXHAUST_CASSANDRA_LOCALDATACENTRE": "datacenter1", "EXHAUST_CASSANDRA_ATTEMPTS": "6",
                "EXHAUST_RETRY_BASESECONDS": "2", "EXHAUST_RETRY_CAPSECONDS": "5", "EXHAUST_RETRY_ATTEMPTS": "20",
            ]) { $1 })
        /// Reports one after the other while `outage` lasts, and one more.
        func reports(during outage: @Sendable @escaping () async throws -> Void) async throws {
            let isOver = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await outage()
                    isOver.raise()
                }
                while true {
                    let isLast = isOver.isRaised
                    for way in ["ask", "scan"] {
                        let csv = try await scene.with(["EXHAUST_CASSANDRA_READING": way]).csv("response-exhaust")
                        #expect(csv == expected)
                    }
                    if isLast { break }
                }
                try await group.waitForAll()
            }
        }
        try await reports {
            try await nodes.servers[1].run("pause")
            _ = try await Programs.run("sleep", ["15"])
            try await nodes.servers[1].run("resume")
        }
        try await reports { try await nodes.servers[2].run("kill") }
        try await reports { try await nodes.servers[2].start() }

        let id = try await scene.submit("response-exhaust")
        for server in nodes.servers[1...] { try await server.run("kill") }
        try await scene.running("work") { worker in
            let line = try await worker.line { $0.contains("run-ended") && $0.contains(id) }
            #expect(line.contains("Cassandra"), "\(line)")
            let waiting = try await scene.status(id)
            #expect(waiting["willRetry"]?.bool == true, "\(waiting.compactText)")
            #expect(waiting["error"]?.text?.contains("Cassandra") == true, "\(waiting.compactText)")
            for server in nodes.servers[1...] { try await server.start() }
            try await worker.line { $0.contains("run-ended") && $0.contains(id) && $0.contains("SUCCESS") }
        }
        let files = try await scene.open(try scene.file(of: try await scene.status(id)))
        #expect(files.values.contains(expected))
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)
    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}
