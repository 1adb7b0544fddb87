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
    let scope: String
    /// Number of the batch within the request.
    let batch: Int

    /// Keeps the parts of a finished range. The last is written last: it says that the range is whole.
    func keep(_ parts: [Part], range: Int) async throws {
        for (piece, part) in parts.enumerated() {
            let sealed = try seal.seal(part, associatedData: associatedData(range, piece))
            try await store.put(sealed, name: name(range, piece), run: run)
        }
    }

    /// The parts of a range that an earlier attempt finished; nil if it did not, or on other data.
    func load(range: Int) async throws -> [Part]? {
        var parts: [Part] = []
        while true {
            do {
                let part = try await open(range: range, piece: parts.count)
                parts.append(part)
                if try PartNotes(bytes: part.notes).isLast { return parts }
            } catch let error as ExhaustError
                where [.notFound, .authenticationFailed, .dataDamaged].contains(error.code)
            {
                // A missing or foreign part costs the work of one range, nothing else: it is made again.
                return nil
            }
        }
    }

    /// One part of a finished range.
    func open(range: Int, piece: Int) async throws -> Part {
        let sealed = try await store.get(name: name(range, piece), run: run)
        return try seal.open(sealed, associatedData: associatedData(range, piece))
    }

    private func name(_ range: Int, _ piece: Int) -> String { "\(batch)-\(range)-\(piece)" }

    private func associatedData(_ range: Int, _ piece: Int) -> [UInt8] {
        Array("\(scope)\u{0}\(range)\u{0}\(piece)".utf8)
    }
}
