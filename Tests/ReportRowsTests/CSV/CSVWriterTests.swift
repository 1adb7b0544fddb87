import ReportModel
import Testing

@testable import ReportRows

@Suite struct CSVWriterTests {
    private func written(_ options: CSVOptions = .init(), _ fill: (inout CSVRows) -> Void) -> String {
        var writer = CSVWriter(options: options)
        var rows = writer.open()
        fill(&rows)
        writer.close(rows)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("plain", "plain"), ("DPS, MATHURA", "\"DPS, MATHURA\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("", ""),
        (" both ends ", " both ends "), ("a\\b", "a\\b"), ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""),
        ("twelve bytes", "twelve bytes"), ("बच्चा, १", "\"बच्चा, १\""), ("#c1", "#c1"), ("\"", "\"\"\"\""),
        ("a long text with its only comma at the very end,", "\"a long text with its only comma at the very end,\""),
    ])
    func `text is quoted where RFC 4180 asks for it`(value: String, expected: String) {
        #expect(
            written {
                $0.text(value); $0.endRow()
            } == expected + "\n")
    }

    @Test(arguments: [
        ("DPS, MATHURA", "\"DPS, MATHURA\""), ("say \"hi\"", "\"say \\\"hi\\\"\""), ("a\\b", "a\\b"),
        ("a\\b,c", "\"a\\\\b,c\""), ("", "\"\""), ("  \t\n ", "\"\""), (" both ends ", "both ends"),
        ("#c1", "\"#c1\""), ("a\nb", "\"a\nb\""), (" a,b ", "\"a,b\""), (" #c1", "\"#c1\""),
    ])
    func `dialect spark quotes and trims as upstream's files do`(value: String, expected: String) {
        #expect(
            written(.init(dialect: .spark)) {
                $0.text(value); $0.endRow()
            } == expected + "\n")
    }

    @Test func `dialect spark marks a hash only in the first column`() {
        let line = written(.init(dialect: .spark)) {
            for _ in 0..<2 {
                $0.text("#c1")
                $0.text("#c2")
                $0.empty()
                $0.endRow()
            }
        }
        #expect(line == "\"#c1\",#c2,\"\"\n\"#c1\",#c2,\"\"\n")
    }

    @Test(arguments: [
        "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "=", "＝1", "＋1", "－1", "＠x", "=a quite long formula with no end",
    ])
    func `text that a spreadsheet would run gets an apostrophe`(formula: String) {
        #expect(
            written {
                $0.text(formula); $0.endRow()
            } == "'" + formula + "\n")
        #expect(
            written(.init(formulaGuard: false)) {
                $0.text(formula); $0.endRow()
            } == formula + "\n")
    }

    @Test func `a guarded text keeps its apostrophe inside the quotes`() {
        #expect(
            written {
                $0.text("=a,b"); $0.endRow()
            } == "\"'=a,b\"\n")
        #expect(
            written {
                $0.text("\rx"); $0.endRow()
            } == "\"'\rx\"\n")
        #expect(
            written(.init(dialect: .spark)) {
                $0.text("x"); $0.text("  =a\"b"); $0.endRow()
            } == "x,\"'=a\\\"b\"\n")
    }

    @Test(arguments: ["＜x", "ａ", "'=1", "1=1", " =1", "（"])
    func `other text is left alone`(value: String) {
        #expect(
            written {
                $0.text(value); $0.endRow()
            } == value + "\n")
    }

    @Test func `typed cells are not guarded`() {
        let line = written {
            $0.telephone(Array("+91 98765-43210".utf8))
            $0.decimal(-1.5)
            $0.integer(-3)
            $0.typed(UnsafeRawBufferPointer(start: nil, count: 0))
            $0.endRow()
        }
        #expect(line == "+91 98765-43210,-1.5,-3,\n")
    }

    @Test func `a telephone number that holds anything else is guarded`() {
        #expect(
            written {
                $0.telephone(Array("=HYPERLINK(1)".utf8)); $0.endRow()
            } == "'=HYPERLINK(1)\n")
        #expect(
            written {
                $0.telephone(Array("+cmd|'/c calc'".utf8)); $0.endRow()
            } == "'+cmd|'/c calc'\n")
    }

    @Test func `rows end as the options say`() {
        #expect(
            written(.init(lineEnd: .crlf)) {
                $0.text("a"); $0.empty(); $0.endRow()
            } == "a,\r\n")
        #expect(
            written(.init(dialect: .spark)) {
                $0.empty(); $0.empty(); $0.endRow()
            } == "\"\",\"\"\n")
    }

    @Test func `the header comes after the byte order mark, its labels guarded`() {
        let columns = ["User UUID", "=do - Score"].map { ColumnDescription($0, meaning: "", source: "") }
        let header = CSVWriter.header(of: columns, options: .init(byteOrderMark: true, lineEnd: .crlf))
        #expect(header == [0xEF, 0xBB, 0xBF] + Array("User UUID,'=do - Score\r\n".utf8))
    }

    @Test func `prepared cells are copied as they were written`() {
        var source = CSVRows(options: .init())
        source.text("a,b")
        source.text("=c")
        let cells = source.takeCells()
        let text = written {
            for _ in 0..<2 {
                $0.prepared(cells)
                $0.integer(1)
                $0.endRow()
            }
        }
        #expect(text == "\"a,b\",'=c,1\n\"a,b\",'=c,1\n")
    }

    @Test(arguments: CSVOptions.Dialect.allCases, CSVOptions.LineEnd.allCases)
    func `random cells are read back as they were`(dialect: CSVOptions.Dialect, lineEnd: CSVOptions.LineEnd) throws {
        let options = CSVOptions(dialect: dialect, formulaGuard: false, lineEnd: lineEnd)
        var numbers = SeededNumbers(seed: 7)
        let alphabet = Array("abcdefgh,\"\\\n\r #=é".utf8)
        var expected: [[[UInt8]]] = []
        var writer = CSVWriter(options: options)
        var rows = writer.open()
        for _ in 0..<2000 {
            let row = (0..<3).map { _ in
                (0..<Int.random(in: 0...40, using: &numbers)).map { _ in
                    // Most cells have few special characters, so that whole words pass without one.
                    Bool.random(using: &numbers) ? UInt8(ascii: "x") : alphabet.randomElement(using: &numbers) ?? 0
                }
            }
            for cell in row { rows.text(cell) }
            rows.endRow()
            expected.append(dialect == .spark ? row.map(trimmed) : row)
        }
        writer.close(rows)
        #expect(readCSV(writer.bytes, options) == expected)
    }

    private func trimmed(_ cell: [UInt8]) -> [UInt8] {
        Array(cell.drop { $0 <= 32 }.reversed().drop { $0 <= 32 }.reversed())
    }

    @Test(arguments: CSVOptions.Dialect.allCases)
    func `a cell of any length fits`(dialect: CSVOptions.Dialect) throws {
        let options = CSVOptions(dialect: dialect)
        let cells = [String(repeating: "\"", count: 100_000), String(repeating: "plain", count: 50_000), "x"]
        let text = written(options) {
            for cell in cells { $0.text(cell) }
            $0.endRow()
        }
        #expect(readCSV(Array(text.utf8), options) == [cells.map { Array($0.utf8) }])
    }

    @Test(arguments: CSVOptions.Dialect.allCases)
    func `no random text cell begins a formula`(dialect: CSVOptions.Dialect) throws {
        let options = CSVOptions(dialect: dialect)
        var numbers = SeededNumbers(seed: 3)
        let starts = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " ", "\n", "a", "\"", ",", "'"]
        let cells = (0..<5000).map { _ in
            (0..<Int.random(in: 0...4, using: &numbers)).map { _ in starts.randomElement(using: &numbers) ?? "" }
                .joined()
        }
        var writer = CSVWriter(options: options)
        var rows = writer.open()
        for cell in cells {
            rows.text(cell)
            rows.endRow()
        }
        writer.close(rows)
        let read = try #require(readCSV(writer.bytes, options))
        #expect(read.count == cells.count)
        let formulas = starts.prefix(10).map { Array($0.utf8) }
        #expect(read.allSatisfy { row in !formulas.contains { row[0].starts(with: $0) } })
    }

    @Test func `rows are cut by rows and bytes, wherever pages end`() {
        let limits = PieceLimits(rows: 4, bytes: 40)
        let cells = (0..<50).map { String(repeating: "x", count: $0 * 7 % 23) }
        func cuts(rowsPerPage: Int) -> [[Int]] {
            var writer = CSVWriter(options: .init(), limits: limits)
            var found: [[Int]] = []
            var taken = 0
            for start in stride(from: 0, to: cells.count, by: rowsPerPage) {
                var rows = writer.open()
                for cell in cells[start..<min(start + rowsPerPage, cells.count)] {
                    rows.text(cell)
                    rows.endRow()
                }
                writer.close(rows)
                found += writer.cuts.map { [taken + $0.end, $0.rows] }
                taken += writer.bytes.count
                writer.removeTaken()
            }
            return found + [[taken, writer.rowsSinceCut]]
        }
        let expected = cuts(rowsPerPage: 1000)
        #expect(expected.count > 10)
        #expect(expected.dropLast().allSatisfy { $0[1] <= 4 })
        for rowsPerPage in [1, 2, 3, 7, 49] { #expect(cuts(rowsPerPage: rowsPerPage) == expected) }
    }
}
