/// Memory of a fixed size with one owner, for the buffers that C code fills; may cross tasks as nobody else has it.
struct RawStorage: ~Copyable, @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    init(count: Int, alignment: Int = 64) {
        bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: alignment)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { bytes.deallocate() }
}
