/// How fast a client takes or sends bytes, over the time in which it is waited for. Times in milliseconds, from any start.
struct Pace {
    /// What a client has to keep up with.
    struct Limits {
        let slowMilliseconds: Int64
        let bytesPerSecond: Int64
        /// The longest wait altogether; nil where only the rate counts.
        let longestMilliseconds: Int64?
    }

    private var bytes: Int64 = 0
    private var waited: Int64 = 0
    private var since: Int64?

    /// The client is waited for from now on.
    mutating func wait(at now: Int64) { if since == nil { since = now } }

    /// The client has to wait for us.
    mutating func pause(at now: Int64) {
        if let since { waited += now - since }
        since = nil
    }

    /// So many bytes moved.
    mutating func moved(_ count: Int) { bytes += Int64(count) }

    /// Whether the client is slower than it may be.
    func isTooSlow(at now: Int64, _ limits: Limits) -> Bool {
        guard let since else { return false }
        let total = waited + now - since
        if let longest = limits.longestMilliseconds, total > longest { return true }
        return total > limits.slowMilliseconds
            && bytes * 1000 < limits.bytesPerSecond * (total - limits.slowMilliseconds)
    }
}
