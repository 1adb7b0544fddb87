public import ReportModel

/// Published files. A reader sees a whole file or none.
public protocol FileStore: Sendable {
    /// Begins a file under a staging name that carries `fencing`; `path` is its final name, relative, with `/`.
    func stage(_ path: String, fencing: Int64) async throws -> any StagedFile

    /// Renames a staged file, in place of any file of that name. Does nothing if it was done before.
    /// Throws `notFound` if there is neither the staged nor the final file; a staged file that was not finished counts
    /// as none.
    func publish(_ file: StagedFileName) async throws

    /// Removes what a worker that lost its lease left under a staging name, so that it cannot publish it any more.
    func discard(_ file: StagedFileName) async throws

    /// Size in bytes of a published file; nil if there is none.
    func size(of path: String) async throws -> Int64?

    /// `count` bytes at `offset` of a published file, fewer at its end. Throws `notFound`.
    func read(_ path: String, at offset: Int64, count: Int) async throws -> [UInt8]

    /// Removes a published file; nothing happens if there is none.
    func remove(_ path: String) async throws

    /// Paths and ages of all published files, for expiry and sweeping.
    func published() async throws -> [StoredFile]

    /// Removes staged files last written before `moment` whose staging names are not in `keeping`; answers how many.
    func sweepStaged(before moment: Timestamp, keeping: Set<String>) async throws -> Int
}

/// A store that can hold a published file open, so that a long download is all of one file even if another one is
/// published under its path meanwhile. A store that keeps no replaced files ends such a download with `conflict`.
public protocol FileOpening: Sendable {
    /// Opens a published file. Throws `notFound`.
    func open(_ path: String) async throws -> any OpenedFile
}

/// A published file that stays as it was when it was opened.
public protocol OpenedFile: Sendable {
    /// Its size in bytes.
    var size: Int64 { get }

    /// `count` bytes at `offset`, fewer at its end.
    func read(at offset: Int64, count: Int) async throws -> [UInt8]

    /// Lets it go; also done with the last reference to it.
    func close() async
}

/// A file that is held open and can be told from any other that had or will have its path.
public protocol VersionedFile: OpenedFile {
    /// Letters, digits and hyphens that change with the content: for going on with a download that was broken off.
    var version: String { get }
}

/// A published file.
public struct StoredFile: Sendable, Hashable {
    /// Its path.
    public var path: String
    /// Its size in bytes.
    public var bytes: Int64
    /// When it was published.
    public var modifiedAt: Timestamp

    /// A published file.
    public init(path: String, bytes: Int64, modifiedAt: Timestamp) {
        self.path = path
        self.bytes = bytes
        self.modifiedAt = modifiedAt
    }
}

/// A file that is being written under its staging name. Used by one task.
public protocol StagedFile: Sendable {
    /// The two names of the file.
    var name: StagedFileName { get }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) async throws

    /// Ends the file and makes it durable, still under its staging name.
    func finish() async throws

    /// Gives the file up and removes what was written.
    func discard() async
}

/// Sealed parts of runs that are under way.
public protocol PartStore: Sendable {
    /// Keeps a sealed part of `run`, durably, in place of any other of that name.
    func put(_ part: [UInt8], name: String, run: String) async throws

    /// A sealed part. Throws `notFound`.
    func get(name: String, run: String) async throws -> [UInt8]

    /// Forgets all parts of `run`.
    func removeAll(run: String) async throws

    /// The runs of which there are parts, for sweeping.
    func runs() async throws -> [String]
}

/// A store whose files can be fetched without us, by whoever has an address that it signed.
public protocol DirectLinking: Sendable {
    /// An address under which `path` can be read for `seconds`, by anybody who has it; `downloadName` is what browsers
    /// call the file. Whether there is such a file is not looked at. Throws `invalidInput` for a time that is too long.
    func directLink(to path: String, seconds: Int, downloadName: String?) async throws -> String
}
