/// The one shape of error of the whole product: what went wrong and why, what to do, and who can do it.
///
/// Messages never hold personal data: no user id of a learner, no value of a cell, no password, no key.
public struct ExhaustError: Error, Sendable {
    /// What kind of failure it is. A struct over a private enum, so that a new code breaks no caller's switch.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case invalidInput, notFound, refused, conflict, limitExceeded, unavailable, dataDamaged
            case authenticationFailed, cancelled, leaseLost, storageFailed, newerVersion, internalFault
            case unauthenticated, forbidden, tooManyRequests
        }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// The caller sent something that cannot be accepted; the same input will never be.
        public static let invalidInput = Code(.invalidInput)
        /// A named thing does not exist.
        public static let notFound = Code(.notFound)
        /// A rule forbids it: a retired collection, no consent, a missing key.
        public static let refused = Code(.refused)
        /// The state of something else stands against it, such as a request that is being worked on.
        public static let conflict = Code(.conflict)
        /// A named limit was passed.
        public static let limitExceeded = Code(.limitExceeded)
        /// A service or store does not answer now; the same call may succeed later.
        public static let unavailable = Code(.unavailable)
        /// Stored data is not in the form that it must have.
        public static let dataDamaged = Code(.dataDamaged)
        /// A password, key or signature does not fit.
        public static let authenticationFailed = Code(.authenticationFailed)
        /// Nobody is signed in, or the credentials have expired.
        public static let unauthenticated = Code(.unauthenticated)
        /// Whoever is signed in may not do this.
        public static let forbidden = Code(.forbidden)
        /// Whoever is signed in asks more often than the limit allows; later it can succeed.
        public static let tooManyRequests = Code(.tooManyRequests)
        /// Somebody asked for the work to end.
        public static let cancelled = Code(.cancelled)
        /// Another worker owns the run now; nothing more may be written for it.
        public static let leaseLost = Code(.leaseLost)
        /// A disk or bucket refused to read or write.
        public static let storageFailed = Code(.storageFailed)
        /// The data was written by a newer version of this program.
        public static let newerVersion = Code(.newerVersion)
        /// A fault of this program.
        public static let internalFault = Code(.internalFault)

        /// Its name, such as `notFound`.
        public var description: String { value.rawValue }
    }

    /// Who can mend the cause.
    public enum Mender: String, Sendable, Hashable {
        /// The person who asked, by asking differently.
        case requester
        /// Whoever keeps the learner data.
        case data
        /// Whoever runs this program.
        case `operator`
    }

    /// What kind of failure it is.
    public let code: Code
    /// `what: why`, one line, without a full stop at the end.
    public let message: String
    /// What to do about it, one sentence; empty where there is nothing to advise.
    public let remedy: String
    /// Who can mend it.
    public let mender: Mender
    /// The error below this one, if any.
    public let cause: (any Error)?

    /// Makes an error; `remedy` is empty where there is nothing to advise.
    public init(
        _ code: Code, _ message: String, remedy: String = "", mender: Mender? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.mender = mender ?? Self.usualMender(of: code)
        self.cause = cause
    }

    /// Whether the same work can succeed later without anybody changing the request: such failures are retried.
    public var canPass: Bool {
        code == .unavailable || code == .storageFailed || code == .leaseLost || code == .internalFault
    }

    private static func usualMender(of code: Code) -> Mender {
        switch code {
        case .invalidInput, .notFound, .refused, .conflict, .limitExceeded, .authenticationFailed, .cancelled,
            .unauthenticated, .forbidden, .tooManyRequests:
            .requester
        case .dataDamaged: .data
        default: .operator
        }
    }
}

extension ExhaustError: CustomStringConvertible {
    /// The message, and the remedy if there is one.
    public var description: String { remedy.isEmpty ? message : "\(message). \(remedy)" }
}

extension ExhaustError: Equatable {
    /// Two errors are equal if code and message are; the cause does not count.
    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.message == right.message
    }
}
