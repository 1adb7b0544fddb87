import ReportModel
import SealedSpool

/// The batches of a run by number, found by the bytes of their ids.
struct BatchGroups: Sendable {
    let batches: [BatchKey]
    private var names = IdentifierTable()
    private var contexts = IdentifierTable()

    init(_ batches: [BatchKey]) {
        self.batches = batches.sorted()
        for batch in self.batches {
            names.insert(batch.batch + "\0" + batch.collection)
            contexts.insert("cb:" + batch.batch)
        }
    }

    /// The number of a batch.
    func group(of batch: BatchKey) -> UInt32? {
        names.index(of: batch.batch + "\0" + batch.collection).map { UInt32($0) }
    }

    /// The number of a batch by the bytes of its ids; `room` is kept from one row to the next.
    func group(
        collection: UnsafeRawBufferPointer, batch: UnsafeRawBufferPointer, _ room: inout [UInt8]
    ) -> UInt32? {
        room.removeAll(keepingCapacity: true)
        room.append(contentsOf: batch)
        room.append(0)
        room.append(contentsOf: collection)
        return room.withUnsafeBytes { names.index(of: $0) }.map { UInt32($0) }
    }

    /// The number of a context of aggregates, such as `cb:0133`.
    func context(_ context: UnsafeRawBufferPointer) -> UInt32? { contexts.index(of: context).map { UInt32($0) } }

    /// The number of the context of a batch.
    func context(of batch: BatchKey) -> UInt32? { contexts.index(of: "cb:" + batch.batch).map { UInt32($0) } }

    /// The keys of learners of `group` in `range`.
    static func bounds(_ group: UInt32, _ range: UserRange) -> (from: [UInt8], before: [UInt8]) {
        var first = SpoolKeys.user(group, range.after ?? [])
        let from = range.after == nil ? SpoolKeys.start(group) : first.afterAll
        guard let through = range.through else { return (from, SpoolKeys.start(group + 1)) }
        first = SpoolKeys.user(group, through)
        return (from, first.afterAll)
    }
}
