import SealedSpool

/// The keys by which rows of learners are spooled.
enum SpoolKeys {
    static func start(_ group: UInt32) -> [UInt8] { SpoolKey(group: group).bytes }

    static func user(_ group: UInt32, _ user: [UInt8]) -> SpoolKey {
        var key = SpoolKey(group: group)
        key.append(text: user)
        return key
    }

    /// The second text of a key that has two; ids of activities and organisations hold no NUL. Empty without one.
    static func lastText(of key: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var index = 4
        while index + 1 < key.count, !(key[index] == 0 && key[index + 1] == 0) { index += key[index] == 0 ? 2 : 1 }
        guard index + 4 <= key.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: key[(index + 2)..<(key.count - 2)])
    }
}
