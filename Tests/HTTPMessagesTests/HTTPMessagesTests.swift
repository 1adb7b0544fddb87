import HTTPMessages
import Testing

@Suite struct HTTPMessagesTests {
    @Test func `field names are found whatever their case, in order`() {
        var fields: HTTPFields = ["Accept": "a", "X-Channel-ID": "org-7", "accept": "b"]
        #expect(fields["x-channel-id"] == "org-7")
        #expect(fields.values("ACCEPT") == ["a", "b"])
        fields["Accept"] = "c"
        #expect(fields.values("accept") == ["c"])
        fields["accept"] = nil
        #expect(fields["Accept"] == nil)
        #expect(fields.all.count == 1)
    }

    @Test(arguments: [("a b/ü", "a%20b%2F%C3%BC"), ("-._~AZaz09", "-._~AZaz09"), ("", "")])
    func `text is escaped and comes back`(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(PercentEncoding.decode(encoded) == text)
    }

    @Test func `characters to keep are kept`() {
        #expect(PercentEncoding.encode("a/b c", keeping: "/") == "a/b%20c")
    }

    @Test(arguments: ["%", "%4", "%zz", "%FF"]) func `a broken escape is refused`(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }

    @Test func `a query gives its first values and takes broken escapes as text`() {
        let query = QueryItems(parsing: "requestId=A+B&requestId=C&&limit=%zz&flag")
        #expect(query["requestId"] == "A B")
        #expect(query["limit"] == "%zz")
        #expect(query["flag"] == "")
        #expect(query["other"] == nil)
        #expect(query.all.count == 4)
    }

    @Test func `a query is encoded so that it reads the same`() {
        var query = QueryItems()
        query.append("a&b", "c=d é+")
        #expect(query.encoded == "a%26b=c%3Dd%20%C3%A9%2B")
        #expect(QueryItems(parsing: query.encoded) == query)
    }
}
