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
        if learners.store == .cassandra {
            if cassandra.contactPoints.isEmpty {
                throw missing("cassandra.contactPoints", "learners.store is cassandra")
            }
            for (name, text) in cassandra.names where !Self.isPlainName(text) {
                throw ExhaustError(
                    .invalidInput, "setting \(name): \(text) is no name of a keyspace or table",
                    remedy: "Use letters, digits and underscores.", mender: .operator)
            }
            if cassandra.usesTLS, cassandra.verifies, cassandra.authorities.isEmpty {
                throw missing("cassandra.tls.authorities", "cassandra.tls is on")
            }
            if cassandra.certificate.isEmpty != cassandra.certificateKey.isEmpty {
                throw missing(
                    cassandra.certificate.isEmpty ? "cassandra.tls.certificate" : "cassandra.tls.key",
                    "the other of the two is set")
            }
        }
        if archive.store == .folder, archive.folder.isEmpty {
            throw missing("archive.folder", "archive.store is folder")
        }
        if archive.store == .s3, archive.bucket.isEmpty, bucket.bucket.isEmpty {
            throw missing("archive.bucket", "archive.store is s3")
        }
        if profiles.source == .redis, profiles.host.isEmpty {
            throw missing("profiles.redis.host", "profiles.source is redis")
        }
    }

    /// Names go into queries as they are.
    private static func isPlainName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 48
            && text.utf8.allSatisfy { $0 == 0x5F || $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 }
    }
}
