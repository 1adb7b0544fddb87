import HTTPClient
import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import Settings

/// `exhaust health`
enum HealthCommand {
    private static let address = Parameter.option(
        "address", "URL", "Where the server is, such as http://127.0.0.1:8080; by the setting http.listen otherwise.")
    private static let ready = Parameter.flag(
        "ready", "Also whether everything that it needs answers, not only whether it lives.")

    /// How long the server may take, in seconds: less than what those who check grant.
    private static let patience = Patience(connect: 2, idle: 4, whole: 4)

    static let command = Command(
        "health", summary: "Asks a running `exhaust serve` whether it is well; for health checks.",
        details: "Ends with status 1 if it is not, or does not answer.", parameters: [address, ready]
    ) { arguments, console in
        let composition = try Composition(arguments, console, logging: .error)
        let base =
            try arguments.value(address)
            ?? Self.base(
                listen: composition.settings.http.listen, hasTLS: !composition.settings.http.tlsCertificate.isEmpty)
        let client = try await CurlClient(CurlOptions(concurrency: 1))
        let answer: WebAnswer
        do {
            answer = try await client.send(
                WebRequest(.get, base + (arguments.has(ready) ? "/ready" : "/health"), patience: Self.patience))
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        try console.print(String(decoding: answer.body, as: UTF8.self) + "\n")
        return answer.isSuccess ? .success : .failure
    }

    /// The address of the server on this machine. Throws `invalidInput` where only its certificate's name would do.
    static func base(listen: String, hasTLS: Bool) throws -> String {
        guard !hasTLS else {
            throw ExhaustError(
                .invalidInput, "health: the server has a certificate, and by which name it is to be asked is not said",
                remedy: "Name it with --address https://NAME:PORT.", mender: .operator)
        }
        let listens = try ListenAddress(parsing: listen)
        // What listens on all addresses is asked at that of this machine.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][listens.host] ?? listens.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(listens.port)"
    }
}
