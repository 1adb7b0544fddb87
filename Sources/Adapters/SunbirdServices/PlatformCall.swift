import HTTPClient
import HTTPMessages
import ReportModel

/// Calls of one service of the platform, which all speak alike: JSON in, `{"responseCode":…,"result":{…}}` out.
struct PlatformCall: Sendable {
    /// Bytes of an answer.
    static let answerLimit = 32 << 20

    /// What messages call the service, such as `content search`.
    let service: String
    let address: String
    let client: any WebClient
    let patience: Patience

    /// Throws `invalidInput` for an address that cannot be asked.
    init(_ service: String, _ address: String, _ client: any WebClient, _ patience: Patience) throws {
        _ = try WebAddress(parsing: address, what: "address of the \(service)")
        self.service = service
        self.address = address
        self.client = client
        self.patience = patience
    }

    /// Asks by POST; every call only asks, so it can be repeated. Throws `unavailable`, or `storageFailed` for a refusal.
    func ask(_ body: JSONValue) async throws -> WebAnswer {
        try await send(
            WebRequest(
                .post, address, fields: ["Content-Type": "application/json", "user-id": "analytics"],
                body: .bytes(Array(body.compactText.utf8)), patience: patience, answerLimit: Self.answerLimit,
                isRepeatable: true))
    }

    /// Sends a request of this service.
    func send(_ request: WebRequest) async throws -> WebAnswer {
        do {
            return try await client.send(request)
        } catch let error as ExhaustError {
            throw ExhaustError(
                error.code, "\(service): \(error.message)", remedy: error.remedy, mender: .operator, cause: error.cause)
        }
    }

    /// The member `result` of a success. Throws `unavailable` for any other status: the service is not as it should be,
    /// and somebody may mend it.
    func result(_ answer: WebAnswer) throws -> JSONValue {
        guard answer.isSuccess else { throw failed(answer.status) }
        guard let result = try document(answer)["result"], result.objectMembers != nil else { throw unreadable(nil) }
        return result
    }

    /// The error for a status that is no success.
    func failed(_ status: Int) -> ExhaustError {
        // The services themselves let everybody in who reaches them; what wants a key is the gateway before them.
        let isRefusal = status == 401 || status == 403
        return ExhaustError(
            .unavailable, "\(service): it \(isRefusal ? "refuses us:" : "answers") \(status)",
            remedy: isRefusal
                ? "Name the service's address inside the deployment in services.*: no key is sent that a gateway wants."
                : "Check the service and its address in services.*.", mender: .operator)
    }

    /// The answer as JSON, whatever its status.
    func document(_ answer: WebAnswer) throws -> JSONValue {
        do {
            return try JSONValue(
                parsing: answer.body, limits: .init(nesting: 64, bytes: Self.answerLimit), name: "answer")
        } catch {
            throw unreadable(error)
        }
    }

    func unreadable(_ cause: (any Error)?) -> ExhaustError {
        ExhaustError(
            .unavailable, "\(service): its answer is not one of the platform's",
            remedy: "Check its address in services.*.", mender: .operator, cause: cause)
    }
}
