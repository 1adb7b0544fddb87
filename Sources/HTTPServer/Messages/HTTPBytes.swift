/// Bytes that arrive or leave piece by piece; whoever reads sets the pace. Used by one task.
public protocol HTTPBytes: Sendable {
    /// The next piece, never empty; nil at the end. Throws `limitExceeded` past a limit, `unavailable` if the other side
    /// went away or was too slow.
    func next() async throws -> [UInt8]?
}

/// No bytes.
public struct NoBytes: HTTPBytes {
    /// No bytes.
    public init() {}

    /// Nil.
    public func next() async throws -> [UInt8]? { nil }
}
