import SealedSpool

/// The keys by which rows of learners are spooled.
enum SpoolKeys {
    static func start(_ group: UInt32) -> [UInt8] { SpoolKey(group: group).bytes }

    static func user(_ group: UInt32, _ user: [UInt8]) -> SpoolKey {
        var key = SpoolKey(group: group)
        key.append(text: user)
        return key
    }
}
