public import ReportModel
import Synchronization

/// How fast a run gets on, and how long it will take.
public struct Pace: Sendable, Hashable {
    /// Learners looked at in a second; above 0.
    public var learnersPerSecond: Double
    /// Seconds until its last learner; nil if nobody knows how many there are.
    public var secondsLeft: Double?

    /// The pace of a run that looked at so many learners in so many seconds, with so many left; nil if it has not begun.
    public init?(learners: Int, seconds: Double, left: Int?) {
        guard learners > 0, seconds > 0 else { return nil }
        learnersPerSecond = Double(learners) / seconds
        secondsLeft = left.map { Double(max(0, $0)) / learnersPerSecond }
    }

    /// Learners that are left in all batches of a run; rosters of batches that have not begun are unknown, and taken for as
    /// large as those that have. Nil if it cannot be said.
    static func learnersLeft(_ run: JobRun, batchCount: Int?) -> Int? {
        guard run.progress.learnersExpected > 0, let batchCount else { return nil }
        let begun = min(batchCount, run.files.count + 1)
        guard begun > 0 else { return nil }
        return run.progress.learnersExpected * batchCount / begun - run.progress.learnersDone
    }
}

/// The pace of runs as this process saw them lately. Without a look at a run before, its whole time counts.
public final class PaceBook: Sendable {
    private struct Sample {
        var at: Timestamp
        var done: Int
    }

    private struct Entry {
        var fencing: Int64
        var samples: [Sample]
    }

    /// Runs that are remembered; there are never more under way than a few.
    public static let runLimit = 1_000
    /// Seconds that count: short enough to follow a change, long enough to smooth what heartbeats round.
    public static let windowSeconds = 60.0
    /// Samples of one run.
    private static let sampleLimit = 32

    private let entries = Mutex<[RequestKey: Entry]>([:])

    /// An empty book.
    public init() {}

    /// Notes how far a run is, and answers its pace; nil if it does not run or has not begun to read.
    public func pace(of request: JobRequest, run: JobRun?, batchCount: Int?, at now: Timestamp) -> Pace? {
        guard request.status == .processing, let run, run.owner != nil else {
            entries.withLock { _ = $0.removeValue(forKey: request.key) }
            return nil
        }
        let samples = note(request.key, run, now)
        let left = Pace.learnersLeft(run, batchCount: batchCount)
        if let first = samples.first,
            let pace = Pace(
                learners: run.progress.learnersDone - first.done, seconds: now.seconds(since: first.at), left: left)
        {
            return pace
        }
        // A run that was broken off and taken up again counts from its first lease: too slow rather than too fast.
        guard let started = run.firstLeasedAt else { return nil }
        return Pace(learners: run.progress.learnersDone, seconds: now.seconds(since: started), left: left)
    }

    private func note(_ key: RequestKey, _ run: JobRun, _ now: Timestamp) -> [Sample] {
        let sample = Sample(at: now, done: run.progress.learnersDone)
        return entries.withLock { entries in
            if entries[key] == nil, entries.count >= Self.runLimit { entries.removeAll() }
            var entry = entries[key] ?? Entry(fencing: run.fencing, samples: [])
            if entry.fencing != run.fencing || (entry.samples.last?.done ?? 0) > sample.done {
                entry = Entry(fencing: run.fencing, samples: [])
            }
            entry.samples.removeAll { now.seconds(since: $0.at) > Self.windowSeconds }
            // Looks at the same state add nothing, and must not push out what came before.
            if entry.samples.last?.done != sample.done, entry.samples.count < Self.sampleLimit {
                entry.samples.append(sample)
            }
            entries[key] = entry
            return entry.samples
        }
    }
}
