import Testing

@testable import ReportService

@Suite struct BatchResolverTests {
    @Test(arguments: [
        ("do_1_b1", ["b1"], ["do_1"]), ("do_1_b1:org-7", ["b1"], ["do_1"]), ("do_1_b1", ["b2", "b1"], ["do_1"]),
        ("do_1_b1:org_b2", ["b2"], []), ("_b1", ["b1"], []), ("b1", ["b1"], []), ("anything", ["b1"], []),
        ("do_1_é:x", ["é"], ["do_1"]), ("", ["b1"], []),
    ])
    func `a tag names the collection only in the form that the portal makes`(
        tag: String, batches: [String], collections: [String]
    ) {
        #expect(BatchResolver.collections(namedBy: tag, batches: batches) == collections)
    }
}
