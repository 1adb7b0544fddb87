/// Something a reader must know that did not stop the report.
public struct Finding: Sendable, Hashable {
    /// How much it matters.
    public enum Severity: String, Sendable, Hashable {
        /// Good to know.
        case information
        /// The report may not say what the reader expects.
        case warning
    }

    /// A fixed name such as `profile-missing`, for machines.
    public struct Code: Sendable, Hashable, Comparable {
        /// The name.
        public let name: String
        /// How much it matters.
        public let severity: Severity
        /// What it means, for people; one sentence without a full stop.
        public let meaning: String

        /// A code with its meaning; every code is declared in one place, `Finding.Code`.
        public init(_ name: String, _ severity: Severity, _ meaning: String) {
            self.name = name
            self.severity = severity
            self.meaning = meaning
        }

        /// By name.
        public static func < (left: Self, right: Self) -> Bool { left.name < right.name }
        /// Codes are the same if their names are.
        public static func == (left: Self, right: Self) -> Bool { left.name == right.name }
        /// Hashes the name.
        public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    /// What was found.
    public let code: Code
    /// How often, in learners unless the code says otherwise.
    public let count: Int

    /// A finding that occurred `count` times.
    public init(_ code: Code, count: Int) {
        self.code = code
        self.count = count
    }
}

extension Finding.Code {
    // Learners that are left out (design.md 6).

    /// The enrolment is not active.
    public static let inactive = Self("inactive", .information, "enrolment is not active")
    /// The organisation filter needs a `rootorgid` that the profile does not give.
    public static let organisationUnknown = Self(
        "organisation-unknown", .warning, "organisation is unknown, so that the organisation filter leaves them out")
    /// The learner belongs to another organisation than the one that asks.
    public static let otherOrganisation = Self(
        "other-organisation", .information, "belong to another organisation than the one that asks")
    /// The learner never answered whether their data may be shared.
    public static let consentMissing = Self("consent-missing", .information, "never gave consent to share their data")
    /// The learner said no, or took consent back.
    public static let consentRevoked = Self("consent-revoked", .information, "refused or revoked consent")
    /// The consent has ended.
    public static let consentExpired = Self("consent-expired", .information, "consent has expired")

    // Learners that are kept, with something missing.

    /// No enrolment date in either column.
    public static let enrolmentDateMissing = Self(
        "enrolment-date-missing", .warning, "enrolment date is missing; the cell is empty")
    /// An enrolment date that is no date.
    public static let enrolmentDateUnreadable = Self(
        "enrolment-date-unreadable", .warning, "enrolment date cannot be read; the cell is empty")
    /// No profile in the user cache.
    public static let profileMissing = Self("profile-missing", .warning, "profile is missing; its cells are empty")
    /// Neither a tree nor counts, so that progress cannot be computed.
    public static let leafCountUnknown = Self(
        "leaf-count-unknown", .warning, "progress cannot be computed, because the collection's leaves are unknown")
    /// An e-mail address or telephone number that does not decrypt.
    public static let notDecrypted = Self(
        "not-decrypted", .warning, "values that could not be decrypted; their cells are empty")

    // Files and requests.

    /// The file is not encrypted.
    public static let notEncrypted = Self(
        "not-encrypted", .warning, "files without encryption, because no key was given")
    /// Batches whose collection is retired, beside others that are not.
    public static let retiredCollection = Self(
        "retired-collection", .warning, "batches left out, because their collection is retired or unknown to the search"
    )
    /// Batch ids of the request that no batch has.
    public static let unknownBatch = Self("unknown-batch", .warning, "batch ids that no batch has")
    /// Batches that a search finds now, and that its requester was not asked about.
    public static let batchNotAllowed = Self(
        "batch-not-allowed", .warning, "batches left out, because the search did not find them when it was filed")
    /// The password is shorter than the rule of the page asks for.
    public static let weakPassword = Self("weak-password", .warning, "the password is weak")
    /// Content titles that the catalogue does not know.
    public static let titleMissing = Self("title-missing", .information, "contents without a title in the catalogue")
    /// An archived attempt that was also found among the live ones.
    public static let archivedCopy = Self(
        "archived-copy", .information, "archived attempts that were also live, shown once")
}

/// Counts of what was left out, found and written, of a page, a part or a batch; tallies add up.
public struct Tally: Sendable, Hashable {
    /// Learners that were looked at, left out ones included.
    public var learners = 0
    /// Rows written, without headers.
    public var rows = 0
    /// Learners left out, by reason.
    public var leftOut: [Finding.Code: Int] = [:]
    /// Everything else worth knowing.
    public var findings: [Finding.Code: Int] = [:]

    /// Nothing counted yet.
    public init() {}

    /// Adds what `other` counted.
    public mutating func add(_ other: Tally) {
        learners += other.learners
        rows += other.rows
        leftOut.merge(other.leftOut, uniquingKeysWith: +)
        findings.merge(other.findings, uniquingKeysWith: +)
    }

    /// Learners whose rows are in the report.
    public var reported: Int { learners - leftOut.values.reduce(0, +) }
}
