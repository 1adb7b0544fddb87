import HTTPServer
import ReportModel
import Testing

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080, true), ("127.9.9.9:1", "127.9.9.9", 1, true),
        ("localhost:0", "127.0.0.1", 0, true), ("[::1]:443", "::1", 443, true), ("0.0.0.0:80", "0.0.0.0", 80, false),
        ("[::]:80", "::", 80, false), ("[2001:db8::1]:80", "2001:db8::1", 80, false),
        ("192.168.1.2:65535", "192.168.1.2", 65535, false),
    ])
    func `an IP address and port are read`(text: String, host: String, port: UInt16, isLoopback: Bool) throws {
        let address = try ListenAddress(parsing: text)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.isLoopback == isLoopback)
        #expect(try ListenAddress(parsing: address.description) == address)
    }

    @Test(arguments: [
        "", "8080", "127.0.0.1", ":8080", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "[::1]", "[::1:80",
        "example.org:80", "127.1:80", "1.2.3.4.5:80", "127.0.0.1:80 ",
    ])
    func `anything else is refused by name`(text: String) {
        let error = #expect(throws: ExhaustError.self) { try ListenAddress(parsing: text) }
        #expect(error?.code == .invalidInput)
        #expect(error?.message.contains("`\(text)`") == true)
    }
}
