import HTTPClient
import HTTPMessages
import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Synchronization
import Testing

@testable import S3Files

@Suite(.enabled(if: TestService.rclone.isToBeTested, .init(rawValue: TestService.rclone.reason)))
struct S3FaultTests {
    @Test(arguments: [FaultyClient.Fault.refuses, .cutBefore, .cutAfter])
    func `a file arrives whole although every second request fails`(fault: FaultyClient.Fault) async throws {
        let bucket = try await TestBucket(
            .rclone,
            wrap: { client in
                RetryingClient(FaultyClient(client) { _, number in number % 2 == 0 ? fault : nil }, clock: TestClock())
            })
        let bytes = (0..<(12 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 12) }
        let file = try await bucket.store.stage("r/a.zip", fencing: 1)
        for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
            try await file.write(Array(bytes[start..<min(bytes.count, start + 1 << 20)]))
        }
        try await file.finish()
        try await bucket.store.publish(file.name)
        #expect(try await bucket.store.read("r/a.zip", at: 0, count: bytes.count) == bytes)
        #expect(try await bucket.store.published().map(\.path) == ["r/a.zip"])
        // Beginnings whose answers got lost leave uploads behind, which hold parts that somebody pays for.
        let open = try await bucket.store.bucket.openUploads(bucket.store.keys.prefix)
        #expect(open.isEmpty == (fault != .cutAfter))
        #expect(try await bucket.store.sweepStaged(before: open.first?.begunAt ?? later, keeping: []) == 0)
        #expect(try await bucket.store.sweepStaged(before: later, keeping: []) == open.count)
        #expect(try await bucket.store.bucket.openUploads(bucket.store.keys.prefix).isEmpty)
        #expect(try await bucket.keys().sorted() == [".staging/exhaust/published/r/a.zip", "r/a.zip"])
    }

    /// An hour from now.
    private var later: Timestamp { TestClock().now().adding(seconds: 3_600) }

    @Test func `an upload whose process died before it noted it is given up, and one under way is not`() async throws {
        let bucket = try await TestBucket(.rclone)
        let (store, key) = (bucket.store, try bucket.store.keys.file("r/a.zip"))
        let died = try await store.stage("r/a.zip", fencing: 1)
        for note in try await store.bucket.list(store.keys.uploads) {
            _ = try await store.bucket.send(.init(method: .delete, key: note.key, subject: "note"))
        }
        let lost = try #require(StagingName(died.name.staging)).upload
        let next = try await store.stage("r/a.zip", fencing: 2)
        // A part that came a moment ago keeps it.
        _ = try await store.bucket.uploadPart([1], number: 1, of: key, upload: lost)
        let last = try #require(try await store.bucket.lastPart(of: key, upload: lost))
        #expect(try await store.sweepStaged(before: last, keeping: [next.name.staging]) == 0)
        #expect(try await store.bucket.openUploads(store.keys.prefix).count == 2)
        #expect(try await store.sweepStaged(before: later, keeping: [next.name.staging]) == 1)
        #expect(
            try await store.bucket.openUploads(store.keys.prefix).map(\.id)
                == [try #require(StagingName(next.name.staging)).upload])
        try await next.write([2])
        try await next.finish()
        try await store.publish(next.name)
        #expect(try await store.read("r/a.zip", at: 0, count: 9) == [2])
    }

    @Test func `installations that share a bucket sweep nothing of each other`() async throws {
        let mine = try await TestBucket(.rclone)
        let theirs = try await TestBucket(
            .rclone,
            options: {
                $0.prefix = mine.store.keys.prefix
                $0.owner = "other"
            })
        let file = try await theirs.store.stage("r/theirs.zip", fencing: 1)
        try await file.write([1])
        try await file.finish()
        try await theirs.store.publish(file.name)
        try await S3PartStore(theirs.store).put([2], name: "p", run: "run")
        #expect(try await mine.store.published().isEmpty)
        #expect(try await S3PartStore(mine.store).runs().isEmpty)
        #expect(try await mine.store.sweepStaged(before: Timestamp(milliseconds: 4_000_000_000_000), keeping: []) == 0)
        #expect(try await theirs.store.published().map(\.path) == ["r/theirs.zip"])
        #expect(try await S3PartStore(theirs.store).runs() == ["run"])
    }

    @Test func `a publication whose answer got lost is not taken for another file's`() async throws {
        let isLost = Mutex(false)
        let bucket = try await TestBucket(
            .rclone,
            wrap: { client in
                FaultyClient(client) { request, _ in
                    request.method == .post && !request.url.contains("uploads") && isLost.withLock { $0 }
                        ? .cutAfter : nil
                }
            })
        try await publish([1, 1, 1], bucket.store)
        let file = try await bucket.store.stage("a.zip", fencing: 2)
        try await file.write([2])
        try await file.finish()
        isLost.withLock { $0 = true }
        await FileStoreConformance.expect(.unavailable) { try await bucket.store.publish(file.name) }
        isLost.withLock { $0 = false }
        try await bucket.store.publish(file.name)
        #expect(try await bucket.store.read("a.zip", at: 0, count: 9) == [2])
        // Given up behind the note: the old file must not pass for the new one, although it is as long.
        let lost = try await bucket.store.stage("a.zip", fencing: 3)
        try await lost.write([3])
        try await lost.finish()
        let upload = try #require(StagingName(lost.name.staging)).upload
        try await bucket.store.bucket.abortUpload(of: bucket.store.keys.file("a.zip"), upload: upload)
        await FileStoreConformance.expect(.notFound) { try await bucket.store.publish(lost.name) }
    }

    @Test func `a file that cannot be written is given up, and nothing of it stays`() async throws {
        let isDown = Mutex(false)
        let bucket = try await TestBucket(
            .rclone,
            wrap: { client in
                FaultyClient(client) { request, _ in
                    request.url.contains("partNumber") && isDown.withLock { $0 } ? .refuses : nil
                }
            })
        let file = try await bucket.store.stage("a.zip", fencing: 1)
        isDown.withLock { $0 = true }
        await FileStoreConformance.expect(.unavailable) {
            for _ in 0..<30 { try await file.write([UInt8](repeating: 1, count: 1 << 20)) }
            try await file.finish()
        }
        await file.discard()
        #expect(try await bucket.store.sweepStaged(before: later, keeping: []) == 0)
        #expect(try await bucket.keys().isEmpty)
        await FileStoreConformance.expect(.notFound) { try await bucket.store.publish(file.name) }
    }

    @Test func `files of other programs in the bucket are neither listed nor swept`() async throws {
        let bucket = try await TestBucket(.rclone)
        let foreign = bucket.store.keys.prefix + "progress-exhaust/other.csv"
        _ = try await bucket.store.bucket.send(.init(method: .put, key: foreign, body: [1], subject: "foreign file"))
        let upload = try await bucket.store.bucket.beginUpload(foreign)
        try await publish([1], bucket.store, "progress-exhaust/a.zip")
        #expect(try await bucket.store.published().map(\.path) == ["progress-exhaust/a.zip"])
        #expect(try await bucket.store.sweepStaged(before: Timestamp(milliseconds: .max), keeping: []) == 0)
        _ = try await bucket.store.bucket.uploadPart([1], number: 1, of: foreign, upload: upload)
        #expect(try await bucket.store.size(of: "progress-exhaust/other.csv") == 1)
    }

    @Test func `a long upload is not swept while parts arrive`() async throws {
        let bucket = try await TestBucket(.rclone, options: { $0.parallelParts = 1 })
        let file = try await bucket.store.stage("a.zip", fencing: 1)
        // The second part goes up only when the first has arrived.
        try await file.write([UInt8](repeating: 1, count: 11 << 20))
        let upload = try #require(StagingName(file.name.staging)).upload
        let key = try bucket.store.keys.file("a.zip")
        let last = try #require(try await bucket.store.bucket.lastPart(of: key, upload: upload))
        #expect(try await bucket.store.sweepStaged(before: last, keeping: []) == 0)
        // The next part is on its way, however long that takes.
        #expect(try await bucket.store.sweepStaged(before: Timestamp(milliseconds: .max), keeping: []) == 1)
        await file.discard()
    }

    @Test func `wrong credentials and a missing bucket are told as such`() async throws {
        let stranger = try await TestBucket(.rclone, secret: "wrong")
        await expect("credentials do not fit") { _ = try await stranger.store.stage("a.zip", fencing: 1) }
        let nowhere = try await TestBucket(.rclone, options: { $0.bucket = "no-such-bucket" })
        await expect("no such bucket") { _ = try await nowhere.store.stage("a.zip", fencing: 1) }
        await expect("no such bucket") { _ = try await nowhere.store.size(of: "a.zip") }
    }

    private func publish(_ bytes: [UInt8], _ store: S3FileStore, _ path: String = "a.zip") async throws {
        let file = try await store.stage(path, fencing: 1)
        try await file.write(bytes)
        try await file.finish()
        try await store.publish(file.name)
    }

    private func expect(_ why: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("nothing was thrown")
        } catch {
            #expect("\(error)".contains(why), "\(error)")
        }
    }
}
