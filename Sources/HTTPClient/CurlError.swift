import CCurl
import ReportModel

/// What a code of libcurl means; `what` names method and host. libcurl's own texts are left out: some quote addresses.
func curlError(_ code: CURLcode, _ what: String) -> ExhaustError {
    func unavailable(_ why: String, _ failure: WebFailure, _ remedy: String) -> ExhaustError {
        ExhaustError(.unavailable, "\(what): \(why)", remedy: remedy, cause: failure)
    }
    let checkAddress = "Check the address, and that the service runs."
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
        return unavailable("its name is not known", .notConnected, checkAddress)
    case CURLE_COULDNT_CONNECT: return unavailable("it cannot be reached", .notConnected, checkAddress)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR:
        return unavailable(
            "its certificate is not to be trusted", .notTrusted,
            "Check its certificate, or name the file of certificates to trust.")
    case CURLE_SSL_CONNECT_ERROR:
        return unavailable("it does not speak TLS as it should", .notConnected, "Check scheme and port.")
    case CURLE_OPERATION_TIMEDOUT:
        return unavailable("it did not answer in time", .timedOut, "Check how busy it is, or allow more time.")
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
        return ExhaustError(.invalidInput, "\(what): the address is not one of HTTP", remedy: "Check the address.")
    case CURLE_OUT_OF_MEMORY: return ExhaustError(.internalFault, "\(what): there is no memory")
    default:
        return unavailable("the connection broke (libcurl code \(code.rawValue))", .cut, checkAddress)
    }
}
