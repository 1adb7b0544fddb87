extension JSONValue {
    /// Which notation a text is written in.
    public enum Form: Sendable, Hashable {
        /// RFC 8259; a byte order mark at the start is skipped.
        case json
        /// JSON5 (spec.json5.org), for files that people write. `Infinity` and `NaN` are refused.
        case json5
    }

    /// Bounds of a document, checked while it is read.
    public struct Limits: Sendable, Hashable {
        /// Levels of lists and objects inside each other.
        public var nesting: Int
        /// Bytes of the whole text.
        public var bytes: Int
        /// Whether an object with two members of one name is refused, as where two readers must not differ in which of
        /// them counts (RFC 7519, 4).
        public var uniqueNames: Bool

        /// Bounds of a document: 64 levels and 16 MiB unless said otherwise.
        public init(nesting: Int = 64, bytes: Int = 16 << 20, uniqueNames: Bool = false) {
            self.nesting = nesting
            self.bytes = bytes
            self.uniqueNames = uniqueNames
        }
    }

    /// Reads one value that fills `bytes`.
    ///
    /// Of members with equal names the last value stands at the first's place. Text must be UTF-8 without lone
    /// surrogates. `name` says in errors what was read. Throws `invalidInput` with line and column (counted from 1, in
    /// characters) and what was expected there, or `limitExceeded`.
    public init(
        parsing bytes: UnsafeRawBufferPointer, form: Form = .json, limits: Limits = .init(), name: String = "JSON"
    ) throws {
        var parser = JSONParser(bytes: bytes, form: form, limits: limits, name: name)
        self = try parser.document()
    }

    /// Reads one value that fills `bytes`; as `init(parsing:form:limits:name:)` of a raw buffer.
    public init(parsing bytes: [UInt8], form: Form = .json, limits: Limits = .init(), name: String = "JSON") throws {
        self = try bytes.withUnsafeBytes { try JSONValue(parsing: $0, form: form, limits: limits, name: name) }
    }

    /// Reads one value that fills `text`; as `init(parsing:form:limits:name:)` of a raw buffer.
    public init(parsing text: String, form: Form = .json, limits: Limits = .init(), name: String = "JSON") throws {
        var text = text
        self = try text.withUTF8 {
            try JSONValue(parsing: UnsafeRawBufferPointer($0), form: form, limits: limits, name: name)
        }
    }
}
