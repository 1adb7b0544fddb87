import ReportModel
import Testing

@Suite struct IdentifierTableTests {
    @Test func `identifiers are numbered in their order and found again`() {
        var table = IdentifierTable(["do_b", "do_a", "do_b", ""])
        #expect(table.count == 3)
        #expect(["do_b", "do_a", "", "do_", "do_aa"].map { table.index(of: $0) } == [0, 1, 2, nil, nil])
        #expect(table.insert("do_a") == (1, false))
        #expect(table.insert("do_c") == (3, true))
        #expect(table.text(at: 3) == "do_c")
    }

    @Test func `many identifiers of all lengths are told apart`() {
        let identifiers = (0..<5000).map { String(repeating: "x", count: $0 % 37) + String($0) }
        let table = IdentifierTable(identifiers)
        #expect(table.count == 5000)
        #expect(identifiers.indices.allSatisfy { table.index(of: identifiers[$0]) == $0 })
        #expect(table.index(of: "x") == nil)
    }

    @Test func `identifiers are bytes, not characters`() {
        var table = IdentifierTable(["\u{E9}"])
        #expect(table.index(of: "e\u{301}") == nil)
        #expect(table.insert("e\u{301}").isNew)
    }

    @Test func `an emptied table begins again`() {
        var table = IdentifierTable((0..<100).map(String.init))
        table.removeAll()
        #expect(table.count == 0)
        #expect(table.index(of: "7") == nil)
        #expect(table.insert("7") == (0, true))
    }

    @Test func `slices of an arena are looked up in place`() {
        var arena = ByteArena()
        let slices = [arena.append("do_a"), arena.append("do_b"), TextSlice.absent]
        let table = IdentifierTable(["do_b"])
        #expect(slices.map { table.index(of: $0, in: arena) } == [nil, 0, nil])
    }
}

@Suite struct ContentTitlesTests {
    @Test func `titles are found by text and by bytes`() {
        var titles = ContentTitles()
        titles.set("Quiz", of: "do_a")
        titles.set("", of: "do_b")
        titles.set("Renamed", of: "do_a")
        #expect(titles.title(of: "do_a") == "Renamed")
        #expect(titles.title(of: "do_b") == "")
        #expect(titles.title(of: "do_c") == nil)
        #expect(titles.contains("do_b") && !titles.contains("do_c"))
        let found = Array("do_a".utf8).withUnsafeBytes { titles.title(of: $0) }
        #expect(titles.arena.text(found) == "Renamed")
        #expect(Array("do_c".utf8).withUnsafeBytes { titles.title(of: $0) }.isAbsent)
        #expect(Array("do_c".utf8).withUnsafeBytes { titles.contains($0) } == false)
    }
}
