import ReportModel
import ReportPorts
import Synchronization

/// Rows of datasets, remembered for a second: for questions that come by the thousand at once, as for the listeners to
/// events.
final class RememberedDatasets: DatasetStore {
    /// Milliseconds for which a row counts.
    static let freshMilliseconds: Int64 = 1_000
    /// Names that are remembered at the most.
    static let nameLimit = 1_000

    private struct Answer {
        var row: DatasetMetadata?
        var readAt: Timestamp
    }

    private let store: any DatasetStore
    private let clock: any ServiceClock
    private let answers = Mutex(GenerationTable<Answer>(names: RememberedDatasets.nameLimit))

    init(of store: any DatasetStore, clock: any ServiceClock) {
        self.store = store
        self.clock = clock
    }

    func dataset(subID: String) async throws -> DatasetMetadata? {
        // Before it is read, so that it never counts as newer than it is.
        let now = clock.now()
        if let known = answers.withLock({ $0[subID] }),
            (0..<Self.freshMilliseconds).contains(now.milliseconds - known.readAt.milliseconds)
        {
            return known.row
        }
        let row = try await store.dataset(subID: subID)
        answers.withLock { $0[subID] = Answer(row: row, readAt: now) }
        return row
    }

    func datasets() async throws -> [DatasetMetadata] { try await store.datasets() }

    func put(_ dataset: DatasetMetadata) async throws -> Bool {
        defer { answers.withLock { $0.removeAll() } }
        return try await store.put(dataset)
    }
}
