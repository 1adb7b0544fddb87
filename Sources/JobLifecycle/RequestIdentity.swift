public import ReportModel

/// The id of a request (upstream.md 2.5 as amended by design.md 8): the same question on the same day has the same id.
public struct RequestIdentity: Sendable, Hashable {
    /// The id of the report.
    public var report: String
    /// The client's tag, without the channel; empty if absent.
    public var tag: String
    /// Who asks; empty if absent.
    public var requestedBy: String
    /// The root organisation of the requester.
    public var channel: String
    /// The day, `yyyy-MM-dd`, in the zone of the setting.
    public var date: String
    /// What is asked for.
    public var datasetConfig: JSONValue

    /// What an id is made from.
    public init(
        report: String, tag: String, requestedBy: String, channel: String, date: String, datasetConfig: JSONValue
    ) {
        self.report = report
        self.tag = tag
        self.requestedBy = requestedBy
        self.channel = channel
        self.date = date
        self.datasetConfig = datasetConfig
    }

    /// The id: 32 upper-case hex digits of the MD5 of the recipe. The hash functions are those of SecureArchive.
    /// Throws `invalidInput` if the type in datasetConfig is no text or a number in it is beyond a double.
    public func requestID(
        md5: ([UInt8]) throws -> [UInt8], sha256: ([UInt8]) throws -> [UInt8]
    ) throws -> String {
        Self.hex(try md5(Array(try recipe(sha256: sha256).utf8)), digits: "0123456789ABCDEF")
    }

    /// The text whose MD5 is the id.
    ///
    /// Upstream's recipe is `report|tag|requestedBy|channel|date`, then `|type` if datasetConfig has one. It names the
    /// question only where datasetConfig is just one batchId and the tag ends in `_<batchId>`; otherwise `|` and the
    /// lower-case hex SHA-256 of datasetConfig follow, in RFC 8785 form and without the members that are null, which
    /// are not stored either.
    public func recipe(sha256: ([UInt8]) throws -> [UInt8]) throws -> String {
        var text = [report, tag, requestedBy, channel, date].joined(separator: "|")
        switch datasetConfig["type"] {
        case nil: break
        case .string(let type): text += "|" + type
        // Upstream's ids have it so (upstream.md 2.14, 15).
        case .null: text += "|null"
        default:
            throw ExhaustError(
                .invalidInput, "datasetConfig.type is no text", remedy: "Send the type as a text, or leave it out.")
        }
        let stored = datasetConfig.droppingNullMembers()
        guard !isNamedByTag(stored) else { return text }
        let digest = try sha256(Array(try stored.canonicalText.utf8))
        return text + "|" + Self.hex(digest, digits: "0123456789abcdef")
    }

    private func isNamedByTag(_ config: JSONValue) -> Bool {
        guard let members = config.objectMembers, members.count == 1, members[0].name == "batchId",
            let batch = members[0].value.text
        else { return false }
        return !batch.isEmpty && tag.utf8.reversed().starts(with: "_\(batch)".utf8.reversed())
    }

    private static func hex(_ bytes: [UInt8], digits: StaticString) -> String {
        var text = ""
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            for digit in [byte >> 4, byte & 15] {
                text.unicodeScalars.append(Unicode.Scalar(digits.utf8Start[Int(digit)]))
            }
        }
        return text
    }
}
