import HTTPMessages
import HTTPServer
@testable import ReportAPI
import ReportModel
import ReportPorts
import ReportTesting
import SQLiteJobs
import Synchronization
import Testing

/// What is done for those who are not known, and what a schema may cost.
@Suite struct StrangerTests {
    private static let submission =
        #"{"request":{"tag":"t","dataset":"progress-exhaust","datasetConfig":{"batchId":"b1"},"encryptionKey":"x"}}"#

    private func submit(
        _ scene: DialectScene, as consumer: String, from peer: String, _ path: String = "/request/submit"
    ) async -> (status: Int, wasRead: Bool) {
        let body = CountedBody(Self.submission)
        let response = await scene.handler.respond(
            to: HTTPRequest(
                method: .post, path: path,
                fields: ["X-Channel-ID": "org-1", "X-Consumer-ID": consumer, "Content-Type": "application/json"],
                peer: peer, body: body))
        return (response.status, body.reads > 0)
    }

    @Test(arguments: ["/request/submit", "/request/search", "/dataset/add"])
    func `the bodies of so many strangers are read, and then no more of that address`(path: String) async throws {
        let scene = try await DialectScene()
        for _ in 0..<Int(StrangerLimit.rate.burst) {
            #expect(await submit(scene, as: "nobody", from: "192.0.2.1", path).status != 429)
        }
        #expect(await submit(scene, as: "nobody", from: "192.0.2.1", path) == (429, false))
        // Others, and whoever is known, are let in from everywhere.
        #expect(await submit(scene, as: "nobody", from: "192.0.2.2", path).wasRead)
        #expect(await submit(scene, as: "c1", from: "192.0.2.1", path).wasRead)
        scene.clock.advance(seconds: 1)
        #expect(await submit(scene, as: "nobody", from: "192.0.2.1", path).wasRead)
        await scene.close()
    }

    @Test func `a schema is read once, and again once it is another`() async throws {
        let scene = try await DialectScene()
        var row = DatasetMetadata(datasetID: "progress-exhaust", subID: "progress-exhaust")
        row.authorizedRoles = ["ORG_ADMIN"]
        row.validation = try JSONValue(parsing: #"{"required":["tag"]}"#)
        #expect(try await scene.store.put(row))
        for _ in 0..<5 { #expect(await submit(scene, as: "c1", from: "192.0.2.1").status == 200) }
        #expect(await scene.ports.schemas.readCount == 1)
        row.validation = try JSONValue(parsing: #"{"required":["outputFormat"]}"#)
        #expect(try await scene.store.put(row))
        for _ in 0..<5 { #expect(await submit(scene, as: "c1", from: "192.0.2.1").status == 400) }
        #expect(await scene.ports.schemas.readCount == 2)
        await scene.close()
    }
}

/// A body that tells whether it was read.
private final class CountedBody: HTTPBytes {
    private let state: Mutex<(bytes: [UInt8]?, reads: Int)>

    init(_ text: String) { state = Mutex((Array(text.utf8), 0)) }

    var reads: Int { state.withLock { $0.reads } }

    func next() async throws -> [UInt8]? {
        state.withLock { state in
            state.reads += 1
            defer { state.bytes = nil }
            return state.bytes
        }
    }
}
