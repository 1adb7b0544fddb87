import JobLifecycle
import ReportModel
import ReportPorts
import SecureArchive
import Synchronization

/// The parts of one run in the part store: the key that they are sealed under, and the folder that they are in.
///
/// The name of the folder follows the key. So a worker that removes what belonged to an earlier key, or that comes late
/// with it, never touches the parts of a run under another one.
final class RunParts: Sendable {
    private let ports: ServicePorts
    private let master: MasterKey
    private let leased: LeasedRequest
    /// The key and the folder, once they are decided.
    private let current = Mutex<(key: SymmetricKey, folder: String)?>(nil)

    init(ports: ServicePorts, master: MasterKey, leased: LeasedRequest) {
        self.ports = ports
        self.master = master
        self.leased = leased
    }

    /// The name of the folder for parts under a key, which is known by its sealed form.
    static func folder(of request: JobRequest, sealedRunKey: [UInt8]) throws -> String {
        let digest = Hexadecimal.text(Array(try SHA256.hash(sealedRunKey).prefix(8)))
        return "\(FileNames.encoded(request.requestID))-\(digest)"
    }

    /// Takes the kept key if it opens and the data is still of the same version; else a new one, under which earlier
    /// parts are worth nothing. Throws `leaseLost`.
    func begin(dataVersion: String?) async throws {
        let request = leased.request
        if let sealed = leased.run.sealedRunKey {
            if leased.run.dataVersion == dataVersion, let key = try keptKey(sealed) {
                let folder = try Self.folder(of: request, sealedRunKey: sealed)
                return current.withLock { $0 = (key, folder) }
            }
            await remove()
        }
        let key = try SymmetricKey.random()
        let sealed = try master.seal(runKey: key, of: request.key)
        try await ports.jobs.update(leased.token, .began(dataVersion: dataVersion, sealedRunKey: sealed))
        let folder = try Self.folder(of: request, sealedRunKey: sealed)
        current.withLock { $0 = (key, folder) }
    }

    /// The parts of one batch, after `begin`.
    func vault(scope: String, batch: Int) throws(ExhaustError) -> PartVault {
        guard let (key, folder) = current.withLock({ $0 }) else {
            throw ExhaustError(.internalFault, "parts: the run has no key yet")
        }
        return PartVault(store: ports.parts, seal: PartSeal(key: key), run: folder, scope: scope, batch: batch)
    }

    /// Removes the parts, once nobody will resume the run; also those of an earlier attempt that left nothing to do.
    /// Parts that stay are swept later; they are no reason to fail.
    func remove() async {
        do {
            let earlier = try leased.run.sealedRunKey.map { try Self.folder(of: leased.request, sealedRunKey: $0) }
            if let folder = current.withLock({ $0?.folder }) ?? earlier {
                try await ports.parts.removeAll(run: folder)
            }
        } catch {
            ports.log.log(.warning, "parts-not-removed", [("error", .string(ExhaustError.wrap(error).message))])
        }
    }

    /// Nil if the key was sealed under another master key: that costs the parts, and nothing else.
    private func keptKey(_ sealed: [UInt8]) throws -> SymmetricKey? {
        do {
            return try master.runKey(sealed, of: leased.request.key)
        } catch let error as ExhaustError where error.code == .authenticationFailed {
            return nil
        }
    }
}
