import JobLifecycle
import ReportModel
import ReportService

extension SubmissionAnswer {
    var key: RequestKey { request.key }
}

extension DatasetConfig {
    /// One batch.
    static func batch(_ id: String, layout: ReportLayout? = nil) -> DatasetConfig {
        DatasetConfig(selection: .batch(id), layout: layout)
    }

    /// Several batches.
    static func batches(_ ids: String...) -> DatasetConfig { DatasetConfig(selection: .batches(ids)) }
}

/// How many lines a CSV without line ends in its cells has.
func lineCount(_ csv: [UInt8]) -> Int { csv.count { $0 == UInt8(ascii: "\n") } }
