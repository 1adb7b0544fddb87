import Glibc
import JobLifecycle
import ReportModel

/// Everything that can be set, read once at the start (design.md 10).
///
/// Options of the command line count first, then the environment, then the settings file, then the defaults. To add a
/// setting, add a variable to a group and one line to that group's `read`: help, checks and errors follow from it.
public struct Settings: Sendable {
    /// `data`: the folder of the embedded store.
    public var dataFolder = "./exhaust-data"
    /// `masterKey`: 64 hex digits; empty takes the key file of the data folder.
    public var masterKey = ""
    /// The reports.
    public var reports = ReportSettings()
    /// The files.
    public var files = FileSettings()
    /// Where files are kept.
    public var bucket = BucketSettings()
    /// Where learner data is read from.
    public var learners = LearnerSettings()
    /// Where archived attempts are.
    public var archive = ArchiveSettings()
    /// The deployment's Cassandra.
    public var cassandra = CassandraSettings()
    /// Where profiles come from.
    public var profiles = ProfileSettings()
    /// The platform's services.
    public var platform = PlatformSettings()
    /// The requests.
    public var jobs = JobSettings()
    /// The deployment's database.
    public var postgres = PostgresSettings()
    /// The work.
    public var runs: RunSettings
    /// Who may do what.
    public var access = AccessSettings()
    /// Signing in, rates and the audit log.
    public var signIn = SignInSettings()
    /// The HTTP server.
    public var http = HTTPSettings()
    /// How requests are shown, watched and handed out.
    public var showing = ShowingSettings()
    /// The log.
    public var log = LogSettings()
    /// Every setting with its value and where it comes from, secrets hidden, in the order of the help.
    public private(set) var entries: [SettingEntry] = []
    /// The settings file, if everybody on the machine may read it.
    private var openFile: String?

    /// All defaults, for a machine with so many cores.
    public init(cores: Int = Settings.machineCores) { runs = RunSettings(cores: cores) }

    /// Reads all settings.
    ///
    /// - `configFile`: path of the JSON5 file; nil takes `EXHAUST_CONFIG`, and without that there is no file.
    /// - `options`: values given on the command line, by setting name, such as `["data": "/srv/exhaust"]`.
    /// - `reports`: ids of all reports, which have settings of their own.
    ///
    /// Throws `invalidInput` for an unknown name or a bad value, naming it, where it stands and what would be right.
    public init(
        configFile: String?, environment: [String: String], options: [String: String] = [:], reports: [String],
        cores: Int = Settings.machineCores
    ) throws {
        var sources = SettingsSources(options: options, environment: environment)
        if let path = configFile ?? environment["EXHAUST_CONFIG"] {
            let text = try SmallFile.read(path, what: "settings file", limit: SmallFile.settingsLimit)
            let value = try JSONValue(parsing: text, form: .json5, name: "settings file \(path)")
            sources.file = (path, try SettingsSources.flatten(value, path: path))
        }
        self.init(cores: cores)
        if !sources.file.path.isEmpty, try SmallFile.isOpenToAll(sources.file.path, what: "settings file") {
            openFile = sources.file.path
        }
        var reader = SettingsReader(sources)
        try read(&reader, reports: reports)
        try reader.refuseUnknown()
        try check()
    }

    /// Notes for the operator about settings that are allowed and unwise; to be logged at the start.
    public var warnings: [String] {
        var warnings: [String] = []
        if files.encryption == .zipcrypto {
            warnings.append(
                "setting zip.encryption: zipcrypto can be broken by anybody who knows a few bytes of a file; "
                    + "use aes256 unless a tool that must open the files knows no other")
        }
        if cassandra.usesTLS, !cassandra.verifies {
            warnings.append(
                "setting cassandra.tls.verify: off, anybody on the way can pose as the cluster and read the password; "
                    + "name the authorities in cassandra.tls.authorities and turn it on")
        }
        if let openFile {
            for entry in entries where entry.declaration.isSecret && entry.source == .file(openFile) {
                warnings.append(
                    "setting \(entry.declaration.name): everybody on this machine may read it in \(openFile); "
                        + "run `chmod 600 \(openFile)`, or use \(entry.declaration.variable)_FILE")
            }
        }
        return warnings
    }

    /// Cores of this machine that the process may use.
    public static var machineCores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// What there is to set.
    public static func declarations(reports: [String]) throws -> [SettingDeclaration] {
        var settings = Settings()
        var reader = SettingsReader(SettingsSources())
        try settings.read(&reader, reports: reports)
        return reader.entries.map(\.declaration)
    }

    private mutating func read(_ reader: inout SettingsReader, reports names: [String]) throws {
        reader.begin("Store")
        try reader.folder(&dataFolder, "data", "Folder of the embedded store.")
        try reader.key(
            &masterKey, "masterKey",
            "Seals passwords and parts, the same for all machines of a deployment; empty: the file master.key of the "
                + "data folder, made if it is not there.")
        try reports.read(&reader, reports: names)
        try files.read(&reader)
        try bucket.read(&reader)
        try learners.read(&reader)
        try cassandra.read(&reader)
        try archive.read(&reader)
        try profiles.read(&reader)
        try platform.read(&reader)
        try jobs.read(&reader)
        try postgres.read(&reader)
        try runs.read(&reader)
        try access.read(&reader)
        try signIn.read(&reader)
        try http.read(&reader)
        try showing.read(&reader)
        try log.read(&reader)
        entries = reader.entries
    }

    /// Values that are right each by itself and wrong together.
    private func check() throws {
        try checkOutside()
        let address = http.address
        guard address.isEmpty || address.hasPrefix("https://") || address.hasPrefix("http://") else {
            throw ExhaustError(
                .invalidInput, "setting http.address: \(address) is no address of the web",
                remedy: "Use one such as https://reports.example.org, or leave it out.", mender: .operator)
        }
        guard http.tlsCertificate.isEmpty == http.tlsKey.isEmpty else {
            throw ExhaustError(
                .invalidInput, "setting http.tls.certificate: TLS needs it and http.tls.key, and only one is given",
                remedy: "Give both, or neither.", mender: .operator)
        }
        guard jobs.heartbeatSeconds * 2 <= jobs.leaseSeconds else {
            throw ExhaustError(
                .invalidInput,
                "setting lease.heartbeatSeconds: \(jobs.heartbeatSeconds) s is more than half of lease.seconds, "
                    + "\(jobs.leaseSeconds) s; one late heartbeat would lose the lease",
                remedy: "Lower it, or raise lease.seconds.", mender: .operator)
        }
        guard jobs.rules.retry.baseSeconds <= jobs.rules.retry.capSeconds else {
            throw ExhaustError(
                .invalidInput,
                "setting retry.baseSeconds: \(jobs.rules.retry.baseSeconds) s is more than retry.capSeconds, "
                    + "\(jobs.rules.retry.capSeconds) s",
                remedy: "Lower it, or raise retry.capSeconds.", mender: .operator)
        }
    }
}
