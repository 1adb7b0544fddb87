internal import COpenSSL
internal import ReportModel

/// The error for a call that OpenSSL refused although its input was right; empties OpenSSL's queue of errors.
func openSSLFault(_ what: String) -> ExhaustError {
    let code = ERR_get_error()
    var reason = "no reason given"
    if code != 0, let text = ERR_reason_error_string(code) { reason = String(cString: text) }
    ERR_clear_error()
    return ExhaustError(
        .internalFault, "\(what): OpenSSL refused (\(reason))", remedy: "Check the installed OpenSSL 3.")
}

/// Throws unless `result` is OpenSSL's 1 for success.
func succeed(_ result: Int32, _ what: String) throws {
    guard result == 1 else { throw openSSLFault(what) }
}
