// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same rules: no warnings, explicit existentials, imports that name what they use.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Without it a generic function called across modules runs up to 29 times slower (docs/decisions.md, 3).
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies, path: path, swiftSettings: strict,
        // The standard library rounds with libm, which only a module that imports Glibc links by itself.
        linkerSettings: [.linkedLibrary("m")])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "Exhaust",
    products: [.executable(name: "exhaust", targets: ["exhaust"])],
    targets: [
        // C, fenced in modules of its own.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "COpenSSLTLS", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "CLinux"),
        .target(name: "CCassandra", linkerSettings: [.linkedLibrary("dl")]),

        // The core: no server, no network library. A target imports those above it, never below.
        library("ReportModel"),
        library("ReportRows", ["ReportModel"]),
        library("PersonalData", ["ReportModel", "ReportRows", "COpenSSL"]),
        library("SecureArchive", ["ReportModel", "CISAL", "COpenSSL"]),
        library("WebTokens", ["ReportModel", "SecureArchive"]),
        library("JobLifecycle", ["ReportModel", "SecureArchive"]),
        library("ReportPorts", ["ReportModel", "JobLifecycle"]),
        library("ReportService", ["ReportModel", "ReportRows", "SecureArchive", "JobLifecycle", "ReportPorts"]),

        // Threads for work that blocks.
        library("BlockingWork", ["ReportModel"]),

        library("GzipReading", ["ReportModel", "CISAL"]),
        library("JSONSchema", ["ReportModel", "CPCRE2"]),

        // The web: messages, and what speaks them.
        library("HTTPMessages"),
        library("HTTPClient", ["ReportModel", "ReportPorts", "BlockingWork", "HTTPMessages", "CCurl"]),
        library("HTTPServer", ["HTTPMessages", "ReportModel", "CMicroHTTPD", "CLinux"]),
        library(
            "ReportAPI",
            [
                "BlockingWork", "HTTPClient", "HTTPMessages", "HTTPServer", "JSONSchema", "JobLifecycle", "ReportModel",
                "ReportPorts", "ReportRows", "ReportService", "SecureArchive", "WebTokens",
            ]),
        .target(name: "CPageAssets"),
        .target(
            name: "ReportPage",
            dependencies: ["HTTPMessages", "HTTPServer", "ReportAPI", "ReportModel", "SecureArchive", "CPageAssets"],
            exclude: ["Assets"], swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),

        // Adapters: one target each.
        library(
            "SQLiteAccess", ["ReportModel", "BlockingWork", "CSQLite", "CLinux"], path: "Sources/Adapters/SQLiteAccess"),
        library(
            "SQLiteJobs", ["ReportModel", "JobLifecycle", "ReportPorts", "BlockingWork", "SQLiteAccess", "CLinux"],
            path: "Sources/Adapters/SQLiteJobs"),
        library(
            "SQLiteAudit", ["ReportModel", "ReportPorts", "BlockingWork", "SQLiteAccess"],
            path: "Sources/Adapters/SQLiteAudit"),
        library(
            "SQLiteLearners",
            ["ReportModel", "ReportPorts", "BlockingWork", "SQLiteAccess", "CLinux", "GzipReading"],
            path: "Sources/Adapters/SQLiteLearners"),
        library(
            "PostgresAccess", ["ReportModel", "BlockingWork", "CPostgreSQL"], path: "Sources/Adapters/PostgresAccess"),
        library(
            "PostgresJobs", ["ReportModel", "JobLifecycle", "ReportPorts", "BlockingWork", "PostgresAccess"],
            path: "Sources/Adapters/PostgresJobs"),
        library(
            "PostgresAudit", ["ReportModel", "ReportPorts", "PostgresAccess"], path: "Sources/Adapters/PostgresAudit"),
        library(
            "S3Files", ["ReportModel", "ReportPorts", "SecureArchive", "BlockingWork", "HTTPMessages", "HTTPClient"],
            path: "Sources/Adapters/S3Files"),
        library(
            "RedisProfiles", ["ReportModel", "ReportPorts", "BlockingWork", "COpenSSLTLS", "CLinux"],
            path: "Sources/Adapters/RedisProfiles"),
        library(
            "SunbirdServices", ["ReportModel", "ReportPorts", "HTTPMessages", "HTTPClient"],
            path: "Sources/Adapters/SunbirdServices"),
        library("DiskFiles", ["ReportModel", "ReportPorts", "CLinux"], path: "Sources/Adapters/DiskFiles"),

        library("SealedSpool", ["BlockingWork", "ReportModel", "SecureArchive", "CLinux"]),
        library("CassandraAccess", ["CCassandra", "ReportModel"], path: "Sources/Adapters/CassandraAccess"),
        library(
            "CassandraLearners", ["BlockingWork", "CassandraAccess", "ReportModel", "ReportPorts", "SealedSpool"],
            path: "Sources/Adapters/CassandraLearners"),

        library(
            "AttemptArchive", ["BlockingWork", "GzipReading", "ReportModel", "ReportPorts", "SealedSpool"],
            path: "Sources/Adapters/AttemptArchive"),

        library("Settings", ["ReportModel", "ReportRows", "JobLifecycle"]),
        library("SampleData", ["ReportModel", "CISAL"]),
        library(
            "ReportTesting",
            ["ReportModel", "ReportRows", "SecureArchive", "JobLifecycle", "ReportPorts", "ReportService"]),
        .executableTarget(
            name: "exhaust",
            dependencies: [
                "ReportModel", "ReportRows", "SecureArchive", "JobLifecycle", "ReportPorts", "ReportService",
                "PersonalData", "BlockingWork", "SQLiteAccess", "SQLiteJobs", "SQLiteLearners", "PostgresAccess",
                "PostgresJobs", "SampleData", "DiskFiles", "Settings", "CLinux", "HTTPClient", "HTTPMessages",
                "HTTPServer", "ReportAPI", "ReportPage", "SQLiteAudit", "PostgresAudit", "RedisProfiles", "S3Files",
                "SunbirdServices", "WebTokens", "CassandraAccess", "CassandraLearners", "SealedSpool", "AttemptArchive",
            ],
            swiftSettings: strict),

        // How fast requests go through the job table.
        .executableTarget(
            name: "JobQueueBench",
            dependencies: ["ReportModel", "JobLifecycle", "ReportPorts", "PostgresAccess", "PostgresJobs"],
            path: "Benchmarks/JobQueueBench", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),

        // How fast profiles come from a user cache.
        .executableTarget(
            name: "RedisBench", dependencies: ["ReportModel", "ReportPorts", "RedisProfiles"],
            path: "Benchmarks/RedisBench", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),

        // Fills a Cassandra, and reads it with the driver alone.
        .executableTarget(
            name: "CassandraBench",
            dependencies: ["CassandraAccess", "CassandraLoading", "ReportModel", "SampleData"],
            path: "Benchmarks/CassandraBench", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),

        // The servers that scripts/services starts.
        .target(
            name: "ServiceTesting", dependencies: ["CLinux"], path: "Tests/ServiceTesting", swiftSettings: strict),

        // Fills a real Cassandra as a deployment fills it, for tests and benchmarks.
        library("CassandraLoading", ["CassandraAccess", "ReportModel"], path: "Tests/CassandraLoading"),

        tests("ReportModelTests", ["ReportModel"]),
        tests("HTTPMessagesTests", ["HTTPMessages"]),
        tests("HTTPServerTests", ["HTTPMessages", "HTTPServer", "ReportModel"]),
        tests("HTTPClientTests", ["ReportModel", "HTTPMessages", "HTTPClient", "ReportTesting", "ServiceTesting"]),
        tests(
            "ReportAPITests",
            [
                "HTTPClient", "HTTPMessages", "HTTPServer", "JobLifecycle", "ReportAPI", "ReportModel", "ReportPage",
                "ReportPorts",
                "ReportRows",
                "ReportService", "ReportTesting", "SQLiteAccess", "SQLiteJobs", "SecureArchive", "ServiceTesting",
                "WebTokens",
            ], exclude: ["Dialects/UpstreamAnswers"]),
        tests(
            "ReportPageTests", ["HTTPMessages", "HTTPServer", "ReportAPI", "ReportModel", "ReportPage", "ReportRows"]),
        tests("JSONSchemaTests", ["JSONSchema", "ReportModel"]),
        tests("ReportRowsTests", ["ReportModel", "ReportRows"], exclude: ["Golden"]),
        tests("SecureArchiveTests", ["ReportModel", "SecureArchive", "COpenSSL"], exclude: ["Tools"]),
        tests("WebTokensTests", ["ReportModel", "SecureArchive", "WebTokens"]),
        tests(
            "JobLifecycleTests", ["ReportModel", "JobLifecycle", "ReportPorts", "ReportTesting", "COpenSSL"]),
        tests(
            "ReportServiceTests",
            [
                "ReportModel", "ReportRows", "SecureArchive", "JobLifecycle", "ReportPorts", "ReportService",
                "ReportTesting", "COpenSSL",
            ]),
        tests("BlockingWorkTests", ["ReportModel", "BlockingWork"]),
        tests("SQLiteAccessTests", ["ReportModel", "BlockingWork", "SQLiteAccess", "ReportTesting"]),
        tests(
            "SQLiteJobsTests",
            [
                "ReportModel", "JobLifecycle", "ReportPorts", "BlockingWork", "SQLiteAccess", "SQLiteJobs",
                "ReportTesting",
            ]),
        tests(
            "SQLiteAuditTests", ["ReportModel", "ReportPorts", "SQLiteAccess", "SQLiteAudit", "ReportTesting"]),
        tests(
            "SQLiteLearnersTests",
            [
                "ReportModel", "ReportPorts", "BlockingWork", "SQLiteAccess", "SQLiteLearners", "SampleData",
                "ReportTesting",
                "CISAL",
            ]),
        tests("PostgresAccessTests", ["ReportModel", "PostgresAccess", "ServiceTesting"]),
        tests(
            "PostgresJobsTests",
            [
                "ReportModel", "JobLifecycle", "ReportPorts", "PostgresAccess", "PostgresJobs", "ReportTesting",
                "ServiceTesting",
            ]),
        tests(
            "PostgresAuditTests",
            ["ReportModel", "ReportPorts", "PostgresAccess", "PostgresAudit", "ReportTesting", "ServiceTesting"]),
        tests(
            "S3FilesTests",
            [
                "ReportModel", "ReportPorts", "SecureArchive", "HTTPMessages", "HTTPClient", "S3Files", "ReportTesting",
                "ServiceTesting",
            ]),
        tests(
            "RedisProfilesTests",
            [
                "ReportModel", "ReportPorts", "BlockingWork", "RedisProfiles", "SQLiteLearners", "ReportTesting",
                "ServiceTesting",
            ]),
        tests(
            "SunbirdServicesTests",
            [
                "ReportModel", "ReportPorts", "HTTPMessages", "HTTPClient", "SunbirdServices", "ReportTesting",
                "ServiceTesting",
            ]),
        tests("DiskFilesTests", ["ReportModel", "ReportPorts", "DiskFiles", "ReportTesting"]),
        tests("SettingsTests", ["ReportModel", "ReportRows", "JobLifecycle", "Settings"]),
        tests("PersonalDataTests", ["ReportModel", "ReportRows", "PersonalData"]),
        tests(
            "AttemptArchiveTests",
            [
                "AttemptArchive", "BlockingWork", "HTTPClient", "ReportModel", "ReportPorts", "ReportTesting",
                "S3Files",
                "ServiceTesting",
            ]),
        tests("SealedSpoolTests", ["BlockingWork", "ReportModel", "SealedSpool"]),
        tests("CassandraAccessTests", ["CassandraAccess", "ReportModel", "ServiceTesting"]),
        tests(
            "CassandraLearnersTests",
            [
                "BlockingWork", "CassandraAccess", "CassandraLearners", "CassandraLoading", "PersonalData",
                "ReportModel", "ReportPorts", "ReportRows", "ReportService", "ReportTesting", "SQLiteLearners",
                "SealedSpool", "SecureArchive", "ServiceTesting",
            ]),
        tests(
            "CommandLineTests",
            [
                "ReportAPI", "ReportModel", "ReportPorts", "ReportTesting", "SQLiteAudit", "SecureArchive", "Settings",
                "WebTokens", "exhaust",
            ]),
        // The real binary, as a user runs it.
        tests(
            "IntegrationTests",
            [
                "CassandraAccess", "CassandraLoading", "ReportModel", "HTTPClient", "HTTPMessages", "CLinux",
                "COpenSSL", "SQLiteAccess", "ServiceTesting", "Settings", "exhaust",
            ],
            exclude: ["Tools"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
