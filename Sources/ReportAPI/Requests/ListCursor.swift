import ReportModel
import ReportPorts
import ReportService
import SecureArchive
import WebTokens

/// Places in lists as text, for whoever asks for the next page. Sealed, since the last row that was looked at may be one
/// that the caller may not see.
struct ListCursor: Sendable {
    /// Characters of a cursor at the most: tag and id of the deployed table are far shorter (upstream.md 1.1).
    static let characterLimit = 2_000

    private let master: MasterKey

    init(master: MasterKey) { self.master = master }

    /// The cursor of a place, for callers of the same organisation.
    func text(of place: RequestPlace, for caller: Caller) throws -> String {
        let value: JSONValue = .array([
            .integer(place.submittedAt.milliseconds), .string(place.key.tag), .string(place.key.requestID),
        ])
        return Base64URL.encode(try box().seal(Array(value.compactText.utf8), associatedData: Self.owner(caller)))
    }

    /// The place of a cursor. Throws `invalidInput` for what is none of ours.
    func place(of cursor: String, for caller: Caller) throws -> RequestPlace {
        do {
            if cursor.utf8.count <= Self.characterLimit, let sealed = Base64URL.decode(cursor.utf8) {
                let plain = try box().open(sealed, associatedData: Self.owner(caller))
                let parts = try JSONValue(parsing: String(decoding: plain, as: UTF8.self)).elements ?? []
                if parts.count == 3, let time = parts[0].integer, let tag = parts[1].text, let id = parts[2].text {
                    return RequestPlace(
                        submittedAt: Timestamp(milliseconds: time), key: RequestKey(tag: tag, requestID: id))
                }
            }
        } catch let error as ExhaustError where error.code != .internalFault {
            throw Self.refusal(error)
        }
        throw Self.refusal()
    }

    private static func refusal(_ cause: ExhaustError? = nil) -> ExhaustError {
        ExhaustError(
            .invalidInput, "before: it is no `next` of a page", remedy: "Leave it out for the newest requests.",
            cause: cause)
    }

    /// A key of its own: cursors are made without end, passwords and run keys are not.
    private func box() throws -> SealedBox {
        SealedBox(.secret, key: try SymmetricKey(try master.key(for: "list cursors 1").withUnsafeBytes { Array($0) }))
    }

    private static func owner(_ caller: Caller) -> [UInt8] { Array(caller.channel.utf8) }
}
