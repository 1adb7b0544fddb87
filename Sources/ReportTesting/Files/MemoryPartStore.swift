import ReportModel
public import ReportPorts
import Synchronization

/// Sealed parts in memory.
public final class MemoryPartStore: PartStore {
    private let parts = Mutex<[String: [String: [UInt8]]]>([:])

    /// An empty store.
    public init() {}

    /// How many parts there are of all runs.
    public var count: Int { parts.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// As `PartStore.put`.
    public func put(_ part: [UInt8], name: String, run: String) async throws {
        parts.withLock { $0[run, default: [:]][name] = part }
    }

    /// As `PartStore.get`.
    public func get(name: String, run: String) async throws -> [UInt8] {
        guard let part = parts.withLock({ $0[run]?[name] }) else {
            throw ExhaustError(.notFound, "part \(name) of run \(run): there is none")
        }
        return part
    }

    /// As `PartStore.removeAll`.
    public func removeAll(run: String) async throws { parts.withLock { $0[run] = nil } }

    /// As `PartStore.runs`.
    public func runs() async throws -> [String] { parts.withLock { $0.keys.sorted() } }
}
