import Foundation

/// A server that tests use: `scripts/services` starts it and tells its address by a variable.
///
/// A suite that needs one says so with `.enabled(if: TestService.postgres.isToBeTested, TestService.postgres.reason)`
/// and asks for `address()`, so that it is skipped without the server, and fails with EXHAUST_REQUIRE_SERVICES=1.
public struct TestService: Sendable {
    /// Its file in scripts/services.d.
    public let name: String
    /// The environment variable with its address.
    public let variable: String

    /// A server by the name of its file and the variable that it prints.
    public init(name: String, variable: String) {
        self.name = name
        self.variable = variable
    }

    /// PostgreSQL: a libpq connection string of a superuser.
    public static let postgres = TestService(name: "postgres", variable: "EXHAUST_TEST_POSTGRES")

    /// Whether a missing server or tool fails its tests instead of skipping them.
    public static let requiresAll = ProcessInfo.processInfo.environment["EXHAUST_REQUIRE_SERVICES"] == "1"

    /// Whether tests that need it are to run: it is there, or has to be.
    public var isToBeTested: Bool { variables[variable] != nil || Self.requiresAll }

    /// Why tests that need it are skipped.
    public var reason: String { "no server \(name): `scripts/services up \(name)` and `. .services/env` give one" }

    /// Its address.
    public func address() throws -> String {
        guard let address = variables[variable] else { throw ServiceMissing(description: reason) }
        return address
    }

    private var variables: [String: String] { ProcessInfo.processInfo.environment }
}

/// A server is not there.
public struct ServiceMissing: Error, CustomStringConvertible {
    /// What is missing and what to do.
    public let description: String

    /// Says what is missing.
    public init(description: String) { self.description = description }
}
