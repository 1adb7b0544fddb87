extension CSVRows {
    /// JSON as upstream makes it fit for a cell (upstream.md 5.5): without the pairs backslash and n, then without any
    /// backslash, and with apostrophes for quotes.
    mutating func sanitisedJSON(_ json: UnsafeRawBufferPointer) {
        let backslash = UInt8(ascii: "\\")
        let sanitised = [UInt8](unsafeUninitializedCapacity: json.count) { output, count in
            var index = 0
            while index < json.count {
                let byte = json[index]
                index += 1
                if byte == backslash {
                    if index < json.count, json[index] == UInt8(ascii: "n") { index += 1 }
                    continue
                }
                output[count] = byte == UInt8(ascii: "\"") ? UInt8(ascii: "'") : byte
                count += 1
            }
        }
        text(sanitised)
    }
}
