import JobLifecycle
import ReportModel
import Testing

@Suite struct RetryRuleTests {
    @Test func `the back-off doubles from its base to its cap, half of it for certain`() {
        let rule = RetryRule(attempts: 9, baseSeconds: 10, capSeconds: 60)
        #expect((1...5).map { rule.backOff(afterFailures: $0, jitter: 1) } == [10, 20, 40, 60, 60])
        #expect((1...5).map { rule.backOff(afterFailures: $0, jitter: 0) } == [5, 10, 20, 30, 30])
        #expect(rule.backOff(afterFailures: 2, jitter: 0.5) == 15)
        #expect(rule.backOff(afterFailures: .max, jitter: 1) == 60)
        #expect(rule.backOff(afterFailures: 0, jitter: 7) == 10)
        #expect(RetryRule(baseSeconds: 100, capSeconds: 7).backOff(afterFailures: 1, jitter: 1) == 7)
    }

    @Test func `there are three attempts in all, and one for what cannot pass`() {
        let rule = RetryRule()
        #expect(
            (0...4).map { rule.allowsAnother(afterFailures: $0, canPass: true) } == [true, true, true, false, false])
        #expect(!rule.allowsAnother(afterFailures: 0, canPass: false))
        #expect(!RetryRule(attempts: 1).allowsAnother(afterFailures: 1, canPass: true))
    }

    @Test func `an outage is waited out for a day, up to a tenth of its age at a time`() {
        let rule = RetryRule(baseSeconds: 10, capSeconds: 600)
        let outage = RunFailure(ExhaustError(.unavailable, "cluster: no quorum"))
        #expect(rule.waitsOut(outage, age: 0) && rule.waitsOut(outage, age: 86_399))
        #expect(!rule.waitsOut(outage, age: 86_400))
        #expect(!RetryRule(outageSeconds: 0).waitsOut(outage, age: 0))
        #expect(!rule.waitsOut(RunFailure(ExhaustError(.storageFailed, "disk: it is full")), age: 0))
        #expect([0, 99, 1_000, 50_000].map { rule.outageBackOff(age: $0, jitter: 1) } == [10, 10, 100, 600])
        #expect(rule.outageBackOff(age: 1_000, jitter: 0) == 50)
    }
}

@Suite struct StatusTextTests {
    @Test(arguments: [(0, 0, ""), (299, 299, ""), (300, 300, ""), (301, 300, "..."), (5_000, 300, "...")])
    func `texts over 300 characters are cut to 300 with dots`(count: Int, kept: Int, end: String) {
        let text = StatusText.abbreviated(String(repeating: "é", count: count))
        #expect(text.unicodeScalars.count == kept)
        #expect(text.hasSuffix(end))
        #expect(text.hasPrefix(String(repeating: "é", count: min(count, 297))))
    }

    @Test func `a text stays on one line, without characters that a table cannot hold`() {
        #expect(StatusText.abbreviated("a\nb\u{0}c\td\u{7F}") == "a b c d ")
    }

    @Test func `what a cut leaves is whole characters of the table's kind`() {
        // 299 letters and a family that is one character to people and seven to the table.
        let text = StatusText.abbreviated(String(repeating: "a", count: 299) + "👨‍👩‍👧‍👦")
        #expect(text == String(repeating: "a", count: 297) + "...")
    }
}

@Suite struct ProcessedBatchesTests {
    @Test func `batches are written in upstream's names and order, and read back`() {
        let batches = [
            ProcessedBatch(channel: "org-7", batchID: "b1", filePath: "progress-exhaust/R/b1.csv", fileSize: 20_480),
            ProcessedBatch(channel: "org\"8", batchID: "b/2", filePath: "", fileSize: 0),
        ]
        let text = ProcessedBatch.text(of: batches)
        #expect(
            text.hasPrefix(
                #"[{"channel":"org-7","batchId":"b1","filePath":"progress-exhaust/R/b1.csv","fileSize":20480},"#))
        #expect(ProcessedBatch.list(from: text) == batches)
        #expect(ProcessedBatch.text(of: []) == "[]")
    }

    @Test(arguments: ["", "null", "{}", "[", "[1,null,{}]", #"[{"batchId":""}]"#, #"[{"batchId":7}]"#, "\u{0}"])
    func `what is no list of batches counts as none`(text: String) {
        #expect(ProcessedBatch.list(from: text).isEmpty)
    }

    @Test func `missing members and sizes in text are read as well as may be`() {
        let text = #" [ {"batchId":"b1","x":1}, {"batchId":"b2","fileSize":"12"}, {"fileSize":1.0,"batchId":"b3"} ] "#
        #expect(
            ProcessedBatch.list(from: text) == [
                ProcessedBatch(channel: "", batchID: "b1", filePath: "", fileSize: 0),
                ProcessedBatch(channel: "", batchID: "b2", filePath: "", fileSize: 12),
                ProcessedBatch(channel: "", batchID: "b3", filePath: "", fileSize: 1),
            ])
    }

    @Test func `the published file of a batch ends in zip`() {
        func path(_ text: String) -> String {
            ProcessedBatch(channel: "", batchID: "", filePath: text, fileSize: 0).archivePath
        }
        #expect(path("a/b.csv") == "a/b.zip" && path("a/b.zip") == "a/b.zip" && path("") == "")
    }
}
