import JobLifecycle
import ReportModel
import ReportPorts

/// Who stands where in the line, as this process saw it lately: to read a line of thousands for each look at one
/// request would make the service slowest when most is asked of it.
actor LineBook {
    /// Milliseconds for which a line is remembered; pages look about as often.
    static let freshMilliseconds: Int64 = 1_000
    /// A line of up to so many requests is read again for a request that was filed since; who comes to a longer one is
    /// told at the next look.
    static let shortLine = 200

    private let jobs: any JobStore
    private let clock: any ServiceClock
    private var line: WaitingLine?
    private var isReading = false
    private var readAt = Timestamp(milliseconds: 0)

    init(jobs: any JobStore, clock: any ServiceClock) {
        self.jobs = jobs
        self.clock = clock
    }

    /// How many requests would be leased before this one, 0 for the next; nil if it does not wait, or came just now to
    /// a long line.
    func place(of key: RequestKey) async throws -> Int? {
        // Who comes while it is read again sees the line as it was: one reader is enough.
        if let line, isFresh || isReading {
            if let place = line[key] { return place }
            if line.count > Self.shortLine { return nil }
        }
        // Before it is read, so that it never counts as newer than it is.
        let now = clock.now()
        isReading = true
        defer { isReading = false }
        let read = try await jobs.waitingLine()
        line = read
        readAt = now
        return read[key]
    }

    private var isFresh: Bool {
        // A clock that was set back makes no line new.
        (0..<Self.freshMilliseconds).contains(clock.now().milliseconds - readAt.milliseconds)
    }
}
