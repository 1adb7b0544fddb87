public import SecureArchive

/// Who asks, and the secret that proves it.
public struct S3Credentials: Sendable {
    /// The key's id, which requests tell.
    public var keyID: String
    /// The secret, which they never do.
    public var secret: SecretBytes
    /// The token of temporary credentials.
    public var sessionToken: String?

    /// Credentials of the store.
    public init(keyID: String, secret: SecretBytes, sessionToken: String? = nil) {
        self.keyID = keyID
        self.secret = secret
        self.sessionToken = sessionToken
    }
}

/// Gives credentials for a request; may read a file that somebody renews. Throws if there are none.
public typealias S3CredentialSource = @Sendable () async throws -> S3Credentials
