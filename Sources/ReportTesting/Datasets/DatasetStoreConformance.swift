import ReportModel
public import ReportPorts
import Testing

/// What every `DatasetStore` promises, as checks on a fresh, empty one.
public enum DatasetStoreConformance {
    /// A row with a value in every column.
    public static var full: DatasetMetadata {
        var row = DatasetMetadata(datasetID: "progress-exhaust", subID: "progress-exhaust")
        row.config = .object([.init("batchId", .string("b1"))])
        row.visibility = "private"
        row.type = "On-Demand Exhaust"
        row.version = "1.0"
        row.authorizedRoles = ["ORG_ADMIN", "टैग \"x\""]
        row.availableFrom = Timestamp(milliseconds: 1_706_691_600_123)
        row.sampleRequest = "{}"
        row.sampleResponse = ""
        row.validation = .object([.init("type", .string("object")), .init("minProperties", .number("1.0"))])
        row.druidQuery = .object([])
        row.limits = .object([.init("a", .null)])
        row.supportedFormats = ["csv"]
        row.exhaustType = "On-demand exhaust"
        return row
    }

    /// All promises.
    public static var checks: [ConformanceCheck<any DatasetStore>] {
        [
            .init("a row is found by its sub id, as it was put") { store in
                let before = try await store.dataset(subID: "progress-exhaust")
                #expect(before == nil)
                #expect(try await store.put(full))
                #expect(try await store.dataset(subID: "progress-exhaust") == full)
                #expect(try await store.dataset(subID: "Progress-Exhaust") == nil)
            },
            .init("what is NULL stays so") { store in
                let row = DatasetMetadata(datasetID: "d", subID: "s")
                let isWritten = try await store.put(row)
                #expect(isWritten)
                #expect(try await store.dataset(subID: "s") == row)
                #expect(try await store.datasets() == [row])
            },
            .init("a row of the same dataset is replaced") { store in
                _ = try await store.put(full)
                var other = full
                other.version = "2.0"
                other.validation = nil
                #expect(try await store.put(other))
                #expect(try await store.datasets() == [other])
            },
            .init("a sub id of another dataset is left as it is") { store in
                _ = try await store.put(full)
                var other = full
                other.datasetID = "another"
                #expect(try await store.put(other) == false)
                #expect(try await store.datasets() == [full])
            },
            .init("rows are listed by dataset id, then sub id") { store in
                for (id, sub) in [("d", "z"), ("d", "a"), ("b", "q")] {
                    _ = try await store.put(DatasetMetadata(datasetID: id, subID: sub))
                }
                #expect(try await store.datasets().map(\.subID) == ["q", "a", "z"])
            },
        ]
    }
}
