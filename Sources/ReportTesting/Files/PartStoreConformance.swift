import ReportModel
public import ReportPorts
import Testing

/// What every `PartStore` promises, as checks on a fresh, empty store.
public enum PartStoreConformance {
    /// All promises.
    public static let checks: [ConformanceCheck<any PartStore>] = [
        .init("a part comes back as it was put, under its run alone") { store in
            let part = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
            try await store.put(part, name: "0001", run: "A")
            try await store.put([], name: "0002", run: "A")
            #expect(try await store.get(name: "0001", run: "A") == part)
            #expect(try await store.get(name: "0002", run: "A") == [])
            await FileStoreConformance.expect(.notFound) { _ = try await store.get(name: "0001", run: "B") }
            await FileStoreConformance.expect(.notFound) { _ = try await store.get(name: "0003", run: "A") }
        },
        .init("a part takes the place of another of its name") { store in
            try await store.put([1, 2, 3], name: "p", run: "A")
            try await store.put([4], name: "p", run: "A")
            #expect(try await store.get(name: "p", run: "A") == [4])
        },
        .init("the parts of a run are forgotten together, and those of others stay") { store in
            for run in ["A", "B"] {
                for name in ["1", "2"] { try await store.put([1], name: name, run: run) }
            }
            #expect(try await store.runs() == ["A", "B"])
            try await store.removeAll(run: "A")
            try await store.removeAll(run: "A")
            #expect(try await store.runs() == ["B"])
            await FileStoreConformance.expect(.notFound) { _ = try await store.get(name: "1", run: "A") }
            #expect(try await store.get(name: "2", run: "B") == [1])
            try await store.put([3], name: "1", run: "A")
            #expect(try await store.get(name: "1", run: "A") == [3])
        },
        .init("names may hold anything") { store in
            let names = ["a/b", "..", ".", ".hidden", "a b", "日本", "%2F", "a\nb", "a%", "tag:org|ID", "CASE", "case"]
            for run in names {
                for name in names { try await store.put(Array((run + name).utf8), name: name, run: run) }
            }
            #expect(try await store.runs() == names.sorted())
            for run in names {
                for name in names {
                    #expect(try await store.get(name: name, run: run) == Array((run + name).utf8))
                }
            }
            for run in names { try await store.removeAll(run: run) }
            #expect(try await store.runs() == [])
        },
        .init("parts can be put by several at once") { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<32 {
                    group.addTask { try await store.put([UInt8(number)], name: "\(number % 16)", run: "A") }
                }
                try await group.waitForAll()
            }
            for number in 0..<16 {
                let part = try await store.get(name: "\(number)", run: "A")
                #expect(part == [UInt8(number)] || part == [UInt8(number + 16)])
            }
        },
    ]
}
