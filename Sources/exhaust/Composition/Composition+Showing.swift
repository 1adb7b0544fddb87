import ReportAPI
import ReportService
import Settings

/// What the settings say about how requests are shown, watched and handed out.
extension Composition {
    var linkSettings: LinkSettings {
        var links = LinkSettings()
        links.minutes = settings.showing.linkMinutes
        links.areBearer = settings.showing.linksAreBearer
        links.address = settings.http.address
        links.scheme = settings.http.tlsCertificate.isEmpty ? "http" : "https"
        links.areDirect = settings.bucket.isDirect
        return links
    }

    var previewLimits: PreviewLimits {
        var limits = PreviewLimits()
        limits.rows = settings.showing.previewRows
        limits.learners = settings.showing.previewLearners
        limits.seconds = settings.showing.previewSeconds
        limits.parallel = settings.showing.previewsParallel
        return limits
    }

    var watchLimits: WatchLimits {
        var limits = WatchLimits()
        limits.pollSeconds = settings.showing.eventPollSeconds
        limits.heartbeatSeconds = settings.showing.eventHeartbeatSeconds
        limits.streams = settings.showing.eventStreams
        limits.streamsPerCaller = settings.showing.eventStreamsPerCaller
        limits.minutes = settings.showing.eventMinutes
        return limits
    }
}
