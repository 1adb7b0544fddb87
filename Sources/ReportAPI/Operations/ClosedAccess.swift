public import HTTPServer
public import ReportModel
public import ReportPorts

/// Lets nobody do anything: for servers that only tell how they do.
public struct ClosedAccess: AccessControl {
    /// Access for nobody.
    public init() {}

    /// Throws `forbidden`.
    public func caller(of request: HTTPRequest) async throws -> Caller { throw Self.closed }

    /// Throws `forbidden`.
    public func check(_ caller: Caller, dataset: String, metadata: DatasetMetadata?) throws(ExhaustError) {
        throw Self.closed
    }

    /// Throws `forbidden`.
    public func check(_ caller: Caller, batches: [BatchRecord]) throws(ExhaustError) { throw Self.closed }

    private static let closed = ExhaustError(.forbidden, "access: nobody may do this here")
}
