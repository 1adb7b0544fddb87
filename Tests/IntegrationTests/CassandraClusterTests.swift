import CassandraLoading
import Glibc
import ReportModel
import ServiceTesting
import Testing

extension Trait where Self == ConditionTrait {
    /// Three nodes of Cassandra take three gigabytes beside the tests. Where servers are required, so is the memory.
    static var needsCluster: Self {
        .enabled("no server cassandra, or less than 4 GB of memory are free") {
            guard Deployment.service.isToBeTested, !Programs.requiresAll else { return Programs.requiresAll }
            let lines = String(decoding: try Folder.read("/proc/meminfo"), as: UTF8.self).split(separator: "\n")
            let available = lines.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ").dropFirst().first
            return available.flatMap { Int($0) } ?? 0 > 4 << 20
        }
    }
}

extension TheProgram {
    /// Three nodes with three copies of everything.
    @Suite(.needsCluster, .timeLimit(.minutes(9))) struct CassandraCluster {
        private static let learners = 300
        /// Parts of a report, by which it is known that it has begun.
        private static let settings = [
            "EXHAUST_CASSANDRA_LOCALDATACENTRE": "datacenter1", "EXHAUST_CASSANDRA_ATTEMPTS": "4",
            "EXHAUST_PARTS_INMEMORYLEARNERS": "0", "EXHAUST_RANGE_LEARNERS": "25", "EXHAUST_WORK_POLLSECONDS": "0.2",
            // What waits for the cluster is no failed attempt.
            "EXHAUST_RETRY_BASESECONDS": "1", "EXHAUST_RETRY_CAPSECONDS": "2", "EXHAUST_RETRY_ATTEMPTS": "1",
        ]

        private struct Cluster {
            let nodes: OwnServer
            let asking: Scene
            let scanning: Scene
            let expected: [UInt8]

            /// A request during which `trouble` comes to the cluster, and afterwards a run that knows it from its start.
            func reports(_ tag: String, _ trouble: (OwnServer) async throws -> Void) async throws {
                let watch = try FolderWatch("\(asking.data)/parts")
                let id = try await asking.submit("response-exhaust", tag: tag)
                try await asking.running("work") { worker in
                    try await watch.wait { Kills.parts($0).count >= 3 }
                    // Held still, so that the report cannot end before.
                    worker.send(SIGSTOP)
                    try await trouble(nodes)
                    worker.send(SIGCONT)
                    let ended = try await worker.line { $0.contains("run-ended") && $0.contains(id) }
                    #expect(
                        ended.contains(#""status":"SUCCESS""#) && ended.contains(#""fencing":1"#), "\(tag): \(ended)")
                }
                try await expectFile(of: id, tag)
                #expect(try await scanning.csv("response-exhaust").elementsEqual(expected), "\(tag)")
            }

            func expectFile(of id: String, _ tag: String) async throws {
                let files = try await asking.open(try asking.file(of: try await asking.status(id)))
                #expect(files.values.contains { $0.elementsEqual(expected) }, "\(tag)")
            }
        }

        private static func filled(_ nodes: OwnServer) async throws -> Cluster {
            var deployment = try Deployment(
                .user, at: nodes.address, libraries: nodes.variables["EXHAUST_TEST_CASSANDRA_DRIVER"])
            deployment.form.replicas = 3
            // The sample has a consent whose end is no moment.
            deployment.form.keepsExpiryAsText = true
            let embedded = try await Scene.withoutArchive(learners: learners)
            try await deployment.fill(from: embedded.path("sample"))
            var settings = deployment.settings.merging(Self.settings) { $1 }
            settings["EXHAUST_CASSANDRA_CONTACTPOINTS"] = nodes.variables["EXHAUST_TEST_CASSANDRA_NODES"]
            try Folder.make("\(embedded.data)/parts")
            return Cluster(
                nodes: nodes, asking: try embedded.with(settings.merging(["EXHAUST_CASSANDRA_READING": "ask"]) { $1 }),
                scanning: try embedded.with(settings.merging(["EXHAUST_CASSANDRA_READING": "scan"]) { $1 }),
                expected: try await embedded.csv("response-exhaust"))
        }

        @Test
        func `a node that hangs, dies or comes back changes neither bytes nor outcome; without a quorum requests wait`()
            async throws
        {
            try await OwnServer.using(Deployment.service, options: ["--cluster", "--address", "127.0.0.4"]) { nodes in
                let cluster = try await Self.filled(nodes)
                try await Self.pause(cluster)
                try await cluster.reports("killed") { try await $0.run("kill", "3") }
                try await cluster.reports("restarted") { try await $0.start() }
                try await Self.loseQuorum(cluster)
            }
        }

        private static func pause(_ cluster: Cluster) async throws {
            let begun = ContinuousClock.now
            try await cluster.reports("paused") { try await $0.run("pause", "2") }
            await OwnServer.wait(until: begun + .seconds(15))
            try await cluster.nodes.run("resume", "2")
        }

        private static func loseQuorum(_ cluster: Cluster) async throws {
            let id = try await cluster.asking.submit("response-exhaust", tag: "quorum")
            try await cluster.nodes.run("kill", "2")
            try await cluster.nodes.run("kill", "3")
            try await cluster.asking.running("work") { worker in
                for _ in 0..<2 {
                    try await worker.line { $0.contains("run-ended") && $0.contains(id) && $0.contains("FAILED") }
                }
                let waiting = try await cluster.asking.status(id)
                #expect(waiting["willRetry"]?.bool == true, "\(waiting.compactText)")
                #expect(waiting["errorCode"]?.text == "unavailable", "\(waiting.compactText)")
                #expect(waiting["error"]?.text?.contains("Cassandra: cannot ") == true, "\(waiting.compactText)")
                try await cluster.nodes.start()
                try await worker.line { $0.contains("run-ended") && $0.contains(id) && $0.contains("SUCCESS") }
            }
            try await cluster.expectFile(of: id, "quorum")
        }
    }
}
