import ReportModel

extension ExhaustError.Code {
    /// The HTTP status that tells of it.
    var httpStatus: Int {
        switch self {
        case .invalidInput, .authenticationFailed: 400
        case .unauthenticated: 401
        case .forbidden, .refused: 403
        case .notFound: 404
        case .conflict, .cancelled: 409
        case .limitExceeded: 413
        case .tooManyRequests: 429
        case .unavailable: 503
        default: 500
        }
    }
}
