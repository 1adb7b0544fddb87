import CLinux

/// How the C library keeps freed memory. By itself it keeps heaps for each thread and, after the first large piece is freed,
/// takes large pieces from them too; a run of 200,000 learners then holds 40 MiB more at its peak, and keeps it.
enum MemoryHabits {
    /// Heaps that threads share.
    private static let heaps: Int32 = 2
    /// Pieces of so many bytes are taken from the system, and given back to it when they are freed.
    private static let largePiece: Int32 = 256 << 10

    /// For commands that make reports and serve nobody: threads of a server would wait for each other's heap.
    static func adopt() {
        mallopt(M_ARENA_MAX, heaps)
        mallopt(M_MMAP_THRESHOLD, largePiece)
        mallopt(M_TRIM_THRESHOLD, largePiece)
    }
}
