import BlockingWork
import Glibc
import ReportModel
import SecureArchive
import Synchronization

/// `exhaust open FILE --out DIR`
enum OpenCommand {
    private static let file = Parameter.positional("FILE", "The encrypted file.")
    private static let key = Parameter.option(
        "key", "PEM", "Private key, for files encrypted for an organisation's key.")
    private static let out = Parameter.option("out", "DIR", isRequired: true, "Folder for what is in it.")

    static let command = Command(
        "open", summary: "Decrypts a file.",
        details: """
            First the whole file is authenticated, then it is written. 7-Zip opens files with a password too; files at the \
            levels TEXT_KEY and PUBLIC_KEY hold a container that only this command and the tools of the platform open.
            """, parameters: [file, SharedParameters.passwordFile, key, out]
    ) { arguments, console in
        let path = try arguments.required(file)
        let credentials = ArchiveCredentials(
            password: try RequestInput.password(arguments),
            privateKey: try arguments.value(key).map { try PrivateKey(pem: TextFile.read($0, limit: 64 << 10)) })
        let folder = try DataFolder.create(arguments.required(out)).path
        let stopped = StopFlag()
        let lines = try await StopSignals.cancelling {
            try await withTaskCancellationHandler {
                try await FolderWork.run { try open(path, credentials, into: folder, stopped) }
            } onCancel: {
                stopped.set()
            }
        }
        for line in lines { try console.print(line + "\n") }
        return .success
    }

    private static func open(
        _ path: String, _ credentials: ArchiveCredentials, into folder: String, _ stopped: StopFlag
    ) throws -> [String] {
        let reader = try ArchiveReader(FileSource(path: path), credentials: credentials)
        var lines: [String] = []
        var hashes: [String: String] = [:]
        var receipt: [UInt8]?
        var written: [PlainFile] = []
        do {
            for entry in reader.entries {
                let target = "\(folder)/\(entry.name)"
                guard access(target, F_OK) != 0 else {
                    throw ExhaustError(
                        .conflict, "file \(target): it exists", remedy: "Name another folder with --out, or remove it.")
                }
                let parents = entry.name.split(separator: "/").dropLast()
                if !parents.isEmpty { _ = try DataFolder.create("\(folder)/\(parents.joined(separator: "/"))") }
                let file = try PlainFile(target)
                written.append(file)
                var hash = try SHA256()
                var small: [UInt8]? = entry.name == "receipt.json" ? [] : nil
                try reader.read(entry) { bytes in
                    if stopped.isSet { throw CancellationError() }
                    try hash.update(bytes)
                    small?.append(contentsOf: bytes)
                    try file.write(Array(bytes))
                }
                hashes[entry.name] = Hexadecimal.text(try hash.finish())
                receipt = small ?? receipt
                let note =
                    entry.authenticated || entry.protection == .none
                    ? "" : "  (not authenticated: the file could have been altered)"
                lines.append("\(target)  \(HumanText.size(entry.byteCount))\(note)")
            }
            if let receipt { try compare(receipt, hashes) }
            for file in written { try file.publish() }
        } catch {
            for file in written { file.discard() }
            throw error
        }
        return lines
    }

    /// The receipt says what the CSV must be: a file put together from parts of others is found out here.
    private static func compare(_ receipt: [UInt8], _ hashes: [String: String]) throws {
        for entry in try JSONValue(parsing: receipt, name: "receipt.json")["entries"]?.elements ?? [] {
            guard let name = entry["name"]?.text, let sha256 = entry["sha256"]?.text else { continue }
            guard hashes[name] == sha256 else {
                throw ExhaustError(
                    .dataDamaged, "entry \(name): it is not what the receipt in the same file tells of",
                    remedy: "Ask for the report again.")
            }
        }
    }
}

/// Tells work on another thread that it is to end.
private final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
