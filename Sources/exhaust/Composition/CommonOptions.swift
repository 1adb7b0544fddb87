import ReportModel
import ReportRows
import Settings

/// Options that every command takes.
enum CommonOptions {
    static let data = Parameter.option(
        "data", "DIR", "Folder of the embedded store; EXHAUST_DATA or the setting `data` otherwise.")
    static let config = Parameter.option("config", "FILE", "Settings file (JSON5); EXHAUST_CONFIG otherwise.")

    static let all = [data, config]
}

/// Parameters that several commands share.
enum SharedParameters {
    static let report = Parameter.positional("REPORT", "The report: \(names.joined(separator: ", ")).")
    static let batch = Parameter.option("batch", "ID", isRepeatable: true, "A batch; can be given several times.")
    static let search = Parameter.option(
        "search", "FILE", "A content search (JSON, `-` is standard input): every batch of the collections it finds.")
    static let layout = Parameter.option(
        "layout", "L", choices: ReportLayout.allCases.map(\.rawValue), "Columns and forms of the CSV.")
    static let passwordFile = Parameter.option(
        "password-file", "FILE", "File whose first line is the password.")
    static let json = Parameter.flag("json", "Print JSON for programs.")
    static let requestID = Parameter.positional("REQUEST_ID", "The id that submit printed.")
    static let tag = Parameter.option("tag", "TAG", "The requester's own key for the request.")
    static let channel = Parameter.option("channel", "ORG", "Root organisation of the requester.")

    private static var names: [String] { ReportRegistry.standard.reports.map(\.id) }
}
