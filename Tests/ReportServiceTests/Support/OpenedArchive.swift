import ReportModel
import ReportPorts
import ReportRows
import ReportTesting
import SecureArchive
import Testing

/// A published file as its reader sees it, after everything in it was authenticated.
struct OpenedArchive {
    let entries: [ArchivedEntry]
    private let contents: [String: [UInt8]]

    init(_ bytes: [UInt8], password: String? = nil, privateKey: PrivateKey? = nil) throws {
        let reader = try ArchiveReader(
            MemorySource(bytes),
            credentials: ArchiveCredentials(password: try password.map { try Password($0) }, privateKey: privateKey))
        entries = reader.entries
        var contents: [String: [UInt8]] = [:]
        for entry in reader.entries {
            var content: [UInt8] = []
            try reader.read(entry) { content.append(contentsOf: $0) }
            contents[entry.name] = content
        }
        self.contents = contents
    }

    var names: [String] { entries.map(\.name) }

    func bytes(_ name: String) throws -> [UInt8] { try #require(contents[name]) }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// The CSV entries, in order.
    var csvNames: [String] { names.filter { $0.hasSuffix(".csv") && $0 != "dictionary.csv" } }

    /// The CSV of a file that has one entry of it.
    var csv: [UInt8] {
        get throws {
            try #require(csvNames.count == 1)
            return try bytes(csvNames[0])
        }
    }

    var receipt: JSONValue { get throws { try JSONValue(parsing: try bytes("receipt.json")) } }
}

extension ServiceScene {
    /// The one file of a request, opened.
    func archive(_ key: RequestKey, password: String? = "correct horse") async throws -> OpenedArchive {
        let request = try await stored(key).request
        #expect(request.status == .success, "\(request.errorMessage ?? "")")
        try #require(request.downloadPaths.count == 1)
        return try OpenedArchive(try await bytes(of: request.downloadPaths[0]), password: password)
    }
}
