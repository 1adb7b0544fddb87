internal import CCassandra
public import ReportModel

/// The Cassandra C/C++ driver, opened at run time: no distribution of Debian carries it, and the program must start
/// without it.
public struct CassandraDriver: Sendable {
    // The members are addresses of functions, which never change and may be called on any thread.
    let api: UncheckedFunctions

    /// A value that C made once and nobody changes.
    struct UncheckedFunctions: @unchecked Sendable { let functions: ccassandra_api }

    /// Where the driver is looked for if no setting says so: the DataStax driver, then the one of ScyllaDB.
    public static let usualLibraries = ["libcassandra.so.2", "libscylla-cpp-driver.so.2", "libscylla-cpp-driver.so.1"]

    /// Opens the driver. A library may be several paths, separated by colons, that are opened one after the other: the
    /// last is the driver, the others hold what it needs. From then on what it logs goes to `log` only.
    ///
    /// Throws `unavailable`, telling for each library why it was not opened.
    public init(libraries: [String] = usualLibraries, log: @escaping CassandraLog.Handler) throws(ExhaustError) {
        var reasons: [String] = []
        for library in libraries {
            // Every member is set if the answer is 0, and nothing is used otherwise.
            let room = UnsafeMutablePointer<ccassandra_api>.allocate(capacity: 1)
            defer { room.deallocate() }
            var reason = [CChar](repeating: 0, count: 512)
            if ccassandra_load(library, room, &reason, reason.count) == 0 {
                api = UncheckedFunctions(functions: room.pointee)
                // Before anything else: warnings of the server hold query texts and the user ids in them.
                CassandraLog.install(api.functions, log)
                return
            }
            reasons.append(reason.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        throw ExhaustError(
            .unavailable, "Cassandra driver: it cannot be opened: \(reasons.joined(separator: "; "))",
            remedy:
                "Install the Cassandra C/C++ driver (packages of DataStax or ScyllaDB), or name its library with the "
                + "setting cassandra.driver.", mender: .operator)
    }
}
