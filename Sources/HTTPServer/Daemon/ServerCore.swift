import Synchronization

/// What all connections of a server share.
final class ServerCore: Sendable {
    /// Limits in the units in which they are compared.
    struct Limits {
        let headMilliseconds: Int64
        let idleMilliseconds: Int64
        let upload: Pace.Limits
        let download: Pace.Limits

        init(_ options: HTTPServerOptions) {
            headMilliseconds = Self.milliseconds(options.headSeconds)
            idleMilliseconds = Self.milliseconds(options.idleSeconds)
            let slow = Self.milliseconds(options.slowSeconds)
            let rate = Int64(options.minimumRate)
            upload = Pace.Limits(
                slowMilliseconds: slow, bytesPerSecond: rate,
                longestMilliseconds: Self.milliseconds(options.bodySeconds))
            download = Pace.Limits(slowMilliseconds: slow, bytesPerSecond: rate, longestMilliseconds: nil)
        }

        private static func milliseconds(_ seconds: Double) -> Int64 { Int64(max(0, min(seconds, 1e9)) * 1000) }
    }

    let options: HTTPServerOptions
    let handler: any HTTPHandler
    let rule: HeadRule
    let limits: Limits
    let ids = RequestIDs()
    let links = LinkTable()
    /// Handlers that have not returned.
    let tasks = Atomic<Int>(0)
    let isStopping = Atomic<Bool>(false)

    init(options: HTTPServerOptions, handler: any HTTPHandler) {
        self.options = options
        self.handler = handler
        rule = HeadRule(targetBytes: options.targetBytes, fields: options.fields, bodyBytes: options.bodyBytes)
        limits = Limits(options)
    }
}
