public import ReportModel
public import ReportPorts
import Testing

/// What every `FileStore` that can hold files open promises, as checks on a fresh, empty store.
public enum FileStoreConformance {
    /// A store to be checked.
    public typealias Store = any FileStore & FileOpening

    /// All promises of a store that keeps a replaced file for who holds it open.
    public static var checks: [ConformanceCheck<Store>] { checksOfBuckets + holding }

    /// All promises of a store that keeps no replaced files.
    public static var checksOfBuckets: [ConformanceCheck<Store>] { publishing + reading + sweeping }

    static let publishing: [ConformanceCheck<Store>] = [
        .init("a file is there, whole, once it is published, and not before") { store in
            let file = try await store.stage("r/id/b1_progress.zip", fencing: 3)
            #expect(file.name.final == "r/id/b1_progress.zip")
            for chunk in [[1, 2, 3], [], [4]] as [[UInt8]] { try await file.write(chunk) }
            #expect(try await store.size(of: file.name.final) == nil)
            try await file.finish()
            #expect(try await store.size(of: file.name.final) == nil)
            #expect(try await store.published().isEmpty)
            try await store.publish(file.name)
            #expect(try await store.read(file.name.final, at: 0, count: 99) == [1, 2, 3, 4])
            #expect(try await store.published().map(\.path) == ["r/id/b1_progress.zip"])
            #expect(try await store.published().map(\.bytes) == [4])
        },
        .init("publishing twice does nothing the second time") { store in
            let name = try await publish([7], "a.zip", store)
            try await store.publish(name)
            #expect(try await store.read("a.zip", at: 0, count: 9) == [7])
        },
        .init("a file takes the place of the one before") { store in
            _ = try await publish([1, 1, 1], "a.zip", store)
            _ = try await publish([2], "a.zip", store)
            #expect(try await store.read("a.zip", at: 0, count: 9) == [2])
            #expect(try await store.published().count == 1)
        },
        .init("staged files of one path do not meet, and their names carry the fencing number") { store in
            let old = try await store.stage("a.zip", fencing: 41)
            let new = try await store.stage("a.zip", fencing: 42)
            let same = try await store.stage("a.zip", fencing: 42)
            #expect(Set([old, new, same].map(\.name.staging)).count == 3)
            #expect(old.name.staging.contains("41") && new.name.staging.contains("42"))
            try await old.write([1])
            try await new.write([2])
            try await old.finish()
            try await new.finish()
            try await store.publish(new.name)
            #expect(try await store.read("a.zip", at: 0, count: 9) == [2])
        },
        .init("a file that is not finished cannot be published") { store in
            let file = try await store.stage("a.zip", fencing: 1)
            try await file.write([1])
            await expect(.notFound) { try await store.publish(file.name) }
            #expect(try await store.published().isEmpty)
            try await file.finish()
            try await store.publish(file.name)
        },
        .init("a file that was given up or discarded is gone, and cannot be published") { store in
            let first = try await store.stage("a.zip", fencing: 1)
            try await first.write([1])
            await first.discard()
            let second = try await store.stage("a.zip", fencing: 1)
            try await second.finish()
            try await store.discard(second.name)
            try await store.discard(second.name)
            let third = try await store.stage("a.zip", fencing: 1)
            try await store.discard(third.name)
            await expect(.notFound) { try await third.finish() }
            for file in [first, second, third] { await expect(.notFound) { try await store.publish(file.name) } }
            #expect(try await store.sweepStaged(before: Timestamp(milliseconds: .max), keeping: []) == 0)
        },
        .init("who lost its lease cannot publish over the file of who has it") { store in
            let old = try await store.stage("a.zip", fencing: 1)
            try await old.write([1])
            try await old.finish()
            try await store.discard(old.name)
            _ = try await publish([2], "a.zip", store)
            try await store.publish(old.name)
            #expect(try await store.read("a.zip", at: 0, count: 9) == [2])
        },
    ]

