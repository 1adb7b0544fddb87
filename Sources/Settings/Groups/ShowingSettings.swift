/// How requests are shown, watched and handed out by the API and the page.
public struct ShowingSettings: Sendable {
    /// `links.minutes`: how long a download link opens its file.
    public var linkMinutes = 30
    /// `links.bearer`: whether links of the page open for whoever has them.
    public var linksAreBearer = false
    /// `preview.rows`.
    public var previewRows = 20
    /// `preview.learners`.
    public var previewLearners = 1_000
    /// `preview.seconds`.
    public var previewSeconds = 20.0
    /// `preview.parallel`.
    public var previewsParallel = 4
    /// `events.pollSeconds`.
    public var eventPollSeconds = 1.0
    /// `events.heartbeatSeconds`.
    public var eventHeartbeatSeconds = 15.0
    /// `events.streams`.
    public var eventStreams = 2_000
    /// `events.streamsPerCaller`.
    public var eventStreamsPerCaller = 5
    /// `events.minutes`.
    public var eventMinutes = 30

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Links, previews and events")
        try reader.whole(
            &linkMinutes, "links.minutes", 1...1_440, "minutes", aliases: ["channel.data_exhaust.expiryMins"],
            "How long a download link opens its file.")
        try reader.flag(
            &linksAreBearer, "links.bearer",
            "Whether links of the page open for whoever has them, instead of the session that asked.")
        try reader.whole(&previewRows, "preview.rows", 1...100, "rows", "Rows of a preview.")
        try reader.whole(
            &previewLearners, "preview.learners", 1...100_000, "learners",
            "Learners that a preview looks at to find its rows.")
        try reader.seconds(&previewSeconds, "preview.seconds", 1...600, "A preview that takes longer is given up.")
        try reader.whole(&previewsParallel, "preview.parallel", 1...64, "", "Previews that are made at a time.")
        try reader.seconds(
            &eventPollSeconds, "events.pollSeconds", 0.1...60, "How often requests are looked at while anybody watches."
        )
        try reader.seconds(
            &eventHeartbeatSeconds, "events.heartbeatSeconds", 1...300,
            "How often a watcher hears something even if nothing changes.")
        try reader.whole(&eventStreams, "events.streams", 1...1_000_000, "", "Watchers at a time.")
        try reader.whole(&eventStreamsPerCaller, "events.streamsPerCaller", 1...1_000, "", "Watchers of one session.")
        try reader.whole(
            &eventMinutes, "events.minutes", 1...1_440, "minutes",
            "After so long a watcher is asked to come back, and to show who it is.")
    }
}
