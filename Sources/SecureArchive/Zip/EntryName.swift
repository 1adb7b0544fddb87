internal import ReportModel

/// What an entry may be called: a relative path that is safe to write on any system.
enum EntryName {
    static let longestByteCount = 1024
    static let longestComponentByteCount = 255

    /// Throws unless the name is safe; `shown` is how the error names it, as the name itself may be hostile.
    static func check(_ name: some Collection<UInt8>, _ shown: String) throws(ExhaustError) {
        func refusal(_ why: String) -> ExhaustError {
            ExhaustError(.refused, "\(shown): \(why)", remedy: "Use a plain relative name.")
        }
        guard !name.isEmpty, name.count <= longestByteCount else {
            throw refusal("its name has \(name.count) bytes instead of 1 to \(longestByteCount)")
        }
        // U+0080 to U+009F are controls too, and some terminals obey them.
        let hasLateControl = zip(name, name.dropFirst()).contains { $0 == 0xC2 && (0x80...0x9F).contains($1) }
        guard !hasLateControl, !name.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
            throw refusal("its name holds a control character or a backslash")
        }
        let second = name.dropFirst().first
        guard name.first != UInt8(ascii: "/"), !(second == UInt8(ascii: ":") && isLetter(name.first)) else {
            throw refusal("its name is an absolute path")
        }
        for component in name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !component.isEmpty, !component.elementsEqual(".".utf8), !component.elementsEqual("..".utf8) else {
                throw refusal("its name has an empty, . or .. component")
            }
            guard component.count <= longestComponentByteCount else {
                throw refusal("its name has a component over \(longestComponentByteCount) bytes")
            }
        }
    }

    private static func isLetter(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

/// The names of one archive: each once, and none that is also the folder of another.
struct EntryNames {
    private var names: Set<String> = []
    private var folders: Set<String> = []

    mutating func insert(_ name: String) throws(ExhaustError) {
        guard !folders.contains(name), names.insert(name).inserted else { throw refusal }
        guard name.utf8.contains(UInt8(ascii: "/")) else { return }
        var folder = name.split(separator: "/").dropLast()
        while !folder.isEmpty {
            let path = folder.joined(separator: "/")
            guard !names.contains(path) else { throw refusal }
            if !folders.insert(path).inserted { break }
            folder.removeLast()
        }
    }

    private var refusal: ExhaustError {
        ExhaustError(.refused, "archive: two entries of one name", remedy: "Give each entry a name of its own.")
    }
}
