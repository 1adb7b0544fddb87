import ReportModel

extension CSVRows {
    /// The first element of a JSON list of texts, or the text as it is if it is no such list (upstream.md 5.3,
    /// Declared Board).
    mutating func firstElement(ofJSONList list: UnsafeRawBufferPointer) {
        if let element = onlyPlainElement(ofJSONList: list) { return text(element) }
        guard list.contains(UInt8(ascii: "[")) else { return text(list) }
        do {
            guard let element = try JSONValue(parsing: list).elements?.first?.text else { return text(list) }
            text(element)
        } catch {
            // Text that is no JSON is a value of its own here, not a fault: upstream shows it as it is.
            text(list)
        }
    }
}

/// `CBSE` of `["CBSE"]`, which nearly all lists are like; nil for a list that has to be parsed.
private func onlyPlainElement(ofJSONList list: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let count = list.count
    guard count >= 4, list[0] == UInt8(ascii: "["), list[1] == UInt8(ascii: "\""),
        list[count - 2] == UInt8(ascii: "\""),
        list[count - 1] == UInt8(ascii: "]")
    else { return nil }
    let element = UnsafeRawBufferPointer(rebasing: list[2..<count - 2])
    let isPlain = element.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    return isPlain ? element : nil
}
