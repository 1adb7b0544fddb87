public import Testing

/// One promise of a port, checked against any adapter. An adapter's tests run a suite of them:
/// `@Test(arguments: JobStoreConformance.checks) func ...(check: ConformanceCheck<JobScene>)`.
public struct ConformanceCheck<Scene>: Sendable, CustomTestStringConvertible {
    /// The promise, as a sentence.
    public let promise: String
    private let body: @Sendable (Scene) async throws -> Void

    /// A promise and how to check it on a fresh scene.
    public init(_ promise: String, _ body: @escaping @Sendable (Scene) async throws -> Void) {
        self.promise = promise
        self.body = body
    }

    /// Checks the promise; what fails is recorded as an issue of the running test.
    public func run(on scene: Scene) async throws { try await body(scene) }

    /// The promise.
    public var testDescription: String { promise }
}
