import PersonalData
import ReportModel
import SampleData
import Settings

/// `exhaust sample --learners N --out DIR`
enum SampleCommand {
    private static let learners = Parameter.option("learners", "N", isRequired: true, "Learners of the sample course.")
    private static let seed = Parameter.option("seed", "S", "The same seed gives the same data; 1 otherwise.")
    private static let out = Parameter.option("out", "DIR", isRequired: true, "Folder for the files.")
    private static let plain = Parameter.flag("uncompressed", "Write .jsonl instead of .jsonl.gz.")

    static let command = Command(
        "sample", summary: "Makes learner data of a sample course, in the form that import reads.",
        details: """
            Names in several scripts, commas, quotes and formula-like text, and every special case that reports know. No \
            real person is in it.
            """, parameters: [learners, seed, out, plain]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let options = SampleOptions(
            learners: try arguments.number(learners, 1...100_000_000) ?? 1,
            seed: UInt64(try arguments.number(seed, 0...Int.max) ?? 1), isCompressed: !arguments.has(plain))
        let folder = try DataFolder.create(arguments.required(out)).path
        let written = try await write(options, to: folder, composition)
        for (file, rows) in written.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try console.print("\(file.rawValue)  \(HumanText.count(rows))\n")
        }
        try console.print("batch \(SampleData.batch.batch) of organisation \(SampleData.organisation)\n")
        return .success
    }

    /// Makes the files, off the cooperative pool.
    static func write(
        _ options: SampleOptions, to folder: String, _ composition: Composition
    ) async throws -> [SampleFile: Int] {
        let cipher = try composition.cipher()
        return try await FolderWork.run {
            // A value that could not be encrypted is left out, so that no plain one gets into a file.
            let data = SampleData(options) { text in
                do {
                    return String(decoding: try cipher.encrypt(Array(text.utf8), form: .oneLine), as: UTF8.self)
                } catch {
                    return ""
                }
            }
            return try data.write(to: folder)
        }
    }
}
