public import HTTPMessages

/// All operations, found by path and method.
public struct RouteTable: Sendable {
    /// Every operation, for the OpenAPI document and the tests that try each of them.
    public let routes: [Route]

    /// What was found.
    public enum Match: Sendable {
        /// This operation, with the values of its names.
        case route(Route, [String: String])
        /// The path exists, with these methods only.
        case otherMethod([HTTPMethod])
        /// There is no such path.
        case none
    }

    /// A table of these operations.
    public init(_ routes: [Route]) { self.routes = routes }

    /// The operation for `method` at `path`, still encoded.
    public func match(_ method: HTTPMethod, _ path: String) -> Match {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { $0 }
        var best: (route: Route, values: [String: String])?
        var methods: [HTTPMethod] = []
        for route in routes {
            guard let values = route.pattern.match(parts) else { continue }
            guard route.method == method || (method == .head && route.method == .get) else {
                methods.append(route.method)
                continue
            }
            if let found = best, found.route.pattern.fixedCount >= route.pattern.fixedCount { continue }
            best = (route, values)
        }
        if let best { return .route(best.route, best.values) }
        return methods.isEmpty ? .none : .otherMethod(methods)
    }
}
