import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import ReportTesting
import Testing

@Suite struct EventTests {
    /// Runs the watch while `body` looks at it, and waits until it has ended.
    private func watching(_ scene: RequestScene, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await scene.ports.watch.run() }
            // Asleep between two looks: it is there.
            await scene.service.clock.whenAsleep()
            try await body()
            group.cancelAll()
        }
    }

    /// Lets the watch look once more.
    private func look(_ scene: RequestScene) async {
        await scene.service.clock.whenAsleep()
        scene.service.clock.advance(seconds: 1)
        await scene.service.clock.whenAsleep()
    }

    private func open(
        _ scene: RequestScene, _ path: String = "/v1/events", as caller: String = "admin-1@org-1",
        after id: String? = nil
    ) async throws -> any HTTPBytes {
        let answer = await scene.send(.get, path, as: caller, fields: id.map { [("Last-Event-ID", $0)] } ?? [])
        #expect(answer.status == 200 && answer.fields["Content-Type"] == "text/event-stream")
        let stream = try #require(answer.stream)
        #expect(try await text(stream).hasPrefix(": open"))
        return stream
    }

    private func text(_ stream: any HTTPBytes) async throws -> String {
        String(decoding: try #require(try await stream.next()), as: UTF8.self)
    }

    /// The next event, which has to be of a request.
    private func event(_ stream: any HTTPBytes) async throws -> (id: String, request: JSONValue) {
        let lines = try await text(stream).split(separator: "\n").map(String.init)
        #expect(lines.count == 3 && lines[1] == "event: request")
        return (String(lines[0].dropFirst(4)), try JSONValue(parsing: String(lines[2].dropFirst(6))))
    }

    @Test func `a listener hears how things stand, and then every change`() async throws {
        let scene = try RequestScene()
        let address = try await scene.filed()
        try await watching(scene) {
            let stream = try await open(scene)
            #expect(try await event(stream).request["state"]?.text == "SUBMITTED")
            try await scene.service.work()
            await look(scene)
            var done = try await event(stream)
            // The store tells of every step, and the watch may have looked between two of them.
            while done.request["state"]?.text == "PROCESSING" { done = try await event(stream) }
            #expect(done.request["state"]?.text == "SUCCESS")
            #expect(done.request == (try await scene.get(address).json()))
        }
    }

    @Test func `who comes back hears only what was missed`() async throws {
        let scene = try RequestScene()
        _ = try await scene.finished()
        try await watching(scene) {
            let first = try await event(try await open(scene))
            _ = try await scene.filed(batch: "b2")
            let again = try await open(scene, after: first.id)
            #expect(try await event(again).request["tag"]?.text == "do_course_b2")
            // An id of another process tells nothing, so everything is told.
            let unknown = try await open(scene, after: "other-7")
            #expect(try await event(unknown).request["tag"]?.text == "do_course_b1")
            #expect(try await event(unknown).request["tag"]?.text == "do_course_b2")
        }
    }

    @Test func `a listener to one request hears of no other`() async throws {
        let scene = try RequestScene()
        let first = try await scene.filed()
        _ = try await scene.filed(batch: "b2")
        try await watching(scene) {
            let stream = try await open(scene, first + "/events")
            #expect(try await event(stream).request["tag"]?.text == "do_course_b1")
            _ = await scene.post("/v1/requests/do_course_b2/x/cancel")
            _ = await scene.post(first + "/cancel")
            await look(scene)
            let cancelled = try await event(stream).request
            #expect(cancelled["tag"]?.text == "do_course_b1" && cancelled["state"]?.text == "CANCELLED")
        }
    }

    @Test func `nobody hears of what they may not see`() async throws {
        let scene = try RequestScene()
        _ = try await scene.filed("userinfo-exhaust")
        _ = try await scene.filed("progress-exhaust", as: "admin-9@org-2")
        _ = try await scene.filed("response-exhaust")
        try await watching(scene) {
            let clerk = try await open(scene, as: "clerk@org-1")
            #expect(try await event(clerk).request["report"]?.text == "response-exhaust")
            let mentor = try await open(scene, as: "mentor-1@org-1")
            scene.service.clock.advance(seconds: 15)
            #expect(try await text(mentor) == ": heartbeat\n\n")
            #expect(try await text(clerk) == ": heartbeat\n\n")
        }
    }

    @Test func `a mentor hears of an older request of theirs, however many of others were filed since`() async throws {
        var limits = WatchLimits()
        limits.requests = 2
        let scene = try RequestScene(CourseTables.mentored(), watching: limits)
        let mine = try await scene.filed(as: "mentor-1@org-1")
        for report in ["progress-exhaust", "response-exhaust", "userinfo-exhaust"] {
            scene.service.clock.advance(seconds: 1)
            _ = try await scene.filed(report, batch: "b2")
        }
        try await watching(scene) {
            let stream = try await open(scene, as: "mentor-1@org-1")
            #expect(try await event(stream).request["state"]?.text == "SUBMITTED")
            try await scene.service.work()
            await look(scene)
            var done = try await event(stream)
            while done.request["state"]?.text != "SUCCESS" { done = try await event(stream) }
            #expect(done.request == (try await scene.get(mine, as: "mentor-1@org-1").json()))
            // Who comes back is told how that request stands, and of no other.
            let again = try await open(scene, as: "mentor-1@org-1")
            #expect(try await event(again).request == done.request)
            scene.service.clock.advance(seconds: 15)
            #expect(try await text(again) == ": heartbeat\n\n")
        }
    }

    @Test func `however many listen, requests are looked at once`() async throws {
        let scene = try RequestScene()
        _ = try await scene.filed()
        let tap = PortTap()
        let ports = scene.service.ports(tap)
        let viewing = RequestViewing(ports: ports, settings: ServiceSettings(), registry: .standard, paces: PaceBook())
        let watch = RequestWatch(ports: ports, viewing: viewing)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await watch.run() }
            await scene.service.clock.whenAsleep()
            var streams: [AsyncStream<RequestWatch.Event>] = []
            for number in 0..<20 {
                let scope = RequestWatch.Scope.channel("org-1")
                let listening = try await watch.listen(to: scope, caller: "caller \(number)", after: nil)
                #expect(listening.missed.count == 1)
                streams.append(listening.events)
            }
            let before = tap.count("jobs.requests")
            try await scene.service.work()
            await look(scene)
            for stream in streams {
                var events = stream.makeAsyncIterator()
                var last: RequestStatus?
                while last != .success, case .changed(_, let document) = await events.next() {
                    last = document.request.status
                }
                #expect(last == .success)
            }
            // One look a notice or a second, however many listen; a listener each would make twenty a look.
            #expect(tap.count("jobs.requests") - before < 20)
            group.cancelAll()
        }
    }

    @Test func `streams end when the service stops, and none begins then`() async throws {
        let scene = try RequestScene()
        var stream: (any HTTPBytes)?
        try await watching(scene) { stream = try await open(scene) }
        #expect(try await stream?.next() == nil)
        #expect(await scene.get("/v1/events").status == 503)
        #expect(scene.ports.watch.streamCount == 0)
    }

    @Test func `a caller has only so many streams, and another still gets one`() async throws {
        var limits = WatchLimits()
        limits.streamsPerCaller = 2
        let scene = try RequestScene(watching: limits)
        try await watching(scene) {
            var streams = [try await open(scene), try await open(scene)]
            #expect(await scene.get("/v1/events").status == 429)
            _ = try await open(scene, as: "admin-2@org-1")
            streams.removeLast()
            streams.append(try await open(scene))
            #expect(streams.count == 2)
            #expect(await scene.send(.head, "/v1/events").status == 200)
        }
    }

    @Test func `a stream that is not read ends, instead of growing`() async throws {
        var limits = WatchLimits()
        limits.buffer = 4
        let scene = try RequestScene(watching: limits)
        let address = try await scene.filed()
        try await watching(scene) {
            let stream = try await open(scene)
            for _ in 0..<5 {
                _ = await scene.post(address + "/cancel")
                await look(scene)
                _ = await scene.post(address + "/retry", #"{"password":"correct horse battery"}"#)
                await look(scene)
            }
            var told = 0
            while try await stream.next() != nil { told += 1 }
            // What it missed when it came, and as many as wait for it at the most.
            #expect(told == 1 + 4)
            #expect(scene.ports.watch.streamCount == 0)
        }
    }

    @Test func `a stream lasts no longer than its limit`() async throws {
        let scene = try RequestScene()
        try await watching(scene) {
            let stream = try await open(scene)
            scene.service.clock.advance(seconds: 1_800)
            while try await stream.next() != nil {}
            await look(scene)
            #expect(scene.ports.watch.streamCount == 0)
        }
    }
}
