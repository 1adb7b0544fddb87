import Synchronization

/// Merges that were read up to somewhere, kept for whoever goes on from there: pages are read one after the other, and every
/// merge that begins anew loads a block of each run, of which the page before has used a part.
final class OpenMerges: Sendable {
    /// Unchecked: whoever uses it has taken it out first.
    private final class Kept: @unchecked Sendable {
        var merge: SpoolMerge
        init(_ merge: SpoolMerge) { self.merge = merge }
    }

    /// Merges that are kept at the most: two ranges are made at once, each with two readers of a spool.
    private static let count = 4
    private let bytes: Int
    private let kept = Mutex<[Kept]>([])

    /// Keeps merges of about so many bytes together, one at the least.
    init(bytes: Int) { self.bytes = bytes }

    /// Takes the merge that goes on at `first`, if there is one.
    func take(at first: [UInt8]) -> SpoolMerge? {
        kept.withLock { kept in
            kept.firstIndex { $0.merge.isAt(first) }.map { kept.remove(at: $0) }
        }?.merge
    }

    /// Keeps a merge of about `size` bytes, in place of those that were kept longest where there are too many.
    func keep(_ merge: SpoolMerge, of size: Int) {
        let box = Kept(merge)
        let most = max(1, min(Self.count, bytes / max(1, size)))
        kept.withLock { kept in
            kept.append(box)
            if kept.count > most { kept.removeFirst(kept.count - most) }
        }
    }
}
