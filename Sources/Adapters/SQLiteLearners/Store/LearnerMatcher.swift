import Glibc
import ReportModel

/// Finds the learners of a page to rows that come in the order of user ids.
struct LearnerMatcher {
    private let keys: LearnerKeys
    private var start = 0

    init(_ keys: LearnerKeys) { self.keys = keys }

    /// The learner whose id this is; nil if the page has none.
    @inline(__always)
    mutating func learner(_ id: UnsafeRawBufferPointer) -> Int? {
        if start < keys.count, isCurrent(id) { return start }
        return keys.index(of: id, from: &start)
    }

    /// Several rows of one learner follow one another, so that the question is mostly whether the id is still the same.
    @inline(__always)
    private func isCurrent(_ id: UnsafeRawBufferPointer) -> Bool {
        keys.arena.withBytes(of: keys.ids[start]) { current in
            guard current.count == id.count, let left = current.baseAddress, let right = id.baseAddress else {
                return false
            }
            return memcmp(left, right, current.count) == 0
        }
    }
}

extension ByteArena {
    /// Adds a copy of a value that may be NULL.
    @inline(__always)
    mutating func append(optional value: UnsafeRawBufferPointer?) -> TextSlice {
        guard let value else { return .absent }
        return append(value)
    }
}
