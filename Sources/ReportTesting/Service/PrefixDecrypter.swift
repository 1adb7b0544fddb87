public import ReportRows

/// Stands for the platform's cipher: what begins with `enc:` decrypts to the rest, everything else is broken.
public struct PrefixDecrypter: PersonalDataDecrypter {
    /// A decrypter.
    public init() {}

    /// As `PersonalDataDecrypter.decrypt`.
    public func decrypt(_ stored: UnsafeRawBufferPointer, into plain: inout [UInt8]) -> Bool {
        guard stored.starts(with: Array("enc:".utf8)) else { return false }
        plain += stored.dropFirst(4)
        return true
    }
}