    static let reading: [ConformanceCheck<Store>] = [
        .init("a published file can be read at any place, and ends where it ends") { store in
            let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            _ = try await publish(bytes, "r/a.zip", store)
            #expect(try await store.size(of: "r/a.zip") == 100_000)
            #expect(try await store.read("r/a.zip", at: 65_000, count: 1_000) == Array(bytes[65_000..<66_000]))
            #expect(try await store.read("r/a.zip", at: 99_999, count: 1_000) == [bytes[99_999]])
            #expect(try await store.read("r/a.zip", at: 100_000, count: 10) == [])
            #expect(try await store.read("r/a.zip", at: .max, count: .max) == [])
            #expect(try await store.read("r/a.zip", at: 0, count: 0) == [])
            await expect(.invalidInput) { _ = try await store.read("r/a.zip", at: -1, count: 1) }
        },
        .init("a file that is held open is never mixed with another one") { store in
            _ = try await publish([1, 2, 3], "a.zip", store)
            let open = try await store.open("a.zip")
            #expect(open.size == 3)
            #expect(try await open.read(at: 1, count: 9) == [2, 3])
            _ = try await publish([9, 9, 9], "a.zip", store)
            do {
                #expect(try await open.read(at: 1, count: 9) == [2, 3])
            } catch let error as ExhaustError {
                #expect(error.code == .conflict)
            }
            await open.close()
        },
        .init("what is not there is not found, and removing it does nothing") { store in
            #expect(try await store.size(of: "r/a.zip") == nil)
            await expect(.notFound) { _ = try await store.read("r/a.zip", at: 0, count: 1) }
            await expect(.notFound) { _ = try await store.open("r/a.zip") }
            try await store.remove("r/a.zip")
            _ = try await publish([1], "r/a.zip", store)
            _ = try await publish([1], "r/b.zip", store)
            try await store.remove("r/a.zip")
            try await store.remove("r/b.zip")
            #expect(try await store.published().isEmpty)
            _ = try await publish([1], "r/a.zip", store)
            await expect(.notFound) { _ = try await store.read("r/a.zip/x", at: 0, count: 1) }
        },
        .init("no path leads out of the store or to staged files") { store in
            let file = try await store.stage("a.zip", fencing: 1)
            try await file.finish()
            let paths = [
                "", "/", "/etc/passwd", "../a", "a/../../b", "a/..", "./a", "a//b", "a/", "a\u{0}b",
                ".staging/\(file.name.staging)", ".staging", String(repeating: "x", count: 256),
                String(repeating: "x/", count: 600) + "x",
            ]
            for path in paths {
                await expect(.invalidInput) { _ = try await store.stage(path, fencing: 1) }
                await expect(.invalidInput) { _ = try await store.read(path, at: 0, count: 1) }
                await expect(.invalidInput) { _ = try await store.open(path) }
                await expect(.invalidInput) { _ = try await store.size(of: path) }
                await expect(.invalidInput) { try await store.remove(path) }
                let name = StagedFileName(staging: file.name.staging, final: path)
                await expect(.invalidInput) { try await store.publish(name) }
            }
            for path in ["..a", "a..", "...", "%2e%2e", "ü/日本.zip", "a b", "a.staging/b"] {
                _ = try await publish([1], path, store)
            }
            #expect(try await store.published().count == 7)
        },
    ]

    static let holding: [ConformanceCheck<Store>] = [
        .init("a file that is held open stays as it was, whatever takes its place") { store in
            _ = try await publish([1, 2, 3], "a.zip", store)
            let open = try await store.open("a.zip")
            _ = try await publish([9], "a.zip", store)
            #expect(open.size == 3)
            #expect(try await open.read(at: 1, count: 9) == [2, 3])
            try await store.remove("a.zip")
            #expect(try await open.read(at: 0, count: 1) == [1])
            await open.close()
        }
    ]

    static let sweeping: [ConformanceCheck<Store>] = [
        .init("sweeping removes old staged files but those that a run still names, and nothing published") { store in
            let kept = try await store.stage("a.zip", fencing: 1)
            try await kept.finish()
            let writing = try await store.stage("b.zip", fencing: 1)
            try await writing.write([1])
            let finished = try await store.stage("c.zip", fencing: 1)
            try await finished.finish()
            _ = try await publish([1], "d.zip", store)
            #expect(try await store.sweepStaged(before: Timestamp(milliseconds: 0), keeping: []) == 0)
            let swept = try await store.sweepStaged(
                before: Timestamp(milliseconds: .max), keeping: [kept.name.staging])
            #expect(swept == 2)
            try await store.publish(kept.name)
            await expect(.notFound) { try await store.publish(finished.name) }
            await expect(.notFound) { try await writing.finish() }
            #expect(try await store.published().map(\.path) == ["a.zip", "d.zip"])
        }
    ]

    private static func publish(_ bytes: [UInt8], _ path: String, _ store: Store) async throws -> StagedFileName {
        let file = try await store.stage(path, fencing: 1)
        try await file.write(bytes)
        try await file.finish()
        try await store.publish(file.name)
        return file.name
    }

    /// Fails the test unless `body` throws an error of this code.
    public static func expect(_ code: ExhaustError.Code, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("nothing was thrown instead of \(code)")
        } catch {
            #expect((error as? ExhaustError)?.code == code, "\(error)")
        }
    }
}
