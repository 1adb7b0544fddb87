public import ReportPorts
import Synchronization

/// The table of datasets in memory.
public final class MemoryDatasetStore: DatasetStore {
    private let rows: Mutex<[DatasetMetadata]>

    /// A table of these rows.
    public init(_ rows: [DatasetMetadata] = []) { self.rows = Mutex(rows) }

    /// As `DatasetStore.dataset`.
    public func dataset(subID: String) async throws -> DatasetMetadata? {
        rows.withLock { rows in
            rows.filter { $0.subID == subID }.min { $0.datasetID.utf8.lexicographicallyPrecedes($1.datasetID.utf8) }
        }
    }

    /// As `DatasetStore.datasets`.
    public func datasets() async throws -> [DatasetMetadata] {
        rows.withLock { rows in
            rows.sorted { left, right in
                left.datasetID == right.datasetID
                    ? left.subID.utf8.lexicographicallyPrecedes(right.subID.utf8)
                    : left.datasetID.utf8.lexicographicallyPrecedes(right.datasetID.utf8)
            }
        }
    }

    /// As `DatasetStore.put`.
    public func put(_ dataset: DatasetMetadata) async throws -> Bool {
        rows.withLock { rows in
            guard let place = rows.firstIndex(where: { $0.subID == dataset.subID }) else {
                rows.append(dataset)
                return true
            }
            guard rows[place].datasetID == dataset.datasetID else { return false }
            rows[place] = dataset
            return true
        }
    }
}
