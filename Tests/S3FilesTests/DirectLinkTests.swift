import HTTPClient
import HTTPMessages
import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

@testable import S3Files

@Suite(.enabled(if: TestService.rclone.isToBeTested, .init(rawValue: TestService.rclone.reason)))
struct DirectLinkTests {
    @Test func `a link opens its file and no other, and an altered one is refused`() async throws {
        let bucket = try await TestBucket(.rclone)
        try await publish("r/id/b 1_progress.zip", bucket.store)
        try await publish("r/id/other.zip", bucket.store)
        let link = try await bucket.store.directLink(to: "r/id/b 1_progress.zip", seconds: 60, downloadName: "b ü.zip")
        let answer = try await bucket.client.send(WebRequest(.get, link))
        #expect(answer.status == 200 && answer.body == Array("r/id/b 1_progress.zip".utf8))
        #expect(!link.contains("exhaust-secret"))
        let altered: [String] = [
            link.replacing("X-Amz-Expires=60", with: "X-Amz-Expires=61"),
            link.replacing("b%201_progress", with: "other"),
            String(link.dropLast()) + (link.hasSuffix("0") ? "1" : "0"),
            link.replacing("response-content-disposition=attachment", with: "response-content-disposition=inline"),
        ]
        for address in altered {
            #expect(address != link)
            let refused = try await bucket.client.send(WebRequest(.get, address))
            #expect(refused.status == 403, "\(address)")
        }
        #expect(try await bucket.client.send(WebRequest(.delete, link)).status == 403)
        let bare = String(link.prefix { $0 != "?" })
        #expect(try await !bucket.client.send(WebRequest(.get, bare)).isSuccess)
    }

    @Test func `a link that has expired is refused`() async throws {
        let bucket = try await TestBucket(.rclone)
        try await publish("a.zip", bucket.store)
        let past = ManualClock(TestClock().now().adding(seconds: -120))
        let store = try S3FileStore(
            bucket.store.bucket.options, credentials: bucket.store.bucket.credentials, client: bucket.client,
            clock: past)
        let link = try await store.directLink(to: "a.zip", seconds: 60, downloadName: nil)
        #expect(try await [400, 403].contains(bucket.client.send(WebRequest(.get, link)).status))
        let valid = try await store.directLink(to: "a.zip", seconds: 600, downloadName: nil)
        #expect(try await bucket.client.send(WebRequest(.get, valid)).status == 200)
    }

    @Test func `links live a second at least and a week at most, and lead nowhere else`() async throws {
        let store = try await TestBucket(.rclone).store
        for seconds in [0, -1, 604_801] {
            await FileStoreConformance.expect(.invalidInput) {
                _ = try await store.directLink(to: "a.zip", seconds: seconds, downloadName: nil)
            }
        }
        await FileStoreConformance.expect(.invalidInput) {
            _ = try await store.directLink(to: "../a.zip", seconds: 60, downloadName: nil)
        }
    }

    private func publish(_ path: String, _ store: S3FileStore) async throws {
        let file = try await store.stage(path, fencing: 1)
        try await file.write(Array(path.utf8))
        try await file.finish()
        try await store.publish(file.name)
    }
}
