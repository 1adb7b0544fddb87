import ReportModel
public import ReportPorts
import Synchronization

/// Which servers are left alone, since they failed again and again. One breaker a scheme, host and port; several clients
/// may share them.
public final class Breakers: Sendable {
    let limits: BreakerLimits
    let clock: any ServiceClock
    private let breakers = Mutex<[String: CircuitBreaker]>([:])

    /// No server is left alone yet.
    public init(limits: BreakerLimits = BreakerLimits(), clock: any ServiceClock) {
        self.limits = limits
        self.clock = clock
    }

    /// Servers that are left alone now, as `https://host`, sorted.
    public var leftAlone: [String] {
        breakers.withLock { $0.filter { !$0.value.isClosed }.keys.sorted() }
    }

    @discardableResult
    func change<Result: Sendable>(_ origin: String, _ body: (inout CircuitBreaker) -> Result) -> Result {
        breakers.withLock { breakers in
            var breaker = breakers[origin] ?? CircuitBreaker(limits)
            defer {
                // A healthy server needs no memory; nor does one too many.
                let isWorthwhile = breaker != CircuitBreaker(limits)
                breakers[origin] =
                    isWorthwhile && (breakers[origin] != nil || breakers.count < limits.servers) ? breaker : nil
            }
            return body(&breaker)
        }
    }
}
