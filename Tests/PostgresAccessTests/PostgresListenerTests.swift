import PostgresAccess
import ReportModel
import ServiceTesting
import Testing

@Suite(.needsPostgres) struct PostgresListenerTests {
    /// A listener whose events are a stream, and the stream.
    private func listen(
        _ channel: String, _ options: PostgresOptions, pollSeconds: Double = 3_600
    ) throws -> (PostgresListener, AsyncStream<PostgresListener.Event>) {
        let (stream, continuation) = AsyncStream.makeStream(of: PostgresListener.Event.self)
        let listener = try PostgresListener(channel: channel, options: options, pollSeconds: pollSeconds) {
            continuation.yield($0)
        }
        return (listener, stream)
    }

    @Test func `notices of others and one's own arrive, each with its payload`() async throws {
        let (listener, stream) = try listen("Ünlisted \"channel\" 1", try postgres())
        var events = stream.makeAsyncIterator()
        #expect(await events.next() == .connected)
        let other = try PostgresConnection(try postgres())
        try other.query("SELECT pg_notify('Ünlisted \"channel\" 1', 'a')")
        #expect(await events.next() == .notice("a"))
        listener.send("b")
        #expect(await events.next() == .notice("b"))
        listener.stop()
    }

    @Test func `a listener whose session was ended listens again, and says that it missed something`() async throws {
        let (listener, stream) = try listen("lost_session", try postgres())
        var events = stream.makeAsyncIterator()
        #expect(await events.next() == .connected)
        let other = try PostgresConnection(try postgres())
        try other.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN \"lost_session\"%'")
        #expect(await events.next() == .silence)
        #expect(await events.next() == .connected)
        try other.query("SELECT pg_notify('lost_session', 'a')")
        #expect(await events.next() == .notice("a"))
        listener.stop()
    }

    @Test func `without a server, those who listen are told to look for themselves`() async throws {
        let nowhere = PostgresOptions(connection: "host=127.0.0.1 port=1 dbname=x user=y")
        let (listener, stream) = try listen("c", nowhere)
        var events = stream.makeAsyncIterator()
        #expect(await events.next() == .silence)
        #expect(await events.next() == .silence)
        listener.stop()
    }

    @Test func `in silence, the poll tells`() async throws {
        let (listener, stream) = try listen("c2", try postgres(), pollSeconds: 0.01)
        var events = stream.makeAsyncIterator()
        #expect(await events.next() == .connected)
        #expect(await events.next() == .silence)
        listener.stop()
    }
}
