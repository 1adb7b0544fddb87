import CMicroHTTPD
import HTTPMessages

/// The header fields of a request as the library holds them.
enum RequestFields {
    private final class Collector {
        var fields = HTTPFields()
    }

    /// All of them, in order. On the connection's thread.
    static func read(_ connection: OpaquePointer) -> HTTPFields {
        let collector = Collector()
        withExtendedLifetime(collector) {
            _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND, collect, Unmanaged.passUnretained(collector).toOpaque())
        }
        return collector.fields
    }

    private static let collect: MHD_KeyValueIteratorN = { context, _, name, nameCount, value, valueCount in
        guard let context else { return .NO }
        Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue().fields
            .append(text(name, nameCount), trimmed(value, valueCount))
        return .YES
    }

    private static func text(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count), as: UTF8.self)
    }

    /// Without blanks at its end; the library leaves out those before it.
    private static func trimmed(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> String {
        let all = UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count)
        var end = all.count
        while end > 0, all[end - 1] == 0x20 || all[end - 1] == 0x09 { end -= 1 }
        return String(decoding: all.prefix(end), as: UTF8.self)
    }
}
