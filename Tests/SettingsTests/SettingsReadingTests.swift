import JobLifecycle
import ReportModel
import ReportRows
import Testing

@testable import Settings

@Suite struct SettingsReadingTests {
    static let reports = ["progress-exhaust", "userinfo-exhaust"]

    private func settings(
        file: String? = nil, environment: [String: String] = [:], options: [String: String] = [:]
    ) throws -> Settings {
        guard let file else {
            return try Settings(
                configFile: nil, environment: environment, options: options, reports: Self.reports, cores: 2)
        }
        return try withTemporaryFolder { folder in
            let path = try folder.write("exhaust.json5", file)
            return try Settings(
                configFile: path, environment: environment, options: options, reports: Self.reports, cores: 2)
        }
    }

    @Test func `without any source everything has its default`() throws {
        let settings = try settings()
        #expect(settings.dataFolder == "./exhaust-data")
        #expect(settings.reports.csv == CSVOptions())
        #expect(settings.reports.levels == ["progress-exhaust": .password, "userinfo-exhaust": .password])
        #expect(settings.reports.layouts.isEmpty)
        #expect(settings.files.dateOffsetMinutes == 330)
        #expect(settings.jobs.batchesPerRequest == 20)
        #expect(settings.runs.parallelRanges == 2)
        #expect(settings.entries.allSatisfy { $0.source == nil })
        #expect(settings.warnings.isEmpty)
    }

    @Test func `a file sets values of every kind, nested or with dots`() throws {
        let settings = try settings(
            file: """
                {
                  data: '/srv/exhaust', // folder
                  csv: {dialect: 'spark', bom: true, 'lineEnd': "crlf"},
                  'assessment.metrics.supported.contenttype': 'A, B ,',
                  assessment: {metrics: {bestscore: {report: false}, 'supported.objectType': []}},
                  certificate: {failedStatus: [7, '-1']},
                  'layout.userinfo-exhaust': 'sunbird',
                  level: {'progress-exhaust': 'PLAIN_DATASET', requireKey: 'on'},
                  page: {bytes: '1MiB', learners: 0x10},
                  lease: {seconds: '1.5min'}, retry: {baseSeconds: 0.25},
                  file: {dateOffset: '-03:30'}, exhaust: {'file.size.limit.per.channel': '2 GB'},
                  zip: {}, log: {level: null},
                }
                """)
        #expect(settings.dataFolder == "/srv/exhaust")
        #expect(settings.reports.csv == CSVOptions(dialect: .spark, byteOrderMark: true, lineEnd: .crlf))
        #expect(settings.reports.rules.assessmentContentTypes == ["A", "B"])
        #expect(settings.reports.rules.assessmentObjectTypes == [])
        #expect(settings.reports.rules.bestScore == false)
        #expect(settings.reports.rules.certificateFailedStatuses == [7, -1])
        #expect(settings.reports.layouts == ["userinfo-exhaust": .sunbird])
        #expect(settings.reports.levels["progress-exhaust"] == .plain)
        #expect(settings.reports.requiresKey)
        #expect(settings.runs.pages == PageLimits(learners: 16, bytes: 1 << 20))
        #expect(settings.jobs.leaseSeconds == 90)
        #expect(settings.jobs.rules.retry.baseSeconds == 0.25)
        #expect(settings.files.dateOffsetMinutes == -210)
        #expect(settings.jobs.rules.throttle.bytesPerChannel == 2_000_000_000)
        #expect(settings.log.level == .info)
    }

    @Test func `options go over the environment and that over the file`() throws {
        let file = "{data: 'file', csv: {dialect: 'spark', bom: true}, expire: {days: 5}}"
        let settings = try settings(
            file: file,
            environment: ["EXHAUST_DATA": "environment", "EXHAUST_CSV_DIALECT": "rfc4180", "HOME": "/root"],
            options: ["data": "option"])
        #expect(settings.dataFolder == "option")
        #expect(settings.reports.csv.dialect == .rfc4180)
        #expect(settings.reports.csv.byteOrderMark)
        #expect(settings.files.expireDays == 5)
        let sources = Dictionary(uniqueKeysWithValues: settings.entries.map { ($0.declaration.name, $0.source) })
        #expect(sources["data"] == .option("--data"))
        #expect(sources["csv.dialect"] == .variable("EXHAUST_CSV_DIALECT"))
        #expect(sources["csv.bom"]??.description.hasPrefix("settings file ") == true)
        #expect(sources["csv.lineEnd"] == .some(nil))
    }

