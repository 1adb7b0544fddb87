/// The tree of a collection: the root, nested collections, contents (upstream.md 1.8).
public struct CollectionTree: Sendable, Hashable {
    /// One node with its children, as published.
    public struct Node: Sendable, Hashable {
        /// `identifier`.
        public var identifier: String
        /// `name`, the title.
        public var name = ""
        /// `contentType`; empty if missing.
        public var contentType = ""
        /// `objectType`; empty if missing.
        public var objectType = ""
        /// `primaryCategory`; empty if missing.
        public var primaryCategory = ""
        /// `mimeType`; empty if missing.
        public var mimeType = ""
        /// `relationalMetadata.optional` is true.
        public var isOptional = false
        /// `leafNodesCount`.
        public var leafNodesCount: Int?
        /// `children`.
        public var children: [Node] = []

        /// A node by its identifier.
        public init(identifier: String) { self.identifier = identifier }

        /// Whether the node is a collection inside a collection.
        public var isNestedCollection: Bool { mimeType == "application/vnd.ekstep.content-collection" }
    }

    /// The collection itself.
    public var root: Node

    /// A tree by its root.
    public init(root: Node) { self.root = root }

    /// Reads the JSON of a `content_hierarchy` row; `collection` names it in errors. Nodes without an identifier are
    /// passed over with their children. Throws `dataDamaged` if it is no object.
    public init(json: JSONValue, collection: String) throws(ExhaustError) {
        guard let root = Node(json: json) else {
            throw ExhaustError(
                .dataDamaged, "hierarchy of collection \(collection): it is no JSON object with an identifier",
                remedy: "Publish the collection again, or mend its row in content_hierarchy.")
        }
        self.root = root
    }
}

extension CollectionTree.Node {
    fileprivate init?(json: JSONValue) {
        guard let identifier = json["identifier"]?.text else { return nil }
        self.init(identifier: identifier)
        name = json["name"]?.text ?? ""
        contentType = json["contentType"]?.text ?? ""
        objectType = json["objectType"]?.text ?? ""
        primaryCategory = json["primaryCategory"]?.text ?? ""
        mimeType = json["mimeType"]?.text ?? ""
        isOptional = json["relationalMetadata"]?["optional"]?.bool ?? false
        leafNodesCount = json["leafNodesCount"]?.integer.map(Int.init)
        children = (json["children"]?.elements ?? []).compactMap(CollectionTree.Node.init(json:))
    }
}
