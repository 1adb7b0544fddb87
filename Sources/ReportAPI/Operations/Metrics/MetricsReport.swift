import HTTPMessages
import HTTPServer
import ReportModel
public import ReportPorts
public import SecureArchive

/// Everything that `/metrics` tells, and to whom.
public struct MetricsReport: Sendable {
    private let metrics: ServiceMetrics
    private let jobs: any JobStore
    private let components: [any HealthReporting]
    private let clock: any ServiceClock
    private let token: SecretBytes?
    private let isBehindProxy: Bool
    private let process: @Sendable (inout MetricsText) -> Void

    /// - `components`: what is told of as up or down, with its figures.
    /// - `token`: what scrapers send as `Authorization: Bearer`; nil lets in whoever connects from this machine.
    /// - `isBehindProxy`: whether what connects from this machine may come from elsewhere; then only the token lets in.
    /// - `process`: adds what the process uses.
    public init(
        _ metrics: ServiceMetrics, jobs: any JobStore, components: [any HealthReporting] = [], clock: any ServiceClock,
        token: SecretBytes?, isBehindProxy: Bool = false, process: @escaping @Sendable (inout MetricsText) -> Void
    ) {
        self.metrics = metrics
        self.jobs = jobs
        self.components = components
        self.clock = clock
        self.token = token
        self.isBehindProxy = isBehindProxy
        self.process = process
    }

    /// Throws `unauthenticated` unless `request` may see it.
    func check(_ request: HTTPRequest) throws(ExhaustError) {
        if let token {
            let sent = request.fields["Authorization"] ?? ""
            guard sent.hasPrefix("Bearer "), SecretBytes(Array(sent.utf8.dropFirst(7))) == token else {
                throw Self.refused("the token of http.metricsToken is missing or wrong")
            }
            return
        }
        // A proxy on this machine passes on what comes from others; not every one says so.
        let isPassedOn = ["X-Forwarded-For", "Forwarded", "Via"].contains { request.fields[$0] != nil }
        let isLocal = request.peer.hasPrefix("127.") || request.peer == "::1"
        guard isLocal, !isPassedOn, !isBehindProxy, DemoAccess.isLoopback(request.fields["Host"] ?? "") else {
            throw Self.refused("only this machine may ask, unless http.metricsToken is set")
        }
    }

    private static func refused(_ why: String) -> ExhaustError {
        ExhaustError(.unauthenticated, "metrics: \(why)", mender: .operator)
    }

    /// The text of all metrics. What the job store cannot tell now is left out.
    func text() async -> String {
        var text = MetricsText()
        text.begin("exhaust_build_info", .gauge, "Version of the program.")
        text.add("exhaust_build_info", [("version", ProductVersion.current)], 1)
        await addJobs(&text)
        await addComponents(&text)
        metrics.write(to: &text)
        process(&text)
        return text.text
    }

    /// Each on its own, so that one that does not answer holds up no other.
    private func addComponents(_ text: inout MetricsText) async {
        guard !components.isEmpty else { return }
        let found = await withTaskGroup(of: (Int, [ComponentHealth]).self) { group in
            for (place, component) in components.enumerated() { group.addTask { (place, await component.health()) } }
            var found = [[ComponentHealth]](repeating: [], count: components.count)
            for await (place, health) in group { found[place] = health }
            return found.flatMap { $0 }
        }
        text.begin("exhaust_component_up", .gauge, "Whether a component answers as it should.")
        for health in found {
            text.add("exhaust_component_up", [("component", health.name)], health.problem == nil ? 1 : 0)
        }
        text.begin("exhaust_component_seconds", .gauge, "How long a component took to answer.")
        for health in found {
            text.add("exhaust_component_seconds", [("component", health.name)], Double(health.milliseconds) / 1000)
        }
        for health in found {
            for (figure, value) in health.figures.sorted(by: { $0.key < $1.key }) {
                let name = "exhaust_\(health.name.replacing("-", with: "_"))_\(figure)"
                text.begin(name, figure.hasSuffix("_total") ? .counter : .gauge, "Figure of the \(health.name).")
                text.add(name, value)
            }
        }
    }

    private func addJobs(_ text: inout MetricsText) async {
        guard let store = jobs as? any JobTallying else { return }
        let tallies: [JobTally]
        do {
            tallies = try await store.tally()
        } catch {
            text.begin("exhaust_job_store_up", .gauge, "Whether the job store answers.")
            text.add("exhaust_job_store_up", 0)
            return
        }
        text.begin("exhaust_job_store_up", .gauge, "Whether the job store answers.")
        text.add("exhaust_job_store_up", 1)
        var counts: [String: [RequestStatus: Int]] = [:]
        for tally in tallies { counts[tally.report, default: [:]][tally.status, default: 0] += tally.count }
        text.begin("exhaust_requests", .gauge, "Requests in the job store, by report and state.")
        for (report, states) in counts.sorted(by: { $0.key < $1.key }) {
            for status in RequestStatus.allCases {
                text.add(
                    "exhaust_requests", [("report", report), ("state", status.rawValue)], Double(states[status] ?? 0))
            }
        }
        let oldest = tallies.filter { $0.status == .submitted }.compactMap(\.oldest).min()
        text.begin(
            "exhaust_queue_age_seconds", .gauge, "How long the request waits that waits longest; 0 if none does.")
        text.add("exhaust_queue_age_seconds", oldest.map { max(0, clock.now().seconds(since: $0)) } ?? 0)
    }
}
