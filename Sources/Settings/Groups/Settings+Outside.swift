import ReportModel

extension Settings {
    /// Stores outside that are chosen and not named.
    func checkOutside() throws {
        func missing(_ name: String, _ why: String) -> ExhaustError {
            ExhaustError(
                .invalidInput, "setting \(name): it is empty, but \(why)", remedy: "Set it.", mender: .operator)
        }
        if bucket.isUsed, bucket.bucket.isEmpty {
            throw missing("files.s3.bucket", "files.store or parts.store is s3")
        }
        if bucket.keyID.isEmpty != bucket.secret.isEmpty {
            throw missing(bucket.keyID.isEmpty ? "files.s3.keyID" : "files.s3.secret", "the other of the two is set")
        }
        if profiles.source == .redis, profiles.host.isEmpty {
            throw missing("profiles.redis.host", "profiles.source is redis")
        }
    }
}
