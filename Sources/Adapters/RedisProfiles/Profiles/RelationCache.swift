public import ReportPorts

/// The relation cache of a deployment: which nodes of a collection are optional (upstream.md 1.11).
public struct RelationCache: OptionalNodeSource {
    /// Nodes that one collection may have; more is taken for damage.
    public static let nodeLimit = 100_000

    private let client: RedisClient

    /// The cache on `client`'s server.
    public init(_ client: RedisClient) { self.client = client }

    /// As `OptionalNodeSource.optionalNodes`.
    public func optionalNodes(of collection: String) async throws -> Set<String> {
        let options = client.options
        return try await client.reading(options.relationDatabase) { connection in
            let key = "\(collection):\(collection):\(options.optionalNodes)"
            connection.append([Array("SMEMBERS".utf8), Array(key.utf8)])
            return try connection.exchange {
                let count = try connection.readArrayCount()
                guard (0...Self.nodeLimit).contains(count) else { throw ReplyReader.Nonsense() }
                var nodes: Set<String> = []
                for _ in 0..<count {
                    let node = try connection.readValue { $0.map { String(decoding: $0, as: UTF8.self) } }
                    if let node { nodes.insert(node) }
                }
                return nodes
            }
        }
    }
}
