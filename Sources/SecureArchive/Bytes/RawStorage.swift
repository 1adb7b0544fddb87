internal import Glibc

/// Memory of a fixed size with one owner, for the buffers that C code fills; may cross tasks as nobody else has it.
struct RawStorage: ~Copyable, @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    init(count: Int, alignment: Int = 64) {
        bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: alignment)
        // What the standard library offers for this takes a third of the time of a small archive where it is not
        // optimised, as in tests.
        if let start = bytes.baseAddress { memset(start, 0, count) }
    }

    deinit { bytes.deallocate() }
}
