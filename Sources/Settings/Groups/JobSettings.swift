public import JobLifecycle

/// Requests, leases, retries and limits (design.md 8).
public struct JobSettings: Sendable {
    /// Where requests are kept.
    public enum Store: String, Sendable, Hashable, CaseIterable {
        /// `jobs.db` in the data folder.
        case embedded
        /// The job table of a deployment.
        case postgres
    }

    /// `jobs.store`.
    public var store = Store.embedded
    /// `jobs.moveKeys`.
    public var movesKeys = true
    /// `jobs.runDays`; 0 keeps them.
    public var runDays = 0
    /// `jobs.requestDays`; 0 keeps them.
    public var requestDays = 0
    /// Retries, lost leases, and what one channel may have while others wait.
    public var rules = JobRules()
    /// `data_exhaust.batch.limit.per.request`.
    public var batchesPerRequest = 20
    /// `request.dateOffset`: minutes before UTC of the zone whose date goes into request ids.
    public var requestDateOffsetMinutes = 0
    /// `submit.validateEarly`: whether upstream's dialects refuse at submit what is known to fail.
    public var validatesEarly = true
    /// `datasets.others`: datasets that other programs make from the same job table.
    public var otherDatasets: [String] = []
    /// `datasets.editors`: consumers that may add datasets by the API.
    public var datasetEditors: [String] = []
    /// `password.minimumCharacters`: characters of a password that the page and our own routes accept.
    public var passwordMinimumCharacters = 12
    /// `lease.seconds`.
    public var leaseSeconds = 15.0
    /// `lease.heartbeatSeconds`.
    public var heartbeatSeconds = 5.0

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Requests")
        try reader.choice(
            &store, "jobs.store", "Where requests are kept: jobs.db of the data folder, or a deployment's PostgreSQL.")
        try reader.flag(
            &movesKeys, "jobs.moveKeys",
            "Whether passwords that other programs file in job_request are sealed and taken out of it when work begins."
        )
        try reader.whole(
            &runDays, "jobs.runDays", 0...36_500, "days",
            "How long `exhaust expire` leaves receipts and progress of ended requests in PostgreSQL; 0 is for ever.")
        try reader.whole(
            &requestDays, "jobs.requestDays", 0...36_500, "days",
            "How long `exhaust expire` leaves rows of job_request that name no file any more; 0 is for ever.")
        try reader.whole(
            &batchesPerRequest, "data_exhaust.batch.limit.per.request", 1...10_000, "batches",
            "Batches that one request may name.")
        try reader.whole(
            &rules.throttle.batchesPerChannel, "exhaust.batches.limit.per.channel", 1...1_000_000, "batches",
            "Batches a channel may have done within the window while another channel waits.")
        var bytes = Int(rules.throttle.bytesPerChannel)
        try reader.size(
            &bytes, "exhaust.file.size.limit.per.channel", 1...(1 << 60),
            "CSV a channel may have made within the window while another channel waits.")
        rules.throttle.bytesPerChannel = Int64(bytes)
        try reader.seconds(
            &rules.throttleWindowSeconds, "throttle.windowSeconds", 1...604_800,
            "The window over which a channel's batches and bytes count.")
        try reader.zone(
            &requestDateOffsetMinutes, "request.dateOffset",
            "Time zone of the date in request ids, and of days in searches.")
        try readSubmissions(&reader)
        try readLeases(&reader)
    }

    private mutating func readSubmissions(_ reader: inout SettingsReader) throws {
        try reader.flag(
            &validatesEarly, "submit.validateEarly",
            "Refuse at submit what is known to fail; otherwise the request is accepted and its run fails.")
        try reader.whole(
            &passwordMinimumCharacters, "password.minimumCharacters", 1...64, "characters",
            "Characters that a password must have on the page; other programs may send shorter ones.")
        try reader.list(
            &otherDatasets, "datasets.others",
            "Datasets that other programs make from the same job table; their requests are filed and left to them.")
        try reader.list(
            &datasetEditors, "datasets.editors",
            "Consumers that may add datasets by the API, and so say which roles may have which; nobody if empty.")
    }

    private mutating func readLeases(_ reader: inout SettingsReader) throws {
        reader.begin("Leases and retries")
        try reader.seconds(
            &leaseSeconds, "lease.seconds", 1...3_600,
            "How long a silent worker keeps its requests before another takes them.")
        try reader.seconds(
            &heartbeatSeconds, "lease.heartbeatSeconds", 0.1...1_200,
            "How often a worker renews its leases; at most half of lease.seconds.")
        try reader.whole(
            &rules.lostLeasesLimit, "lease.lostLimit", 1...100, "leases",
            "Leases lost in a row without progress, after which a request fails.")
        try reader.whole(
            &rules.retry.attempts, "retry.attempts", 1...100, "attempts",
            "Attempts at a request whose failure can pass, the first included.")
        try reader.seconds(
            &rules.retry.baseSeconds, "retry.baseSeconds", 0...86_400,
            "Longest wait after a first failure; it doubles with each further one.")
        try reader.seconds(&rules.retry.capSeconds, "retry.capSeconds", 0...604_800, "Longest wait before a retry.")
        try reader.seconds(
            &rules.retry.outageSeconds, "retry.outageSeconds", 0...2_592_000,
            "How long a request waits for a service or store that does not answer, without using up attempts.")
    }
}
