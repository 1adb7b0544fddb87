import ReportModel
import ReportPorts

/// Collections for somebody who types: by name, where the catalogue finds names, and by a pasted id of a collection or a
/// batch, which every catalogue finds.
struct CollectionSearch {
    /// A collection, and the batch that was asked for.
    struct Hit {
        var collection: CollectionRecord
        var batch: String?
    }

    private let catalogue: any CatalogueSource
    private let access: any AccessControl

    init(_ catalogue: any CatalogueSource, _ access: any AccessControl) {
        self.catalogue = catalogue
        self.access = access
    }

    /// Whether names are found.
    var isByName: Bool { catalogue is any CollectionFinding }

    func collections(_ text: String, limit: Int, for caller: Caller) async throws -> [Hit] {
        let member = try access.isLimitedToOwnBatches(caller) ? caller.userID ?? "" : nil
        let query = CollectionQuery(text, member: member, limit: limit)
        if let finding = catalogue as? any CollectionFinding {
            let found = try await finding.collections(query)
            if !found.isEmpty { return found.map { Hit(collection: $0, batch: nil) } }
        }
        guard limit > 0, Self.canBeIdentifier(query.text) else { return [] }
        return try await pasted(query.text, caller).prefix(limit).map { $0 }
    }

    /// Words of a name are no ids: those of the platform hold digits, and no spaces.
    private static func canBeIdentifier(_ text: String) -> Bool {
        text.utf8.contains { $0 >= 0x30 && $0 <= 0x39 } && !text.contains(where: \.isWhitespace)
    }

    private func pasted(_ identifier: String, _ caller: Caller) async throws -> [Hit] {
        let ofCollection = try await catalogue.batches(ofCollections: [identifier])
        if try ofCollection.contains(where: { try access.mayHave($0, caller) }) {
            return try await catalogue.collections(ids: [identifier]).map { Hit(collection: $0, batch: nil) }
        }
        let batches = try await catalogue.batches(ids: [identifier]).filter { try access.mayHave($0, caller) }
        return try await catalogue.collections(ids: batches.map(\.key.collection)).map {
            Hit(collection: $0, batch: identifier)
        }
    }
}
