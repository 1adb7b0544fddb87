import CPCRE2
import ReportModel

/// A regular expression whose matches count their steps.
///
/// Patterns come from whoever adds datasets, texts from whoever submits, so that neither may hold the service up.
// The compiled code is never changed, and PCRE2 lets threads share it.
final class Pattern: @unchecked Sendable {
    /// Bytes of a pattern at the most.
    static let byteLimit = 4_096
    /// Bytes of a text at the most; ids, tags and names are far shorter.
    static let textLimit = 4_096
    /// How deep the steps of one match may nest.
    static let depthLimit: UInt32 = 2_000
    /// Kibibytes that one match may use at the most.
    static let memoryLimit: UInt32 = 4_096

    /// The pattern as it was written.
    let text: String
    private let code: OpaquePointer

    /// Throws `invalidInput` if `text` is no pattern.
    init(_ text: String) throws(ExhaustError) {
        guard text.utf8.count <= Self.byteLimit else {
            throw ExhaustError(.limitExceeded, "pattern: over \(Self.byteLimit) bytes", remedy: "Write a shorter one.")
        }
        // As close to ECMA 262 as PCRE2 comes: `$` is the very end, `\u0041` is a character, unset groups match nothing.
        let options =
            UInt32(PCRE2_UTF) | UInt32(PCRE2_DOLLAR_ENDONLY) | UInt32(PCRE2_ALT_BSUX)
            | UInt32(PCRE2_MATCH_UNSET_BACKREF) | UInt32(PCRE2_NEVER_BACKSLASH_C) | UInt32(PCRE2_AUTO_CALLOUT)
        var fault: Int32 = 0
        var place = 0
        let bytes = Array(text.utf8)
        guard let code = pcre2_compile_8(bytes, bytes.count, options, &fault, &place, nil) else {
            throw ExhaustError(
                .invalidInput, "pattern \"\(text)\": \(Self.message(of: fault)), at character \(place + 1)",
                remedy: "Correct the pattern.")
        }
        self.text = text
        self.code = code
    }

    deinit { pcre2_code_free_8(code) }

    /// Whether a part of `text` fits; `steps` loses what that costs. Throws `limitExceeded` if it costs more than is left.
    func matches(_ text: String, _ steps: inout Int) throws(ExhaustError) -> Bool {
        let bytes = Array(text.utf8)
        // Every place of the text can be a beginning, and what one item of a pattern runs over is no step of its own.
        steps -= 1 + bytes.count * bytes.count / 16
        guard bytes.count <= Self.textLimit, steps > 0 else { throw tooCostly }
        guard let data = pcre2_match_data_create_8(1, nil), let context = pcre2_match_context_create_8(nil) else {
            throw ExhaustError(.internalFault, "pattern: no memory for a match")
        }
        defer {
            pcre2_match_data_free_8(data)
            pcre2_match_context_free_8(context)
        }
        _ = pcre2_set_depth_limit_8(context, Self.depthLimit)
        _ = pcre2_set_heap_limit_8(context, Self.memoryLimit)
        let result = withUnsafeMutablePointer(to: &steps) { steps in
            _ = pcre2_set_callout_8(context, countStep, steps)
            return pcre2_match_8(code, bytes, bytes.count, 0, 0, data, context)
        }
        switch result {
        case 0...: return true
        case PCRE2_ERROR_NOMATCH: return false
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT: throw tooCostly
        default:
            throw ExhaustError(.internalFault, "pattern \"\(self.text)\": \(Self.message(of: result))")
        }
    }

    private var tooCostly: ExhaustError {
        ExhaustError(
            .limitExceeded, "pattern \"\(text)\": the text costs too much to compare",
            remedy: "Send a shorter text, or have the pattern of the dataset's schema simplified.")
    }

    private static func message(of fault: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(fault, &buffer, buffer.count)
        return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(fault)"
    }
}

/// Called before each item of a pattern, at each place of the text: PCRE2's own limit of steps begins anew at every place
/// where a match could begin.
private func countStep(_ block: UnsafeMutablePointer<pcre2_callout_block_8>?, _ steps: UnsafeMutableRawPointer?)
    -> Int32
{
    guard let steps = steps?.assumingMemoryBound(to: Int.self) else { return 0 }
    steps.pointee -= 1
    return steps.pointee > 0 ? 0 : PCRE2_ERROR_MATCHLIMIT
}
