import CCurl
import Glibc
import HTTPMessages
import ReportModel

/// One request under way: what libcurl asks for and hands over. Used by the thread that sends it.
final class Transfer {
    /// Bytes that all header fields of an answer may have.
    static let fieldLimit = 128 << 10

    private(set) var fields = HTTPFields()
    private(set) var body: [UInt8] = []
    /// What ended the request from this side.
    private(set) var failure: (any Error)?

    private let request: WebRequest
    private let stop: StopFlag
    private var fieldBytes = 0
    private var received = 0
    private var sent = 0

    init(_ request: WebRequest, stop: StopFlag) {
        self.request = request
        self.stop = stop
    }

    var isStopped: Bool { stop.isRaised }

    /// The next bytes of the request's body.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard case .bytes(let bytes) = request.body else { return 0 }
        let count = min(buffer.count, bytes.count - sent)
        bytes.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[sent..<(sent + count)])) }
        sent += count
        return count
    }

    /// Back to the body's start, for a connection that broke before anything was answered.
    func rewind() { sent = 0 }

    /// One line of the answer's head; false to give up.
    func take(field line: UnsafeRawBufferPointer) -> Bool {
        fieldBytes += line.count
        guard fieldBytes <= Self.fieldLimit else {
            failure = ExhaustError(.limitExceeded, "answer's header fields: over \(Self.fieldLimit) bytes")
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // Another answer: the one before was an interim one.
            fields = HTTPFields()
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop(while: Self.isBlank).reversed()
                .drop(while: Self.isBlank).reversed()
            fields.append(String(text[..<colon]), String(value))
        }
        return true
    }

    /// A piece of the answer's body; false to give up.
    func take(body piece: UnsafeRawBufferPointer) -> Bool {
        received += piece.count
        guard received <= request.answerLimit else {
            failure = ExhaustError(
                .limitExceeded, "answer: over \(request.answerLimit) bytes, which is the limit", mender: .operator)
            return false
        }
        body.append(contentsOf: piece)
        return true
    }

    private static func isBlank(_ character: Character) -> Bool { character.isWhitespace }
}

// Called by libcurl during `curl_easy_perform`, on the thread that called that.

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

func sendMore(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
    return transfer(context)?.fill(buffer) ?? curlx_read_abort()
}

func sendAgain(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard offset == 0, origin == SEEK_SET, let transfer = transfer(context) else { return CURL_SEEKFUNC_CANTSEEK }
    transfer.rewind()
    return CURL_SEEKFUNC_OK
}

func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context)?.take(body: piece) == true ? piece.count : 0
}

func receiveField(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context)?.take(field: line) == true ? line.count : 0
}

func lookForStop(
    _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
    transfer(context)?.isStopped == false ? 0 : 1
}
