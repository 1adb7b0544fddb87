import ReportModel

/// One connection to the server. Used by one thread; after an error it is of no use any more, since replies may be under
/// way.
final class RedisConnection {
    private let options: RedisOptions
    private let socket: Socket
    private let session: TLSSession?
    private var reader = ReplyReader(valueLimit: RedisOptions.valueLimit)
    private var outgoing: [UInt8] = []
    private var database = 0

    /// Connects, and says who we are. Throws `unavailable`, or `storageFailed` for a wrong password.
    init(_ options: RedisOptions) throws {
        self.options = options
        socket = try Socket(options)
        session = options.usesTLS ? try TLSSession(socket, options) : nil
        if let password = options.password {
            append([Array("AUTH".utf8)] + (options.user.map { [Array($0.utf8)] } ?? []) + [Array(password.utf8)])
            try exchange { try expectOK() }
        }
    }

    /// Chooses the database by its index.
    func select(_ index: Int) throws {
        guard database != index else { return }
        append([Array("SELECT".utf8), Array(String(index).utf8)])
        try exchange { try expectOK() }
        database = index
    }

    /// Whether the server is there and lets us in.
    func ping() throws {
        append([Array("PING".utf8)])
        try exchange { _ = try reader.simple(receive) }
    }

    /// Adds a command to those that `exchange` sends.
    func append(_ words: [[UInt8]]) {
        begin(words.count)
        for word in words { word.withUnsafeBytes { append($0) } }
    }

    /// Begins a command of `count` words, which are appended next.
    func begin(_ count: Int) { header(UInt8(ascii: "*"), count) }

    /// One word of a command, of `prefix` and `word`.
    func append(prefix: StaticString = "", _ word: UnsafeRawBufferPointer) {
        header(UInt8(ascii: "$"), prefix.utf8CodeUnitCount + word.count)
        outgoing.append(contentsOf: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
        outgoing.append(contentsOf: word)
        outgoing.append(UInt8(ascii: "\r"))
        outgoing.append(UInt8(ascii: "\n"))
    }

    /// Words that were made before, as they are sent.
    func append(raw bytes: [UInt8]) { outgoing.append(contentsOf: bytes) }

    /// Sends what was appended; `body` reads the replies.
    func exchange<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            try outgoing.withUnsafeBytes { try session?.send($0) ?? socket.send($0) }
            outgoing.removeAll(keepingCapacity: true)
            return try body()
        } catch let refusal as ReplyReader.Refusal {
            throw error(refusal)
        } catch is ReplyReader.Nonsense {
            throw ExhaustError(
                .dataDamaged, "\(options.name): its answer is not one of Redis", remedy: "Check host and port.",
                mender: .operator)
        }
    }

    /// The next replies, in `exchange`.
    func readInteger() throws -> Int { try reader.integer(receive) }

    /// As `readInteger`.
    func readArrayCount() throws -> Int { try reader.arrayCount(receive) }

    /// As `readInteger`; the bytes are valid in `body` alone.
    func readValue<Result>(_ body: (UnsafeRawBufferPointer?) throws -> Result) throws -> Result {
        try reader.value(receive, body)
    }

    private func expectOK() throws {
        guard try reader.simple(receive) == "OK" else { throw ReplyReader.Nonsense() }
    }

    private func receive(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try session?.receive(into: buffer) ?? socket.receive(into: buffer)
    }

    private func header(_ kind: UInt8, _ count: Int) {
        outgoing.append(kind)
        if count < 10 {
            outgoing.append(48 + UInt8(truncatingIfNeeded: count))
        } else {
            outgoing.append(contentsOf: String(count).utf8)
        }
        outgoing.append(UInt8(ascii: "\r"))
        outgoing.append(UInt8(ascii: "\n"))
    }

    private func error(_ refusal: ReplyReader.Refusal) -> ExhaustError {
        func failed(_ why: String, _ remedy: String) -> ExhaustError {
            ExhaustError(.storageFailed, "\(options.name): \(why)", remedy: remedy)
        }
        switch refusal.word {
        case "NOAUTH", "WRONGPASS":
            return failed("it wants a user and password that fit", "Set profiles.redis.password.")
        case "NOPERM": return failed("the user may not read", "Allow SELECT, HMGET, EXISTS, SMEMBERS and PING.")
        case "MOVED", "ASK", "CLUSTERDOWN", "CROSSSLOT":
            return failed("it is a cluster, which is not supported", "Name a server that has the whole cache.")
        case "LOADING", "MASTERDOWN", "TRYAGAIN", "BUSY":
            return options.unavailable("it is not ready (\(refusal.word))")
        case "WRONGTYPE":
            return ExhaustError(
                .dataDamaged, "\(options.name): a key of the cache is not of the right type",
                remedy: "Check the database's index.", mender: .operator)
        default: return failed("it refuses (\(refusal.word))", "Check the settings profiles.redis.")
        }
    }
}
