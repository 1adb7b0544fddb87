public import ReportPorts
public import ReportRows

/// Where reports read from.
public struct SourcePorts: Sendable {
    /// Learner data.
    public var learners: any LearnerStore
    /// Batches, collections and titles.
    public var catalogue: any CatalogueSource
    /// What organisations demand.
    public var policies: any PolicySource
    /// Decrypts e-mail addresses and telephone numbers.
    public var decrypter: (any PersonalDataDecrypter)?
    /// The time of day.
    public var clock: any ServiceClock

    /// All sources.
    public init(
        learners: any LearnerStore, catalogue: any CatalogueSource, policies: any PolicySource,
        decrypter: (any PersonalDataDecrypter)?, clock: any ServiceClock
    ) {
        self.learners = learners
        self.catalogue = catalogue
        self.policies = policies
        self.decrypter = decrypter
        self.clock = clock
    }

    /// The same, with trees and titles as of the moment that `open` shows, if it can show them.
    func asOf(_ open: LearnerSources) -> SourcePorts {
        var sources = self
        sources.catalogue = open.catalogue ?? catalogue
        return sources
    }
}

/// Everything outside that the use cases need; the composition root fills it.
public struct ServicePorts: Sendable {
    /// Where reports read from.
    public var sources: SourcePorts
    /// Requests and runs.
    public var jobs: any JobStore
    /// Published files.
    public var files: any FileStore
    /// Parts of runs under way.
    public var parts: any PartStore
    /// Log lines.
    public var log: any EventLog
    /// Reads the key of a row that another program filed, which may be encrypted by upstream's recipe (upstream.md 6.2).
    public var storedKey: @Sendable (String) -> String

    /// All ports.
    public init(
        sources: SourcePorts, jobs: any JobStore, files: any FileStore, parts: any PartStore, log: any EventLog,
        storedKey: @escaping @Sendable (String) -> String
    ) {
        self.sources = sources
        self.jobs = jobs
        self.files = files
        self.parts = parts
        self.log = log
        self.storedKey = storedKey
    }

    var clock: any ServiceClock { sources.clock }
}
