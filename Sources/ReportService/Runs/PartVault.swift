import ReportModel
import ReportPorts
import SecureArchive

/// Sealed parts of one batch of a run, by range: what survives the worker that made them.
struct PartVault: Sendable {
    let store: any PartStore
    let seal: PartSeal
    /// Name of the run in the store.
    let run: String
    /// Names the batch and everything that its rows depend on; parts of anything else do not open.
    var scope: String
    /// Number of the batch within the request.
    let batch: Int

    /// A range that an earlier attempt finished.
    struct FinishedRange: Sendable {
        var summaries: [PartSummary]
        var tally: Tally
    }

    /// Keeps one part of a range, which follows `before`, the sum of its earlier ones. The last is kept last: it says that
    /// the range is whole.
    func keep(_ part: Part, range: Int, piece: Int, after before: PartSummary) async throws {
        let sealed = try seal.seal(part, associatedData: associatedData(range, piece, before))
        try await store.put(sealed, name: name(range, piece), run: run)
    }

    /// What an earlier attempt made of a range; nil if it did not finish it, or on other data.
    func finished(range: Int) async throws -> FinishedRange? {
        var summaries: [PartSummary] = []
        var before = PartSummary.empty
        while true {
            do {
                let part = try await part(range, summaries.count, before)
                summaries.append(part.summary)
                before = try before.joined(part.summary)
                let notes = try PartNotes(bytes: part.notes)
                if notes.isLast { return FinishedRange(summaries: summaries, tally: notes.tally) }
            } catch let error as ExhaustError where Self.meansUseless(error) {
                // A missing or foreign part costs the work of one range, nothing else: it is made again.
                return nil
            }
        }
    }

    /// One part of a finished range, whose parts are `pieces`. Throws `storageFailed` if it is gone or was changed
    /// meanwhile: the next attempt makes it again.
    func open(range: Int, piece: Int, of pieces: [PartSummary]) async throws -> Part {
        do {
            let part = try await part(range, piece, PartSummary.joined(pieces[..<piece]))
            if part.summary == pieces[piece] { return part }
            throw lost(range, piece, because: nil)
        } catch let error as ExhaustError where Self.meansUseless(error) {
            throw lost(range, piece, because: error)
        }
    }

    private func lost(_ range: Int, _ piece: Int, because cause: ExhaustError?) -> ExhaustError {
        ExhaustError(
            .storageFailed, "part \(name(range, piece)) of run \(run): it is gone, or is another one now",
            remedy: "Check the part store; the next attempt makes the part again.", cause: cause)
    }

    private func part(_ range: Int, _ piece: Int, _ before: PartSummary) async throws -> Part {
        let sealed = try await store.get(name: name(range, piece), run: run)
        return try seal.open(sealed, associatedData: associatedData(range, piece, before))
    }

    private static func meansUseless(_ error: ExhaustError) -> Bool {
        [.notFound, .authenticationFailed, .dataDamaged].contains(error.code)
    }

    private func name(_ range: Int, _ piece: Int) -> String { "\(batch)-\(range)-\(piece)" }

    /// A part is bound to what is before it, so that parts of two makings of one range, by a worker and the one that
    /// took over from it while the data changed, are never taken for one.
    private func associatedData(_ range: Int, _ piece: Int, _ before: PartSummary) -> [UInt8] {
        let place = "\(range) \(piece) \(before.uncompressedCount) \(before.rowCount) \(before.crc32)"
        return Array("\(scope)\u{0}\(place)".utf8)
    }
}
