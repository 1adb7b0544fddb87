import CCurl
import HTTPMessages
import ReportModel

/// A handle of libcurl with its open connections. Used by one thread.
final class CurlHandle {
    private let handle: UnsafeMutableRawPointer
    private let options: CurlOptions

    init(_ options: CurlOptions) throws {
        guard let handle = curl_easy_init() else { throw ExhaustError(.internalFault, "libcurl gives no handle") }
        self.handle = handle
        self.options = options
    }

    deinit { curl_easy_cleanup(handle) }

    /// Sends `request`. Blocks.
    func exchange(_ request: WebRequest, stop: StopFlag) throws -> WebAnswer {
        let address = try WebAddress(parsing: request.url, what: "\(request.method.rawValue) request's address")
        let fields = try FieldList(request)
        let transfer = Transfer(request, stop: stop)
        // The options of the request before are forgotten; its connection stays open.
        curl_easy_reset(handle)
        setConnection(request.patience)
        try setRequest(request, fields)
        let code = withExtendedLifetime((fields, transfer)) {
            setCallbacks(Unmanaged.passUnretained(transfer).toOpaque())
            return curl_easy_perform(handle)
        }
        if stop.isRaised { throw CancellationError() }
        if let failure = transfer.failure { throw failure }
        guard code == CURLE_OK else { throw curlError(code, "\(request.method.rawValue) \(address.origin)") }
        return WebAnswer(status: curlx_status(handle), fields: transfer.fields, body: transfer.body)
    }

    private func setConnection(_ patience: Patience) {
        number(CURLOPT_NOSIGNAL, 1)
        number(CURLOPT_NOPROGRESS, 0)
        number(CURLOPT_FOLLOWLOCATION, 0)
        text(CURLOPT_PROTOCOLS_STR, "http,https")
        number(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        number(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        number(CURLOPT_SSL_VERIFYPEER, 1)
        number(CURLOPT_SSL_VERIFYHOST, 2)
        if let trustFile = options.trustFile { text(CURLOPT_CAINFO, trustFile) }
        // An empty text keeps libcurl from asking the environment.
        text(CURLOPT_PROXY, options.proxy ?? "")
        text(CURLOPT_USERAGENT, options.userAgent)
        number(CURLOPT_BUFFERSIZE, 128 << 10)
        number(CURLOPT_UPLOAD_BUFFERSIZE, 128 << 10)
        number(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(patience.connect))
        number(CURLOPT_TIMEOUT_MS, patience.whole.map(milliseconds) ?? 0)
        number(CURLOPT_LOW_SPEED_LIMIT, 1)
        number(CURLOPT_LOW_SPEED_TIME, max(1, Int(patience.idle.rounded(.up))))
    }

    private func setRequest(_ request: WebRequest, _ fields: FieldList) throws {
        text(CURLOPT_URL, request.url)
        curlx_set_pointer(handle, CURLOPT_HTTPHEADER, fields.list)
        // Otherwise libcurl would tidy up the path, and a signature would no longer fit.
        number(CURLOPT_PATH_AS_IS, 1)
        let sendsBody = request.body.length > 0 || request.method == .post || request.method == .put
        if request.method == .head {
            number(CURLOPT_NOBODY, 1)
        } else if sendsBody {
            number(CURLOPT_UPLOAD, 1)
            curlx_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.body.length))
        }
        if request.method != .head, sendsBody || request.method != .get {
            text(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setCallbacks(_ context: UnsafeMutableRawPointer) {
        curlx_set_transfer(handle, CURLOPT_READFUNCTION, sendMore)
        curlx_set_pointer(handle, CURLOPT_READDATA, context)
        curlx_set_seek(handle, sendAgain)
        curlx_set_pointer(handle, CURLOPT_SEEKDATA, context)
        curlx_set_transfer(handle, CURLOPT_WRITEFUNCTION, receiveBody)
        curlx_set_pointer(handle, CURLOPT_WRITEDATA, context)
        curlx_set_transfer(handle, CURLOPT_HEADERFUNCTION, receiveField)
        curlx_set_pointer(handle, CURLOPT_HEADERDATA, context)
        curlx_set_progress(handle, lookForStop)
        curlx_set_pointer(handle, CURLOPT_XFERINFODATA, context)
    }

    private func number(_ option: CURLoption, _ value: some BinaryInteger) {
        curlx_set_number(handle, option, Int(clamping: value))
    }

    /// libcurl copies the text.
    private func text(_ option: CURLoption, _ value: String) { curlx_set_text(handle, option, value) }

    private func milliseconds(_ seconds: Double) -> Int { Int(max(1, min(seconds, 1e6) * 1000)) }
}
