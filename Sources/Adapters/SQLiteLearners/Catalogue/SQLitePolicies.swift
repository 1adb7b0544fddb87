import Glibc
public import ReportModel
public import ReportPorts
import SQLiteAccess

extension SQLiteCatalogue: PolicySource {
    /// From `tenant_preference`, as `PolicySource` says.
    public func level(of organisation: String, report: String) async throws -> SecurityLevel? {
        let stored = try await read { (database) -> String? in
            for owner in [organisation, "default"] {
                let data = try database.with(
                    "SELECT data FROM tenant_preference WHERE orgid = ?1 AND key = 'dataSecurityPolicy'"
                ) { row in
                    try row.bind(1, owner)
                    return try row.step() ? row.text(0) : nil
                }
                if let data { return data }
            }
            return nil
        }
        guard let stored else { return nil }
        let policy = try Database.json(stored, "tenant_preference", "data")
        return try SecurityLevel(policy: policy, of: organisation, report: report)
    }

    /// From `organisation.keys.exhaustEncryptionKey`: a PEM text, a `file://` address, or a path, relative to the data folder.
    /// Throws `refused` for an address elsewhere, `storageFailed` if the file cannot be read, `dataDamaged` if it holds no key.
    public func publicKey(of organisation: String) async throws -> [UInt8]? {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        return try await read { database in
            let keys = try database.with("SELECT keys FROM organisation WHERE id = ?1") { row in
                try row.bind(1, organisation)
                return try row.step() ? row.text(0) : nil
            }
            guard let keys else { return nil }
            let entry = try Database.json(keys, "organisation", "keys")["exhaustEncryptionKey"]
            guard let place = entry?.elements?.first?.text ?? entry?.text, !place.isEmpty else { return nil }
            return try OrganisationKey(organisation: organisation).read(place, folder: folder)
        }
    }
}

/// The public key of an organisation, which its row names in one of several ways.
private struct OrganisationKey {
    /// A key file has a few hundred bytes.
    private static let byteLimit = 64 << 10

    let organisation: String

    /// The key from a PEM text, a `file://` address or a path; a relative one counts from `folder`.
    func read(_ place: String, folder: String) throws -> [UInt8] {
        if place.utf8.starts(with: "-----BEGIN".utf8) { return try checked(Array(place.utf8)) }
        if let scheme = place.range(of: "://"), place[..<scheme].lowercased() != "file" {
            throw failure(
                .refused, "it lies at \(place[..<scheme])://…, which the embedded store does not fetch",
                "Write the PEM text, or the path of a PEM file, into exhaustEncryptionKey.")
        }
        var path = place.hasPrefix("file://") ? String(place.dropFirst(7)) : place
        if !path.hasPrefix("/") { path = folder + "/" + path }
        return try checked(try bytes(of: path))
    }

    private func bytes(of path: String) throws(ExhaustError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw failure(
                .storageFailed, "\(path): \(String(cString: strerror(errno)))", "Put the PEM file there.")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.byteLimit)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else {
            throw failure(.storageFailed, "\(path): \(String(cString: strerror(errno)))", "Check the PEM file.")
        }
        return Array(bytes[..<count])
    }

    /// Only what looks like a public key leaves here, whatever file the row names.
    private func checked(_ bytes: [UInt8]) throws(ExhaustError) -> [UInt8] {
        guard String(decoding: bytes, as: UTF8.self).contains("PUBLIC KEY-----") else {
            throw failure(.dataDamaged, "it is no PEM public key", "Set exhaustEncryptionKey to a PEM public key.")
        }
        return bytes
    }

    private func failure(_ code: ExhaustError.Code, _ why: String, _ remedy: String) -> ExhaustError {
        ExhaustError(code, "public key of organisation \(organisation): \(why)", remedy: remedy, mender: .operator)
    }
}

extension String {
    /// The start of `part`, if it is in the text.
    fileprivate func range(of part: String) -> String.Index? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(part) { return index }
            index = self.index(after: index)
        }
        return nil
    }
}
