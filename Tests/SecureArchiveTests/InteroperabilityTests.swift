import Foundation
import ReportModel
import Testing

@testable import SecureArchive

/// Other implementations read what we write and the other way round.
@Suite struct InteroperabilityTests {
    static let password = "Pass 1234 ü"
    static let entries = [
        ("batch_progress_20240229.csv", csv(rows: 20_000)), ("प्रगति/тест é.csv", csv(rows: 3)),
        ("receipt.json", bytes("{}")),
        ("header only.csv", bytes("Collection Id,Batch Id\n")), ("empty.csv", []),
    ]

    func expected() throws -> [String] {
        try Self.entries.map { name, content in
            "\(Hexadecimal.text(try SHA256.hash(content)))\t\(content.count)\t\(name)"
        }
    }

    /// Hash, size and name of what a script listed.
    func listed(_ result: Commands.Result) -> [String] {
        result.output.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t")
            return fields.count == 4 ? "\(fields[0])\t\(fields[1])\t\(fields[3])" : String(line)
        }
    }

    func withArchive(_ protection: ZipProtection, _ body: (String) async throws -> Void) async throws {
        try await withFolder { folder in
            try write(try archive(Self.entries, protection: protection), to: "\(folder)/report.zip")
            try await body("\(folder)/report.zip")
        }
    }

    @Test(.needs7z) func `7-Zip accepts every protection and refuses a wrong password`() async throws {
        let password = try Password(Self.password)
        for protection in [ZipProtection.none, .aes256(password), .zipCrypto(password)] {
            try await withArchive(protection) { path in
                let good = try await Commands.test7z(path, password: Self.password)
                #expect(good.status == 0 && good.output.contains("Everything is Ok"), "\(good.output)")
                #expect(good.output.contains("Files: \(Self.entries.count)"))
                if protection != .none { #expect(try await Commands.test7z(path, password: "wrong").status == 2) }
            }
        }
    }

    @Test(.needsPyzipper) func `pyzipper reads AES to the same bytes and refuses a wrong password`() async throws {
        try await withArchive(.aes256(Password(Self.password))) { path in
            let good = try await Commands.python("read_zip.py", ["pyzipper", path], password: Self.password)
            #expect(try listed(good) == expected(), "\(good.output)")
            #expect(try await Commands.python("read_zip.py", ["pyzipper", path], password: "wrong").status == 3)
        }
    }

    @Test(.needsPython) func `Python's zipfile reads open and ZipCrypto archives to the same bytes`() async throws {
        for protection in [ZipProtection.none, .zipCrypto(try Password(Self.password))] {
            try await withArchive(protection) { path in
                let good = try await Commands.python("read_zip.py", ["zipfile", path], password: Self.password)
                #expect(try listed(good) == expected(), "\(good.output)")
            }
        }
    }

    @Test(.needsUnzip) func `unzip accepts open and ZipCrypto archives and refuses a wrong password`() async throws {
        for protection in [ZipProtection.none, .zipCrypto(try Password("pass1234"))] {
            try await withArchive(protection) { path in
                let good = try await Commands.run("unzip", ["-t", "-P", "pass1234", path])
                #expect(good.status == 0, "\(good.output)")
                if protection != .none {
                    #expect(try await Commands.run("unzip", ["-t", "-P", "wrong", path]).status == 82)
                }
            }
        }
    }

    @Test(.needs7z) func `7-Zip unpacks a container with its bytes unchanged`() async throws {
        let container = try EncryptedContainer.textKey(Password("pass1234"))
        var whole: [UInt8] = []
        var encryptor = try ContainerEncryptor(container)
        try csv(rows: 1000).withUnsafeBytes { try encryptor.append($0) { whole += $0 } }
        let digest = try encryptor.finish { whole += $0 }
        var writer = ZipWriter()
        try writer.begin(digest.entry(name: "a.csv", modified: someTime))
        try writer.append(whole)
        try writer.end()
        try writer.finish(comment: ContainerAuthentication.comment(for: [("a.csv", digest)]))
        let archive = writer.takePending()
        try await withFolder { folder in
            try write(archive, to: "\(folder)/a.zip")
            let result = try await Commands.run("7z", ["x", "-o\(folder)", "\(folder)/a.zip"])
            #expect(result.status == 0, "\(result.output)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a.csv")) == Data(whole))
        }
    }

    @Test(
        .needsPyzipper,
        arguments: [
            ["open", "0", "deflated"], ["open", "0", "stored"], ["ae1", "256", "deflated"], ["ae2", "128", "stored"],
            ["ae2", "192", "deflated"], ["ae2", "256", "deflated"],
        ])
    func `archives of pyzipper are read`(kind: [String]) async throws {
        try await withFolder { folder in
            let made = try await Commands.python("write_zip.py", ["\(folder)/a.zip"] + kind, password: Self.password)
            #expect(made.status == 0, "\(made.output)")
            let reader = try ArchiveReader(FileSource(path: "\(folder)/a.zip"), credentials: credentials(Self.password))
            let contents = try reader.entries.map { try content(of: $0, in: reader) }
            let rows = String(repeating: "user-1,100\n", count: 5000)
            #expect(contents == [bytes("User UUID,Progress\n" + rows), bytes("x\n")])
            #expect(reader.entries.allSatisfy { $0.authenticated == (kind[0] != "open") })
        }
    }

    @Test(.needs7z, arguments: ["AES256", "ZipCrypto"])
    func `archives of 7-Zip are read`(method: String) async throws {
        // 7-Zip makes zip archives with ASCII passwords only.
        let password = "Pass 1234"
        try await withFolder { folder in
            try write(csv(rows: 2000), to: "\(folder)/ü.csv")
            let made = try await Commands.run(
                "7z", ["a", "-tzip", "-mem=\(method)", "-p\(password)", "\(folder)/a.zip", "\(folder)/ü.csv"])
            #expect(made.status == 0, "\(made.output)")
            let reader = try ArchiveReader(FileSource(path: "\(folder)/a.zip"), credentials: credentials(password))
            #expect(reader.entries.map(\.name) == ["ü.csv"])
            #expect(try reader.entries.map { try content(of: $0, in: reader) } == [csv(rows: 2000)])
        }
    }
}
