import PostgresAccess
import Testing

@Suite struct ArrayTextTests {
    @Test(arguments: [
        ("{}", []), ("{a}", ["a"]), ("{a,b.zip}", ["a", "b.zip"]),
        (#"{"a,b","c\"d","e\\f"}"#, ["a,b", #"c"d"#, #"e\f"#]),
        ("{NULL,a}", ["a"]), (#"{"NULL",""}"#, ["NULL", ""]), ("{ü,\"}\"}", ["ü", "}"]),
        ("https://old.example/a.zip", []), ("", []), ("{", []),
    ])
    func `arrays are read in the form that PostgreSQL shows them`(text: String, elements: [String]) {
        #expect(ArrayText.elements(of: text) == elements)
    }

    @Test(arguments: [[], ["a"], ["a,b", #"c"d"#, #"e\f"#, "", "NULL", "{}", "ü 漢"]])
    func `what is written is read again`(elements: [String]) {
        #expect(ArrayText.elements(of: ArrayText.text(of: elements)) == elements)
    }
}
