public import ReportModel

/// Batches, collections, trees and titles.
public protocol CatalogueSource: Sendable {
    /// All batches with one of these ids; an id can occur under several collections. Unknown ids are passed over.
    func batches(ids: [String]) async throws -> [BatchRecord]

    /// As `batches(ids:)`, by a store that finds a batch sooner if it knows the collection: those that one of `collections`
    /// holds need not be looked for elsewhere.
    func batches(ids: [String], likelyIn collections: [String]) async throws -> [BatchRecord]

    /// All batches of these collections.
    func batches(ofCollections ids: [String]) async throws -> [BatchRecord]

    /// These collections, if their status is Live, Unlisted or Retired; unknown ids are passed over.
    func collections(ids: [String]) async throws -> [CollectionRecord]

    /// All hits of a content search, whose body is upstream's (`{"request":{"filters":{…}}}`), paged to the end.
    func search(_ body: JSONValue) async throws -> [CollectionRecord]

    /// The tree of a collection; nil if it has none.
    func tree(of collection: String) async throws -> CollectionTree?

    /// Titles of contents by identifier, only those with status Live; unknown ones are missing in the answer.
    func titles(of contents: [String]) async throws -> [String: String]

    /// Identifiers that the relation cache names as optional in a collection; empty where there is no such cache.
    func optionalNodes(of collection: String) async throws -> Set<String>

    /// The id of the custodian organisation; nil if the settings table does not name one.
    func custodianOrganisation() async throws -> String?
}

extension CatalogueSource {
    /// Stores that find batches by id need no collection.
    public func batches(ids: [String], likelyIn collections: [String]) async throws -> [BatchRecord] {
        try await batches(ids: ids)
    }
}

/// What an organisation demands of files about its learners.
public protocol PolicySource: Sendable {
    /// The level that the `dataSecurityPolicy` of `organisation` demands for `report`: its own, else the policy's overall
    /// one; the policy of organisation `default` where it has none of its own. Nil if there is no policy.
    /// Throws `unavailable` if policies cannot be read, and `dataDamaged` for a level that does not exist.
    func level(of organisation: String, report: String) async throws -> SecurityLevel?

    /// The PEM public key of `organisation`; nil if it has none.
    func publicKey(of organisation: String) async throws -> [UInt8]?
}
