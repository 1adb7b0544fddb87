import ReportModel
import Testing

@testable import exhaust

@Suite struct HealthCommandTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "http://127.0.0.1:8080"), ("0.0.0.0:80", "http://127.0.0.1:80"),
        ("[::]:8080", "http://[::1]:8080"), ("[fd00::2]:9000", "http://[fd00::2]:9000"),
    ])
    func `the server is asked where it listens`(listen: String, base: String) throws {
        #expect(try HealthCommand.base(listen: listen, hasTLS: false) == base)
    }

    @Test func `a server with a certificate is asked by its name alone`() {
        let error = #expect(throws: ExhaustError.self) {
            try HealthCommand.base(listen: "0.0.0.0:8443", hasTLS: true)
        }
        #expect(error?.remedy.contains("--address https://") == true)
    }
}
