public import ReportModel

extension ProcessedBatch {
    /// Path of the published file: upstream keeps the `.csv` name of a file that ends in `.zip` (upstream.md 1.1).
    public var archivePath: String {
        filePath.hasSuffix(".csv") ? String(filePath.dropLast(4)) + ".zip" : filePath
    }

    /// The text of the column `processed_batches`, in upstream's member names and order.
    public static func text(of batches: [ProcessedBatch]) -> String {
        JSONValue.array(
            batches.map { batch in
                .members(
                    ("channel", .string(batch.channel)), ("batchId", .string(batch.batchID)),
                    ("filePath", .string(batch.filePath)), ("fileSize", .integer(batch.fileSize)))
            }
        ).compactText
    }

    /// Reads the column as any program may have left it: elements without a batch id are passed over, other members
    /// may be missing, sizes may be text; what is no list at all counts as no batches, which are then made again.
    public static func list(from text: String) -> [ProcessedBatch] {
        guard let elements = JSONValue.read(text)?.elements else { return [] }
        return elements.compactMap { element in
            guard let batch = element["batchId"]?.text, !batch.isEmpty else { return nil }
            let size = element["fileSize"]
            return ProcessedBatch(
                channel: element["channel"]?.text ?? "", batchID: batch, filePath: element["filePath"]?.text ?? "",
                fileSize: size?.integer ?? size?.text.flatMap(Int64.init) ?? 0)
        }
    }
}

extension [ProcessedBatch] {
    /// Notes a finished batch. An entry of the same file, or one of the same batch that another program made, goes.
    mutating func replaceOrAppend(_ batch: ProcessedBatch, publishedAt path: String, others: [FinishedFile]) {
        removeAll { known in
            known.archivePath == path
                || known.batchID == batch.batchID && !others.contains { $0.path == known.archivePath }
        }
        append(batch)
    }
}
