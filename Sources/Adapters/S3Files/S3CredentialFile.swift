import BlockingWork
import Glibc
import ReportModel
public import ReportPorts
import SecureArchive

/// Credentials from a file as the AWS tools keep it: sections in brackets, `name = value` lines. Whoever renews temporary
/// credentials writes the file anew; it is read again every minute.
public actor S3CredentialFile {
    private static let keptSeconds = 60.0
    private static let byteLimit = 256 << 10

    private let path: String
    private let profile: String
    private let clock: any ServiceClock
    private let reading: BlockingPool<Void>
    private var kept: (credentials: S3Credentials, at: Timestamp)?

    /// The section `profile` of the file at `path`.
    public init(_ path: String, profile: String, clock: any ServiceClock) async throws {
        self.path = path
        self.profile = profile
        self.clock = clock
        reading = try await BlockingPool(name: "credentials file") {}
    }

    /// What the file says. Throws `storageFailed` if it cannot be read or the section lacks something.
    public func credentials() async throws -> S3Credentials {
        let now = clock.now()
        if let kept, now.seconds(since: kept.at) < Self.keptSeconds { return kept.credentials }
        let text = try await reading.run { [path] _ in try Self.text(of: path) }
        let credentials = try Self.parse(text, profile: profile, path: path)
        kept = (credentials, now)
        return credentials
    }

    static func parse(_ text: String, profile: String, path: String) throws -> S3Credentials {
        var section = ""
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let line = trimmed(line)
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = trimmed(line.dropFirst().dropLast())
            } else if section == profile, !line.hasPrefix("#"), let sign = line.firstIndex(of: "=") {
                values[trimmed(line[..<sign]).lowercased()] = trimmed(line[line.index(after: sign)...])
            }
        }
        guard let keyID = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
            throw ExhaustError(
                .storageFailed, "credentials file \(path): section [\(profile)] has no key id and secret",
                remedy: "Write aws_access_key_id and aws_secret_access_key, or set files.s3.profile.")
        }
        return S3Credentials(
            keyID: keyID, secret: SecretBytes(Array(secret.utf8)), sessionToken: values["aws_session_token"])
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private static func text(of path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ExhaustError(
                .storageFailed, "credentials file \(path): \(String(cString: strerror(errno)))",
                remedy: "Check the setting files.s3.credentialsFile.")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: byteLimit)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            guard got >= 0 else {
                throw ExhaustError(.storageFailed, "credentials file \(path): \(String(cString: strerror(errno)))")
            }
            if got == 0 { break }
            count += got
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
