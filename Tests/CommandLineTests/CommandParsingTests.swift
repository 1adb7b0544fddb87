import Testing

@testable import exhaust

@Suite struct CommandParsingTests {
    static let report = Parameter.positional("REPORT", choices: ["progress-exhaust", "userinfo-exhaust"], "Which.")
    static let files = Parameter.positional("FILE", isRequired: false, isRepeatable: true, "Files.")
    static let batch = Parameter.option("batch", "ID", isRepeatable: true, "A batch.")
    static let search = Parameter.option("search", "FILE", "A search.")
    static let tag = Parameter.option("tag", "TAG", isRequired: true, "A tag.")
    static let workers = Parameter.option("workers", "N", "How many.")
    static let json = Parameter.flag("json", "Prints JSON.")
    static let command = Command(
        "submit", summary: "Files a request.", parameters: [report, files, batch, search, tag, workers, json],
        alternatives: [[batch, search]]
    ) { _, _ in .success }

    private func parse(_ line: String) throws -> Arguments? {
        try Self.command.parse(line.split(separator: " ").map(String.init))
    }

    @Test func `options, flags and words are told apart wherever they stand`() throws {
        let arguments = try #require(
            try parse("--batch b1 progress-exhaust --json --tag=t=1 - --batch b2 f1 --workers 4 -- --f2 --help"))
        #expect(arguments.value(Self.report) == "progress-exhaust")
        #expect(arguments.values(Self.batch) == ["b1", "b2"])
        #expect(arguments.value(Self.tag) == "t=1")
        #expect(arguments.has(Self.json))
        #expect(arguments.values(Self.files) == ["-", "f1", "--f2", "--help"])
        #expect(try arguments.number(Self.workers, 1...8) == 4)
        #expect(!arguments.has(Self.search) && arguments.value(Self.search) == nil)
    }

    @Test func `a single dash is a value`() throws {
        let arguments = try #require(try parse("progress-exhaust --search - --tag -"))
        #expect(arguments.value(Self.search) == "-")
        #expect(arguments.value(Self.tag) == "-")
    }

    @Test(arguments: ["--help", "-h", "nonsense --tga x --help", "--tag --help"])
    func `help is shown whatever else is wrong`(line: String) throws {
        #expect(try parse(line) == nil)
    }

    @Test(arguments: [
        ("progress-exhaust --batch b", "--tag: it is missing from `exhaust submit`", "--help"),
        ("--batch b --tag t", "REPORT: it is missing", "--help"),
        ("progress-exhaust --tag t", "--batch or --search: one of them is missing", "--help"),
        ("progress-exhaust --tag t --batch b --search s", "--batch and --search: they exclude", "Give one of"),
        ("progress-exhaust --tag t --batch b --tag u", "--tag: given twice", "once"),
        ("progress-exhaust --tag t --batch b --json --json", "--json: given twice", "once"),
        ("progress-exhaust --tga t", "--tga: there is no such option of `exhaust submit`", "Did you mean --tag?"),
        ("progress-exhaust -x", "-x: there is no such option", "--help"),
        ("progress-exhaust --quite-different=1", "--quite-different: there is no such option", "--help"),
        ("progress-exhaust --tag", "--tag: its value TAG is missing", "--tag=VALUE"),
        ("progress-exhaust --tag --json", "--tag: its value TAG is missing", "--tag=VALUE"),
        ("progress-exhaust --tag= --batch b", "--tag: its value is empty", "--help"),
        ("progress-exhaust --json=yes", "--json: it takes no value", "--help"),
        ("progres-exhaust --tag t", "REPORT: `progres-exhaust` is not one of", "Did you mean progress-exhaust?"),
    ])
    func `a line that cannot be understood is told with what to do`(
        line: String, message: String, remedy: String
    ) throws {
        let error = try #require(throws: UsageError.self) { try parse(line) }
        #expect(error.message.hasPrefix(message), "\(error.message)")
        #expect(error.remedy.contains(remedy), "\(error.remedy)")
    }

    @Test func `a word too many is refused`() throws {
        let command = Command("status", summary: "", parameters: [.positional("ID", "Which.")]) { _, _ in .success }
        let error = try #require(throws: UsageError.self) { try command.parse(["a", "b"]) }
        #expect(error.message == "`b`: one word too many for `exhaust status`")
    }

    @Test(arguments: ["x", "0", "9", "1.0", "99999999999999999999"])
    func `a number out of its range is refused`(text: String) throws {
        let arguments = try #require(try parse("progress-exhaust --tag t --batch b --workers \(text)"))
        let error = try #require(throws: UsageError.self) { try arguments.number(Self.workers, 1...8) }
        #expect(error.message == "--workers: `\(text)` is no whole number from 1 to 8")
        #expect(throws: UsageError.self) { try arguments.required(Self.search) }
    }

    @Test func `the help shows all that a command takes`() throws {
        let common = [Parameter.option("data", "DIR", "Folder of the store.")]
        let help = CommandHelp.help(of: Self.command.taking(common), common: common, columns: 80)
        #expect(
            help == """
                Usage: exhaust submit REPORT [FILE …] (--batch ID … | --search FILE) --tag TAG
                           [--workers N] [--json]

                Files a request.

                Words:
                  REPORT  Which. One of progress-exhaust, userinfo-exhaust.
                  FILE    Files.

                Options:
                  --batch ID …   A batch.
                  --search FILE  A search.
                  --tag TAG      A tag.
                  --workers N    How many.
                  --json         Prints JSON.

                Options of every command:
                  --data DIR  Folder of the store.
                  --help      Shows this help.

                """)
    }

    @Test func `long texts are wrapped under their column`() {
        let wide = Parameter.option(
            "a-very-long-option-name", "VALUE", "Words and words and words and words and words and words.")
        let command = Command("x", summary: "X.", details: "One\ntwo.\n\nThree.", parameters: [wide]) { _, _ in .success
        }
        let help = CommandHelp.help(of: command, common: [], columns: 60)
        #expect(help.contains("\n\nOne two.\n\nThree.\n\n"))
        #expect(help.contains("  --a-very-long-option-name VALUE\n" + String(repeating: " ", count: 28) + "Words and"))
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 68 })
    }
}
