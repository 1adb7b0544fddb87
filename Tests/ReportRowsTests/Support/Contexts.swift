import ReportModel
import ReportRows

extension ReportContext {
    /// Batch `b1` of collection `do_c`, asked by the organisation that it belongs to, unless `change` says otherwise.
    static func test(
        tree: CollectionTree? = nil, layout: ReportLayout = .documented,
        _ change: (inout ReportContext) -> Void = { _ in }
    ) -> ReportContext {
        var context = ReportContext(
            batch: ResolvedBatch(
                batch: BatchRecord(key: BatchKey(collection: "do_c", batch: "b1"), name: "Batch one"),
                collection: CollectionRecord(
                    identifier: "do_c", name: "Course, the first", channel: "org-1", asksForConsent: true,
                    status: "Live"),
                requestingOrganisation: "org-1", custodianOrganisation: "org-custodian"),
            tree: tree, layout: layout, asOf: Timestamp(milliseconds: 1_700_000_000_000))
        change(&context)
        return context
    }
}

extension CollectionTree {
    /// The tree of `do_c` with these nodes below its root.
    static func test(leafNodesCount: Int? = nil, _ children: [Node]) -> CollectionTree {
        var root = Node.collection("do_c", children)
        root.leafNodesCount = leafNodesCount
        return CollectionTree(root: root)
    }
}

extension CollectionTree.Node {
    /// A collection inside a collection.
    static func collection(_ identifier: String, _ children: [Self]) -> Self {
        var node = Self(identifier: identifier)
        node.name = "Unit \(identifier)"
        node.mimeType = "application/vnd.ekstep.content-collection"
        node.children = children
        return node
    }

    /// A content, optional or not.
    static func content(_ identifier: String, optional: Bool = false, _ children: [Self] = []) -> Self {
        var node = Self(identifier: identifier)
        node.mimeType = "video/mp4"
        node.contentType = "Resource"
        node.isOptional = optional
        node.children = children
        return node
    }

    /// A content that is assessed by its type.
    static func assessment(_ identifier: String) -> Self {
        var node = content(identifier)
        node.name = "Quiz \(identifier)"
        node.contentType = "SelfAssess"
        return node
    }

    /// A question set that is assessed by its category.
    static func questionSet(_ identifier: String, category: String = "Practice Question Set") -> Self {
        var node = content(identifier)
        node.name = "Quiz \(identifier)"
        node.contentType = ""
        node.objectType = "QuestionSet"
        node.primaryCategory = category
        return node
    }
}

/// Decrypts `secret:x` to `x`, and nothing else.
struct TestDecrypter: PersonalDataDecrypter {
    func decrypt(_ stored: UnsafeRawBufferPointer, into plain: inout [UInt8]) -> Bool {
        let text = String(decoding: stored, as: UTF8.self)
        guard text.hasPrefix("secret:") else { return false }
        plain.append(contentsOf: text.utf8.dropFirst(7))
        return true
    }
}
