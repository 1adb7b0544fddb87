internal import CCassandra
import ReportModel

/// What the driver's error codes mean (its public header: source in the high byte, code below).
enum CassandraFailure {
    /// The error of a future that ended with `code`. The server's own text is left out: it may quote a query.
    static func error(_ code: Int32, doing what: String) -> ExhaustError {
        let number = "0x" + hexadecimal(UInt32(bitPattern: code))
        guard let (reason, remedy) = meaning(UInt32(bitPattern: code)) else {
            return ExhaustError(
                canPass(code) ? .unavailable : .storageFailed, "Cassandra: cannot \(what): error \(number)",
                remedy: "Look the number up in the driver's documentation.", mender: .operator)
        }
        return ExhaustError(
            canPass(code) ? .unavailable : .invalidInput, "Cassandra: cannot \(what): \(reason) (\(number))",
            remedy: remedy, mender: .operator)
    }

    /// Whether the server does not take a query: it names a table or a column that is not there, or breaks a rule.
    static func isRefusedQuery(_ code: Int32) -> Bool { [0x0200_2200, 0x0200_2000].contains(UInt32(bitPattern: code)) }

    /// Whether a query that was prepared can have failed so because its table was changed since.
    static func canBeOutdated(_ code: Int32) -> Bool {
        isRefusedQuery(code) || UInt32(bitPattern: code) == 0x0100_000A
    }

    /// A table lost a column, or all of itself, between two pages. A run that begins anew reads it as it is by then.
    static func changedTable(doing what: String) -> ExhaustError {
        ExhaustError(
            .unavailable, "Cassandra: cannot \(what): the table was changed while it was read",
            remedy: "It is read again from the start, with the columns that it has now.", mender: .operator)
    }

    /// Whether the same request can succeed when it is sent again.
    static func canPass(_ code: Int32) -> Bool {
        switch UInt32(bitPattern: code) {
        // The driver: queue full, no thread, write error, no host, timed out, cannot connect, no streams.
        case 0x0100_0002, 0x0100_0007...0x0100_000A, 0x0100_000E, 0x0100_0016, 0x0100_0006: true
        // The server: an error of its own, unavailable, overloaded, bootstrapping, truncating, time-outs, failed reads.
        case 0x0200_0000, 0x0200_1000...0x0200_1003, 0x0200_1100, 0x0200_1200, 0x0200_1300: true
        // Not prepared on this node: the driver prepares it and asks again; a schema change can outrun it.
        case 0x0200_2500: true
        default: false
        }
    }

    private static func meaning(_ code: UInt32) -> (reason: String, remedy: String)? {
        switch code {
        case 0x0100_0005:
            ("a contact point has no address", "Check the names in cassandra.contactPoints and the name service.")
        case 0x0100_000A:
            (
                "no node answers",
                "Check cassandra.contactPoints, cassandra.port and cassandra.localDataCentre, whether "
                    + "the nodes are up, and whether they want TLS."
            )
        case 0x0100_000E:
            ("no answer in time", "It is asked again; see the servers' load, or raise cassandra.requestSeconds.")
        case 0x0100_0007: ("too much is under way", "Lower cassandra.inFlight.")
        case 0x0200_0100: ("user name or password is wrong", "Check cassandra.user and cassandra.password.")
        case 0x0200_1000:
            ("too few replicas are alive", "It is asked again; bring the nodes back, or lower cassandra.consistency.")
        case 0x0200_1001: ("the node is overloaded", "It is asked again; lower cassandra.inFlight.")
        case 0x0200_1200: ("replicas did not answer in time", "It is asked again; see the servers' load.")
        case 0x0200_1300:
            (
                "a replica failed to read, as for too many tombstones or a row over its limits",
                "See the servers' log; repair and compact the table, or raise the limit that the log names."
            )
        case 0x0200_2100: ("the user may not", "Grant SELECT on the keyspace to cassandra.user.")
        case 0x0200_2200, 0x0200_2000:
            (
                "the server does not take the query",
                "Check keyspace, table and columns, and the cluster's guardrails (ALLOW FILTERING, keys of an IN, rows of "
                    + "a page)."
            )
        case 0x0300_0003, 0x0300_0004:
            ("the node's certificate is not by a trusted authority", "Check cassandra.tls.authorities.")
        case 0x0300_0005:
            ("the node's certificate is for another name", "Use the names in its certificate as contact points.")
        case 0x0300_0001, 0x0300_0002: ("a certificate or key is no PEM", "Check the files in cassandra.tls.")
        default: nil
        }
    }

    private static func hexadecimal(_ code: UInt32) -> String {
        let text = String(code, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
