import CCurl
import HTTPMessages
import ReportModel

/// Header fields as libcurl takes them; to be kept while the request is under way.
final class FieldList {
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    /// Throws `invalidInput` for fields that would end before their end, or that HTTP does not allow.
    init(_ request: WebRequest) throws {
        for field in request.fields.all {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(Self.isToken),
                field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else {
                throw ExhaustError(
                    .invalidInput, "header field \"\(field.name.prefix(40).filter(\.isASCII))\": it cannot be sent")
            }
            // A colon with nothing after it would remove the field; a semicolon sends it empty.
            try append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // libcurl's own ideas: some servers stumble over the first, and the second would be wrong.
        try append("Expect:")
        if request.fields["Content-Type"] == nil { try append("Content-Type:") }
    }

    deinit { curl_slist_free_all(list) }

    private func append(_ line: String) throws {
        guard let longer = curl_slist_append(list, line) else {
            throw ExhaustError(.internalFault, "header fields: there is no memory for them")
        }
        list = longer
    }

    /// RFC 9110, 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A, 0x7C, 0x7E, 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }
}
