/// A request method, upper case as it is sent.
public struct HTTPMethod: RawRepresentable, Sendable, Hashable {
    /// The word on the wire.
    public let rawValue: String

    /// The method of that word; methods are case-sensitive (RFC 9110, 9.1).
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Reads.
    public static let get = Self(rawValue: "GET")
    /// Reads the head alone.
    public static let head = Self(rawValue: "HEAD")
    /// Submits.
    public static let post = Self(rawValue: "POST")
    /// Replaces.
    public static let put = Self(rawValue: "PUT")
    /// Removes.
    public static let delete = Self(rawValue: "DELETE")
}
