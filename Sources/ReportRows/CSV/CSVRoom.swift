/// Memory that rows are written into. A writer keeps it from one page to the next: of new memory every 4 KiB cost a page fault.
///
/// Unchecked: whoever writes into it holds it alone, as `CSVWriter.open()` sees to.
final class CSVRoom: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    /// Bytes.
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }
}
