import HTTPMessages
import HTTPServer
import ReportModel

/// The OpenAPI document: made from the routes, so that it has every one of them and no other.
enum OpenAPIDocument {
    /// These routes and the one of their document, which has it too.
    static func adding(to routes: [Route], credentials: Credentials) -> [Route] {
        func route(_ text: String) -> Route {
            let bytes = Array(text.utf8)
            return Route(.get, "/openapi.json", operation: "openapi", access: .open) { _ in
                HTTPResponse(
                    status: 200, fields: ["Content-Type": "application/json", "Cache-Control": "no-cache"],
                    body: .bytes(bytes))
            }
        }
        return routes + [route(json(routes + [route("")], credentials).compactText)]
    }

    /// The document of these routes.
    static func json(_ routes: [Route], _ credentials: Credentials) -> JSONValue {
        .members(
            ("openapi", .string("3.1.0")),
            (
                "info",
                .members(
                    ("title", .string("Exhaust")), ("version", .string(ProductVersion.current)),
                    ("description", .string("Course reports on demand, as encrypted files.")))
            ),
            ("servers", .array([.members(("url", .string("/")))])),
            ("tags", .array(OperationDescription.Group.allCases.map { .members(("name", .string($0.rawValue))) })),
            ("paths", paths(routes, credentials)),
            (
                "components",
                .members(
                    ("schemas", .object(Components.schemas.map { .init($0.name, $0.schema.json) })),
                    ("securitySchemes", credentials.schemes))
            ))
    }

    private static func paths(_ routes: [Route], _ credentials: Credentials) -> JSONValue {
        var order: [String] = []
        var items: [String: [JSONValue.Member]] = [:]
        let names = Dictionary(grouping: routes, by: \.operation)
        for route in routes {
            let path = route.pattern.description
            if items[path] == nil { order.append(path) }
            let isShared = (names[route.operation]?.count ?? 0) > 1
            items[path, default: []].append(
                .init(
                    route.method.rawValue.lowercased(),
                    operation(route, id: isShared ? "\(route.operation) \(path)".idText : route.operation, credentials))
            )
        }
        return .object(order.map { .init($0, .object(items[$0] ?? [])) })
    }

    private static func operation(_ route: Route, id: String, _ credentials: Credentials) -> JSONValue {
        let described = OperationDescriptions.all[route.operation]
        var members: [JSONValue.Member] = [
            .init("operationId", .string(id)), .init("summary", .string(described?.summary ?? route.operation)),
        ]
        if let described { members.append(.init("tags", .array([.string(described.group.rawValue)]))) }
        let credential = described?.credential ?? .usual
        let fields = Credentials.parameters(of: route, credential) + (described?.parameters ?? [])
        let parameters = route.pattern.names.map(pathParameter) + fields.map(parameter)
        if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
        if let body = described?.body, !body.isEmpty {
            members.append(.init("requestBody", .members(("required", .bool(true)), ("content", content(body)))))
        }
        members.append(.init("responses", responses(route, described)))
        members.append(.init("security", credentials.requirement(of: route, credential)))
        return .object(members)
    }

    private static func pathParameter(_ name: String) -> JSONValue {
        .members(
            ("name", .string(name)), ("in", .string("path")), ("required", .bool(true)),
            ("schema", .members(("type", .string("string")), ("minLength", .integer(1)))))
    }

    private static func parameter(_ parameter: OperationDescription.Parameter) -> JSONValue {
        .members(
            ("name", .string(parameter.name)), ("in", .string(parameter.place.rawValue)),
            ("required", .bool(false)), ("description", .string(parameter.summary)), ("schema", parameter.schema.json))
    }

    private static func responses(_ route: Route, _ described: OperationDescription?) -> JSONValue {
        var members = (described?.answers ?? []).map { answer in
            JSONValue.Member(
                "\(answer.status)",
                answer.content.isEmpty
                    ? .members(("description", .string(answer.summary)))
                    : .members(("description", .string(answer.summary)), ("content", content(answer.content))))
        }
        var errors = Set((described?.errors ?? []) + [400, 500, 503])
        if route.access != .open { errors.formUnion([401, 403, 429]) }
        if described?.body.isEmpty == false { errors.formUnion([413]) }
        if !route.pattern.names.isEmpty { errors.insert(404) }
        errors.subtract((described?.answers ?? []).map(\.status))
        for status in errors.sorted() {
            members.append(
                .init("\(status)", failure(status, route.failure, hasPage: described?.hasErrorPage == true)))
        }
        return .object(members)
    }

    private static func failure(_ status: Int, _ form: Route.FailureForm, hasPage: Bool) -> JSONValue {
        let shape: OperationDescription.Content =
            switch form {
            case .envelope: .json(.reference("EnvelopeFailure"))
            case .problem: .init(type: "application/problem+json", schema: .reference("Problem"))
            }
        return .members(
            ("description", .string(Components.meaning(of: status))),
            ("content", content([shape] + (hasPage ? [.page] : []))))
    }

    private static func content(_ contents: [OperationDescription.Content]) -> JSONValue {
        .object(contents.map { .init($0.type, .members(("schema", $0.schema.json))) })
    }
}

extension String {
    /// Letters and digits, words joined by `-`.
    fileprivate var idText: String {
        split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.joined(separator: "-")
    }
}

extension RoutePattern {
    /// The names of its segments.
    var names: [String] {
        segments.compactMap { if case .name(let name) = $0 { name } else { nil } }
    }
}
