import ReportModel

/// Goes through the records of several runs in the order of their keys; of records with one key only one comes. Used by
/// one thread.
struct SpoolMerge {
    /// A heap: the run with the least key first.
    private var runs: [RunReader] = []
    private var last: [UInt8] = []
    private var isFirst = true

    init(_ runs: [SpoolRun], from first: [UInt8]) throws {
        for run in runs {
            let reader = try run.reader(from: first)
            if reader.hasRecord { self.runs.append(reader) }
        }
        for index in stride(from: self.runs.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    /// Shows the records before `end` (nil: all) until `body` answers false.
    mutating func forEach(
        before end: [UInt8]?, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        while let run = runs.first {
            if let end, run.withKey({ key in end.withUnsafeBytes { compareBytes(key, $0) >= 0 } }) { return }
            try run.load()
            let goesOn = try run.withRecord { key, payload -> Bool in
                if !isFirst, last.withUnsafeBytes({ compareBytes(key, $0) == 0 }) { return true }
                isFirst = false
                last.removeAll(keepingCapacity: true)
                last.append(contentsOf: key)
                return try body(key, payload)
            }
            run.advance()
            if !run.hasRecord {
                runs.swapAt(0, runs.count - 1)
                runs.removeLast()
            }
            sink(0)
            if !goesOn { return }
        }
    }

    /// Whether what it would show next is what comes first from the key `first` on.
    func isAt(_ first: [UInt8]) -> Bool {
        first.withUnsafeBytes { first in
            guard !isFirst, last.withUnsafeBytes({ compareBytes($0, first) < 0 }) else { return false }
            return runs.first?.withKey { compareBytes($0, first) >= 0 } ?? true
        }
    }

    private mutating func sink(_ index: Int) {
        var index = index
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < runs.count {
                if runs[child].isBefore(runs[least]) { least = child }
            }
            if least == index { return }
            runs.swapAt(index, least)
            index = least
        }
    }
}
