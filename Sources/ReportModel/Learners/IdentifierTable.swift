/// Identifiers numbered from 0 in the order in which they came, found again by their bytes without making a `String`.
///
/// An open-addressing table: for look-ups of contents and collections on the hot path.
public struct IdentifierTable: Sendable {
    /// The bytes of all identifiers.
    public private(set) var arena = ByteArena()
    /// The identifiers by number; they address `arena`.
    public private(set) var identifiers: [TextSlice] = []
    /// High half: high half of the hash. Low half: number + 1. Zero is an empty slot.
    private var slots: [UInt64]

    /// An empty table.
    public init() { slots = [UInt64](repeating: 0, count: 16) }

    /// A table of `identifiers`, each at its first position.
    public init(_ identifiers: some Sequence<String>) {
        self.init()
        for identifier in identifiers { insert(identifier) }
    }

    /// How many identifiers it holds.
    public var count: Int { identifiers.count }

    /// The number of `identifier`; nil if it is not there.
    public func index(of identifier: UnsafeRawBufferPointer) -> Int? {
        let hash = hashOfBytes(identifier)
        let mask = slots.count - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots[position]
            if slot == 0 { return nil }
            if slot >> 32 == hash >> 32 {
                let number = Int(slot & 0xFFFF_FFFF) - 1
                if arena.withBytes(of: identifiers[number], { equalBytes($0, identifier) }) { return number }
            }
            position = (position + 1) & mask
        }
    }

    /// The number of the identifier that is `slice` of `arena`; nil if it is not there.
    @inlinable
    public func index(of slice: TextSlice, in arena: ByteArena) -> Int? {
        arena.withBytes(of: slice) { index(of: $0) }
    }

    /// The number of `identifier`; nil if it is not there. For code that is not on the hot path.
    public func index(of identifier: String) -> Int? {
        var identifier = identifier
        return identifier.withUTF8 { index(of: UnsafeRawBufferPointer($0)) }
    }

    /// Adds `identifier` unless it is there; `isNew` says which.
    @discardableResult
    public mutating func insert(_ identifier: UnsafeRawBufferPointer) -> (index: Int, isNew: Bool) {
        if let known = index(of: identifier) { return (known, false) }
        if identifiers.count * 4 >= slots.count * 3 { grow() }
        identifiers.append(arena.append(identifier))
        place(identifiers.count - 1, hash: hashOfBytes(identifier))
        return (identifiers.count - 1, true)
    }

    /// Adds `identifier` unless it is there; `isNew` says which. For code that is not on the hot path.
    @discardableResult
    public mutating func insert(_ identifier: String) -> (index: Int, isNew: Bool) {
        var identifier = identifier
        return identifier.withUTF8 { insert(UnsafeRawBufferPointer($0)) }
    }

    /// The identifier of that number as text.
    public func text(at index: Int) -> String { arena.text(identifiers[index]) }

    /// Forgets all identifiers, and keeps room for about as many.
    public mutating func removeAll() {
        if identifiers.isEmpty { return }
        arena.removeAll()
        identifiers.removeAll(keepingCapacity: true)
        for position in slots.indices { slots[position] = 0 }
    }

    private mutating func place(_ number: Int, hash: UInt64) {
        let mask = slots.count - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while slots[position] != 0 { position = (position + 1) & mask }
        slots[position] = hash & ~0xFFFF_FFFF | UInt64(number + 1)
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: slots.count * 2)
        for number in identifiers.indices {
            place(number, hash: arena.withBytes(of: identifiers[number], hashOfBytes))
        }
    }
}
