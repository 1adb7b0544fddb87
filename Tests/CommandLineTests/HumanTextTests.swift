import Testing

@testable import exhaust

@Suite struct HumanTextTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"), (-12, "-12"),
    ])
    func `thousands are set apart`(number: Int, text: String) { #expect(HumanText.count(number) == text) }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1500, "1.5 kB"), (9_960, "10 kB"), (12_345, "12 kB"),
        (999_499, "999 kB"), (999_500, "1 MB"), (1_073_741_824, "1.1 GB"), (5_000_000_000_000_000_000, "5000 PB"),
    ])
    func `sizes are short`(bytes: Int, text: String) { #expect(HumanText.size(bytes) == text) }

    @Test(arguments: [
        (0, "0 ms"), (0.0404, "40 ms"), (0.9994, "999 ms"), (0.9996, "1 s"), (2.54, "2.5 s"), (12.3, "12 s"),
        (59.4, "59 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s"), (3_599.6, "1 h 00 min"), (7_800, "2 h 10 min"),
        (273_600, "3 d 4 h"), (-1, "unknown"), (.infinity, "unknown"), (.nan, "unknown"),
    ])
    func `times are short`(seconds: Double, text: String) { #expect(HumanText.duration(seconds) == text) }

    @Test func `a bar fills and foretells`() {
        var bar = ProgressBar("progress", unit: "learners", at: 100)
        #expect(bar.line(done: 10, total: 0, at: 100) == "progress  10 learners")
        #expect(bar.line(done: 20, total: 5000, at: 100.05) == nil)
        #expect(
            bar.line(done: 1250, total: 5000, at: 102)
                == "progress  [######------------------] 25%  1,250 of 5,000 learners, 6 s left")
        #expect(
            bar.line(done: 5000, total: 5000, at: 102.01)
                == "progress  [########################] 100%  5,000 of 5,000 learners")
        #expect(bar.line(done: 6000, total: 5000, at: 103)?.contains("] 100%") == true)
    }

    @Test func `a command line is quoted where a shell would take it apart`() {
        #expect(HumanText.shellLine(["open", "./a/b-1.zip", "--out", "x=%1"]) == "open ./a/b-1.zip --out x=%1")
        #expect(HumanText.shellLine(["a b", "it's", "", "$HOME"]) == #"'a b' 'it'\''s' '' '$HOME'"#)
    }

    @Test func `a table stands in columns`() {
        var table = TextTable([.init("report"), .init("rows", isNumber: true), .init("state")])
        table.add("progress-exhaust", "5,000", "SUCCESS")
        table.add("é", "7")
        #expect(
            table.text == """
                report             rows  state
                progress-exhaust  5,000  SUCCESS
                é                     7

                """)
    }
}