    @Test func `the environment names the file where no option does`() throws {
        try withTemporaryFolder { folder in
            let path = try folder.write("a.json5", "{expire: {days: 7}}")
            let settings = try Settings(configFile: nil, environment: ["EXHAUST_CONFIG": path], reports: [])
            #expect(settings.files.expireDays == 7)
            let error = try #require(throws: ExhaustError.self) {
                try Settings(configFile: path + "x", environment: [:], reports: [])
            }
            #expect(error.code == .notFound)
            #expect(error.message.hasPrefix("settings file \(path)x: cannot open it: "))
        }
    }

    @Test(arguments: [
        ("EXHAUST_CSV_DIALECT", "excel", "csv.dialect", "`excel`", "one of rfc4180, spark", "rfc4180"),
        ("EXHAUST_CSV_BOM", "yes", "csv.bom", "`yes`", "true or false", "false"),
        ("EXHAUST_ZIP_LEVEL", "4", "zip.level", "`4`", "whole number, 0 to 3", "1"),
        ("EXHAUST_RANGE_LEARNERS", "1e3", "range.learners", "`1e3`", "whole number, 1 to 10000000 learners", "10000"),
        ("EXHAUST_PAGE_BYTES", "2 MiBB", "page.bytes", "`2 MiBB`", "size, 64 KiB to 1 GiB", "768 KiB"),
        ("EXHAUST_PAGE_BYTES", "99999999999999 TiB", "page.bytes", "TiB`", "size, 64 KiB to 1 GiB", "768 KiB"),
        ("EXHAUST_LEASE_SECONDS", "0", "lease.seconds", "`0`", "time, 1 s to 3600 s", "15 s"),
        ("EXHAUST_LEASE_SECONDS", "nan", "lease.seconds", "`nan`", "time, 1 s to 3600 s", "15 s"),
        ("EXHAUST_FILE_DATEOFFSET", "+5:30", "file.dateOffset", "`+5:30`", "time zone", "+05:30"),
        ("EXHAUST_CERTIFICATE_FAILEDSTATUS", "1,x", "certificate.failedStatus", "`1,x`", "whole numbers", ""),
        ("EXHAUST_DATA", "", "data", "``", "folder", "./exhaust-data"),
        ("EXHAUST_LEVEL_USERINFO_EXHAUST", "plain", "level.userinfo-exhaust", "`plain`", "PLAIN_DATASET", "PASSWORD"),
    ])
    func `a bad value is told with its name, source and what would be right`(
        variable: String, value: String, name: String, shown: String, expected: String, standard: String
    ) throws {
        let error = try #require(throws: ExhaustError.self) { try settings(environment: [variable: value]) }
        #expect(error.code == .invalidInput && error.mender == .operator)
        #expect(error.message.hasPrefix("setting \(name) (environment variable \(variable)): "), "\(error.message)")
        #expect(error.message.contains(shown) && error.message.contains(expected), "\(error.message)")
        #expect(error.remedy.contains(standard), "\(error.remedy)")
    }

    @Test(arguments: [
        ("{csv: {dialect: 5}}", "setting csv.dialect (settings file"), ("{csv: {dialect: ['spark']}}", "csv.dialect"),
        ("{csv: {dialect: {}}}", "setting csv.dialect (settings file"), ("{page: {learners: 1.5}}", "`1.5`"),
        ("{pii: {salt: 12345678}}", "its value is not right"), ("[]", "does not hold an object"), ("{a: ", "line 1"),
        ("{csv: {bom: true}, 'csv.bom': true}", "setting csv.bom: given twice"),
        ("{pii: {salt: 'a'}, sunbird_encryption_key: 'b'}", "setting pii.salt: given twice"),
        ("{csv: 'spark'}", "setting csv (settings file"), ("{nothing: {}}", "setting nothing"),
    ])
    func `a file that is not right is told`(file: String, expected: String) throws {
        let error = try #require(throws: ExhaustError.self) { try settings(file: file) }
        #expect(error.message.contains(expected), "\(error.message)")
        #expect(!error.description.contains("12345678"))
    }

    @Test(
        arguments: [
            ("{csv: {dialekt: 'spark'}}", [:], "setting csv.dialekt (settings file", "Did you mean csv.dialect?"),
            ("{CSV: {Dialect: 'spark'}}", [:], "setting CSV.Dialect", "Did you mean csv.dialect?"),
            ("{}", ["EXHAUST_CVS_DIALECT": "spark"], "EXHAUST_CVS_DIALECT", "Did you mean EXHAUST_CSV_DIALECT?"),
            ("{}", ["EXHAUST_QQQ": "1"], "variable EXHAUST_QQQ: there is no", "`exhaust help settings`"),
            ("{}", ["EXHAUST_CSV_DIALECT_FILE": "/x"], "EXHAUST_CSV_DIALECT_FILE", "Did you mean EXHAUST_CSV_DIALECT?"),
        ] as [(String, [String: String], String, String)])
    func `an unknown name is refused with what was meant`(
        file: String, environment: [String: String], message: String, remedy: String
    ) throws {
        let error = try #require(throws: ExhaustError.self) { try settings(file: file, environment: environment) }
        #expect(error.message.contains(message), "\(error.message)")
        #expect(error.remedy.contains(remedy), "\(error.remedy)")
    }

    @Test func `variables of tests and of other programs are left alone`() throws {
        let environment = [
            "EXHAUST_REQUIRE_SERVICES": "1", "EXHAUST_SERVERS": "/x", "EXHAUST_SERVERS_CACHE": "/y",
            "EXHAUST_TEST_POSTGRES": "host=127.0.0.1", "EXHAUSTED": "", "PATH": "/bin",
        ]
        #expect(throws: Never.self) { try settings(environment: environment) }
    }

    @Test func `values that do not fit together are refused`() throws {
        let heartbeat = try #require(throws: ExhaustError.self) {
            try settings(environment: ["EXHAUST_LEASE_SECONDS": "6"])
        }
        #expect(heartbeat.message.contains("lease.heartbeatSeconds: 5.0 s is more than half of lease.seconds, 6.0 s"))
        let retry = try #require(throws: ExhaustError.self) {
            try settings(environment: ["EXHAUST_RETRY_CAPSECONDS": "1"])
        }
        #expect(retry.message.contains("retry.baseSeconds"))
    }

    @Test func `the weak cipher draws a warning`() throws {
        let settings = try settings(environment: ["EXHAUST_ZIP_ENCRYPTION": "zipcrypto"])
        #expect(settings.warnings.count == 1)
        #expect(settings.warnings.first?.contains("zip.encryption") == true)
    }
}
