public import ReportModel
import Synchronization

/// Stands between one worker and its ports: counts every call, and decides what becomes of it.
///
/// A test that lets something happen at the n-th call, for every n of a run, meets every moment of it.
public final class PortTap: Sendable {
    /// A call of a port.
    public struct Call: Sendable, Hashable {
        /// 1 for the first call of any port.
        public let number: Int
        /// Port and method, such as `files.publish`; of `jobs.update` also the change, such as `jobs.update.partKept`.
        public let name: String
    }

    /// What becomes of a call.
    public enum Fate: Sendable {
        /// It goes through.
        case pass
        /// The port refuses it.
        case fail(ExhaustError)
        /// The worker's process dies before the call, as by `kill -9`: neither this call nor any later one of it has an effect.
        case die
        /// The worker's process dies after the call: it has its effect, and nobody hears of it.
        case dieAfter
    }

    private struct State {
        var calls: [Call] = []
        var isDead = false
        var written: [String: [UInt8]] = [:]
    }

    private let state = Mutex(State())
    private let decide: @Sendable (Call) async -> Fate

    /// A tap that lets everything through unless `decide` says otherwise. The call waits while `decide` works.
    public init(_ decide: @escaping @Sendable (Call) async -> Fate = { _ in .pass }) { self.decide = decide }

    /// A tap that gives the call of this number its fate and lets all others through.
    public static func at(_ number: Int, _ fate: Fate) -> PortTap { PortTap { $0.number == number ? fate : .pass } }

    /// A tap that does something before the first call of this name, which then goes through.
    public static func before(_ name: String, _ body: @escaping @Sendable () async -> Void) -> PortTap {
        let isFirst = Mutex(true)
        return PortTap { call in
            let isMeant =
                call.name == name
                && isFirst.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
            if isMeant { await body() }
            return .pass
        }
    }

    /// All calls so far, also those that did not go through.
    public var calls: [Call] { state.withLock { $0.calls } }

    /// How many calls there were of one name.
    public func count(_ name: String) -> Int { state.withLock { $0.calls.count { $0.name == name } } }

    /// Everything that was written through the tap, by part or staged file, whether or not it is still there.
    public var written: [String: [UInt8]] { state.withLock { $0.written } }

    func note(_ bytes: [UInt8], in name: String) { state.withLock { $0.written[name, default: []] += bytes } }

    func pass<Result>(_ name: String, _ body: () async throws -> Result) async throws -> Result {
        switch await fate(of: name) {
        case .pass:
            let result = try await body()
            // Somebody else's call may have been the death of this one meanwhile.
            if state.withLock({ $0.isDead }) { throw CancellationError() }
            return result
        case .fail(let error): throw error
        case .die: throw CancellationError()
        case .dieAfter:
            _ = try await body()
            throw CancellationError()
        }
    }

    /// The same for calls that cannot fail: a fault does not touch them, death does.
    func passQuietly(_ name: String, _ body: () async -> Void) async {
        switch await fate(of: name) {
        case .pass, .fail, .dieAfter: await body()
        case .die: break
        }
    }

    private func fate(of name: String) async -> Fate {
        let call = state.withLock { state -> Call? in
            if state.isDead { return nil }
            let call = Call(number: state.calls.count + 1, name: name)
            state.calls.append(call)
            return call
        }
        guard let call else { return .die }
        let fate = await decide(call)
        return state.withLock { state in
            if state.isDead { return .die }
            switch fate {
            case .die, .dieAfter: state.isDead = true
            case .pass, .fail: break
            }
            return fate
        }
    }
}
