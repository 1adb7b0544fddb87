import PostgresAccess
import ReportModel

/// Where the tables are: `job_request` as the deployment has it, and ours beside it.
public struct JobTables: Sendable, Hashable {
    /// Setting `postgres.schema`.
    public let schema: String
    /// Setting `postgres.table.job_request`, such as `dev_job_request`.
    public let requestTable: String

    /// Bytes that a name may have, so that those made from it fit into PostgreSQL's 63.
    static let nameLimit = 40

    /// Tables by the names that the settings give. Throws `invalidInput` for names that PostgreSQL could not have.
    public init(schema: String = "public", requestTable: String = "job_request") throws {
        for (setting, name) in [("postgres.schema", schema), ("postgres.table.job_request", requestTable)] {
            guard !name.isEmpty, name.utf8.count <= Self.nameLimit, !name.utf8.contains(0) else {
                throw ExhaustError(
                    .invalidInput, "setting \(setting): a name has 1 to \(Self.nameLimit) bytes",
                    remedy: "Name the table that the deployment has.", mender: .operator)
            }
        }
        self.schema = schema
        self.requestTable = requestTable
    }

    /// What stands before `job_request` in the name of that table; ours begin alike, so that several environments can
    /// share a database.
    private var prefix: String {
        requestTable.hasSuffix("job_request") ? String(requestTable.dropLast("job_request".count)) : requestTable + "_"
    }

    /// Another table or function of the same environment, by its name without the environment's prefix; quoted.
    public func beside(_ name: String) -> String { SQLName.quoted(schema, prefix + name) }

    var request: String { SQLName.quoted(schema, requestTable) }
    var run: String { beside("job_run") }
    /// The deployment's table of datasets, by the name that goes with that of the requests.
    var dataset: String { beside("dataset_metadata") }
    /// The deployment's table of programs that may act for channels.
    var consumer: String { beside("consumer_channel_mapping") }
    var batch: String { beside("job_batch") }
    var fact: String { beside("exhaust_fact") }
    /// Which version each of our groups of tables has.
    public var version: String { beside("exhaust_schema") }
    var noticeFunction: String { beside("exhaust_notice") }
    /// The channel of NOTIFY: of the whole database, and no longer than 63 bytes, hence a hash of the table (FNV-1a).
    var channel: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in request.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "exhaust_" + String(hash, radix: 16)
    }
    var waitingIndex: String { requestTable + "_exhaust_turn" }
    /// That of versions before, which led past the rows of other programs.
    var formerIndex: String { requestTable + "_exhaust_wait" }
    var identityIndex: String { requestTable + "_exhaust_id" }
    var trigger: String { "exhaust_notice" }
}
