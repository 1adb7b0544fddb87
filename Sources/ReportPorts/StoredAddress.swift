/// What `download_urls` of a shared job table may hold: paths of ours, and whole addresses that other programs wrote.
public enum StoredAddress {
    /// Parts in front of the object's key, by scheme. Only a scheme at the start counts (design.md 9, mends upstream.md 2.14,
    /// 24): `https://host/container/key`, `wasb://container@account/key`, `s3a://bucket/key`.
    private static let parts: [(scheme: String, count: Int)] = [
        ("https://", 4), ("http://", 4), ("wasbs://", 3), ("wasb://", 3), ("abfss://", 3), ("abfs://", 3),
        ("s3a://", 3),
        ("s3n://", 3), ("s3://", 3), ("gs://", 3),
    ]

    /// The key of the object within its store; nil if the address names none.
    public static func key(of address: String) -> String? {
        let text = address.lowercased()
        let dropped = parts.first { text.hasPrefix($0.scheme) }?.count ?? 0
        let segments = address.split(separator: "/", omittingEmptySubsequences: false).dropFirst(dropped)
        let key = segments.joined(separator: "/")
        let start = key.hasPrefix("/") ? String(key.dropFirst()) : key
        return start.isEmpty ? nil : start
    }
}
