import DiskFiles
import Glibc
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@Suite struct DiskTests {
    @Test func `everything in the store is for its owner alone`() async throws {
        let folder = try TemporaryFolder()
        let files = try await DiskFileStore.open(folder: folder.file("files"))
        let parts = try await DiskPartStore.open(folder: folder.file("parts"))
        try await publish([1], "r/id/a.zip", files)
        let staged = try await files.stage("b.zip", fencing: 1)
        try await staged.finish()
        try await parts.put([1], name: "p", run: "A")
        for path in ["files", "files/.staging", "files/r", "files/r/id", "parts", "parts/A"] {
            #expect(mode(folder.file(path)) == 0o40700, "\(path)")
        }
        for path in ["files/r/id/a.zip", "files/.staging/\(staged.name.staging)", "parts/A/p"] {
            #expect(mode(folder.file(path)) == 0o100600, "\(path)")
        }
    }

    @Test func `nothing stays in the staging folder after publishing, and no temporary part after putting`()
        async throws
    {
        let folder = try TemporaryFolder()
        let files = try await DiskFileStore.open(folder: folder.file("files"))
        let parts = try await DiskPartStore.open(folder: folder.file("parts"))
        for number in 0..<10 {
            try await publish([1], "a\(number).zip", files)
            try await parts.put([1], name: "p", run: "A")
        }
        #expect(names(folder.file("files/.staging")).isEmpty)
        #expect(names(folder.file("parts/A")) == ["p"])
    }

    @Test func `a store that is opened again has what was published, and what was staged can be published`()
        async throws
    {
        let folder = try TemporaryFolder()
        let first = try await DiskFileStore.open(folder: folder.file("files"))
        let staged = try await first.stage("r/a.zip", fencing: 1)
        try await staged.write([5])
        try await staged.finish()
        let second = try await DiskFileStore.open(folder: folder.file("files"))
        try await second.publish(staged.name)
        #expect(try await first.read("r/a.zip", at: 0, count: 9) == [5])
    }

    @Test func `folders that become empty are removed, also while others publish into them`() async throws {
        let folder = try TemporaryFolder()
        let store = try await DiskFileStore.open(folder: folder.file("files"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for _ in 0..<50 {
                        try await publish([1], "r/id/\(worker).zip", store)
                        try await store.remove("r/id/\(worker).zip")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(names(folder.file("files")) == [".staging"])
    }

    @Test func `links and strange things in the folder are not served`() async throws {
        let folder = try TemporaryFolder()
        let store = try await DiskFileStore.open(folder: folder.file("files"))
        try folder.write([1], to: "secret")
        symlink(folder.file("secret"), folder.file("files/link.zip"))
        mkfifo(folder.file("files/pipe.zip"), 0o600)
        mkdir(folder.file("files/folder.zip"), 0o700)
        #expect(try await store.published().isEmpty)
        #expect(try await store.size(of: "link.zip") == nil)
        #expect(await failure { _ = try await store.read("link.zip", at: 0, count: 1) }?.code == .storageFailed)
        #expect(await failure { _ = try await store.read("folder.zip", at: 0, count: 1) }?.code == .notFound)
        #expect(await failure { _ = try await store.read("pipe.zip", at: 0, count: 1) }?.code == .notFound)
    }

    @Test func `a staging name cannot lead elsewhere`() async throws {
        let folder = try TemporaryFolder()
        let store = try await DiskFileStore.open(folder: folder.file("files"))
        try folder.write([1], to: "secret")
        for staging in ["../../secret", "..", "", "a/b", "/etc/passwd"] {
            let name = StagedFileName(staging: staging, final: "a.zip")
            #expect(await failure { try await store.publish(name) }?.code == .invalidInput)
            #expect(await failure { try await store.discard(name) }?.code == .invalidInput)
        }
        #expect(access(folder.file("secret"), F_OK) == 0)
    }

    @Test func `a folder that stands in the way of a file, and a file in the way of a folder, are told`() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "files")
        let error = await failure { _ = try await DiskFileStore.open(folder: folder.file("files")) }
        #expect(error?.code == .storageFailed && error?.remedy.isEmpty == false)
        let store = try await DiskFileStore.open(folder: folder.file("other"))
        mkdir(folder.file("other/a.zip"), 0o700)
        #expect(await failure { try await publish([1], "a.zip", store) }?.code == .storageFailed)
    }

    @Test func `names of runs that we never made are passed over`() async throws {
        let folder = try TemporaryFolder()
        let store = try await DiskPartStore.open(folder: folder.file("parts"))
        for name in ["lost+found", "%zz", "%2", "a%41"] { mkdir(folder.file("parts/\(name)"), 0o700) }
        try await store.put([1], name: "p", run: "A")
        #expect(try await store.runs() == ["A"])
    }

    @Test func `names that are empty or too long for a disk are refused`() async throws {
        let folder = try TemporaryFolder()
        let store = try await DiskPartStore.open(folder: folder.file("parts"))
        #expect(await failure { try await store.put([1], name: "", run: "A") }?.code == .invalidInput)
        let long = String(repeating: "ü", count: 43)
        #expect(await failure { try await store.put([1], name: long, run: "A") }?.code == .limitExceeded)
    }

    @Test func `a file is read while a thousand others are written and replaced`() async throws {
        let folder = try TemporaryFolder()
        let store = try await DiskFileStore.open(folder: folder.file("files"))
        let contents = (0..<4).map { [UInt8](repeating: UInt8($0), count: 10_000) }
        try await publish(contents[0], "a.zip", store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<40 { try await publish(contents[round % 4], "a.zip", store) }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<200 {
                        let bytes = try await store.read("a.zip", at: 0, count: 20_000)
                        #expect(bytes.count == 10_000 && Set(bytes).count == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

private func publish(_ bytes: [UInt8], _ path: String, _ store: DiskFileStore) async throws {
    let file = try await store.stage(path, fencing: 1)
    try await file.write(bytes)
    try await file.finish()
    try await store.publish(file.name)
}

private func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode : nil
}

private func names(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        names.append(
            withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
}
