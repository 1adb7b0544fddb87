import Glibc
import HTTPMessages
public import HTTPServer
public import ReportModel
public import ReportPorts
import SecureArchive

/// Writes down who did what. Routes call `note` before they do it: what cannot be written down is not done.
public struct Auditing: Sendable {
    /// Refusals of one address that are written down: so many at once, and one in two seconds in the long run. Anybody can
    /// cause refusals without credentials, and the log must not fill the disk.
    public static let refusals = RateLimit(perSecond: 0.5, burst: 60)

    /// Refusals of all addresses together that are written down: addresses are cheap. A million a day at the most.
    public static let refusalsOfAll = RateLimit(perSecond: 12, burst: 1_000)

    private let log: any AuditLog
    private let events: any EventLog
    private let clock: any ServiceClock
    /// Finds the addresses of callers.
    let addresses: ClientAddress
    private let refusalBuckets = TokenBuckets(Auditing.refusals, names: 10_000)
    private let allRefusals = TokenBuckets(Auditing.refusalsOfAll, names: 1)

    /// Entries go into `log`; what cannot be written there is told to `events`.
    public init(
        log: any AuditLog, events: any EventLog, clock: any ServiceClock, addresses: ClientAddress = ClientAddress()
    ) {
        self.log = log
        self.events = events
        self.clock = clock
        self.addresses = addresses
    }

    /// Writes down what `caller` is about to get or to change. Throws `unavailable` if it cannot be written down; then it
    /// must not be done. `detail` never holds personal data of learners.
    public func note(
        _ action: AuditEntry.Action, by caller: Caller, of request: HTTPRequest, report: String? = nil,
        about key: RequestKey? = nil, batches: [String] = [], detail: String = ""
    ) async throws {
        let entry = AuditEntry(
            action: action, userID: caller.userID, consumerID: caller.consumerID, channel: caller.channel,
            report: report, request: key, batches: batches, address: addresses.address(of: request), detail: detail)
        if let error = await failure(toAppend: entry) {
            throw ExhaustError(
                .unavailable, "audit log: it cannot be written, so this is not done", remedy: "Try again later.",
                mender: .operator, cause: error)
        }
    }

    /// Writes down what `caller` has done already, and what cannot be taken back. Never throws.
    public func noteDone(_ action: AuditEntry.Action, by caller: Caller, of request: HTTPRequest) async {
        _ = await failure(
            toAppend: AuditEntry(
                action: action, userID: caller.userID, consumerID: caller.consumerID, channel: caller.channel,
                address: addresses.address(of: request)))
    }

    private func failure(toAppend entry: AuditEntry) async -> (any Error)? {
        do {
            try await log.append(entry)
            return nil
        } catch {
            events.log(.error, "audit-failed", [("error", .string(String(describing: error)))])
            return error
        }
    }

    /// Writes down that `request` was refused. Never throws: it is refused all the same. Of one address only so many are
    /// written down in a time.
    public func noteRefusal(
        of request: HTTPRequest, operation: String, caller: Caller?, because error: ExhaustError
    ) async {
        let refused = error.cause as? RefusedCaller
        let caller = caller ?? refused?.caller
        let address = addresses.address(of: request)
        let now = clock.now()
        guard refusalBuckets.take(ClientAddress.network(of: address), at: now) == nil,
            allRefusals.take("", at: now) == nil
        else {
            events.log(.warning, "refusal-not-audited", [("request", .string(request.requestID))])
            return
        }
        var channel = caller?.channel ?? ""
        if channel.isEmpty { channel = Self.cut(request.fields["X-Channel-ID"] ?? "") }
        let entry = AuditEntry(
            action: .refused, userID: caller?.userID, consumerID: caller?.consumerID, channel: channel,
            report: refused?.report, request: refused?.request, address: address,
            detail: Self.cut("\(operation): \(refused?.reason ?? error.message)"))
        _ = await failure(toAppend: entry)
    }

    /// What callers without credentials wrote is kept to this many characters.
    private static func cut(_ text: String) -> String { String(text.prefix(300)) }
}

/// Finds the address of the caller behind proxies (setting `http.proxies`).
public struct ClientAddress: Sendable, Hashable {
    private let proxies: Int

    /// `proxies` is how many proxies of one's own stand in front, each of which appends the address that it saw to
    /// `X-Forwarded-For`; 0 if callers connect directly, and the field then counts for nothing.
    public init(proxies: Int = 0) { self.proxies = proxies }

    /// What a rate counts as one caller: an IPv4 address, or the network of an IPv6 address, of which everybody has 2^64
    /// (the first four of its groups).
    public static func network(of address: String) -> String {
        var bytes = in6_addr()
        let plain = address.prefix { $0 != "%" }.filter { $0 != "[" && $0 != "]" }
        guard plain.contains(":"), inet_pton(AF_INET6, plain, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: &bytes) { Hexadecimal.text(Array($0.prefix(8))) }
    }

    /// The address that the outermost of one's own proxies saw; the connection's if the field has fewer entries.
    public func address(of request: HTTPRequest) -> String {
        guard proxies > 0 else { return request.peer }
        let entries = request.fields.values("X-Forwarded-For").joined(separator: ",")
            .split(separator: ",", omittingEmptySubsequences: false)
        guard entries.count >= proxies else { return request.peer }
        let entry = entries[entries.count - proxies]
        let address = entry.utf8.filter { $0 != 0x20 && $0 != 0x09 }
        // Only what can stand in an address, and no longer than one with a zone.
        let isAddress = address.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x3A, 0x25, 0x5B, 0x5D: true
            default: false
            }
        }
        return isAddress && (1...64).contains(address.count) ? String(decoding: address, as: UTF8.self) : request.peer
    }
}
