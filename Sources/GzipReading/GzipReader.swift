import CISAL
public import ReportModel

/// Inflates a gzip file (RFC 1952), of one member or several. ISA-L and not zlib: the archive links it already, and it
/// inflates two to three times as fast.
public final class GzipReader {
    private let subject: String
    private let state: UnsafeMutablePointer<inflate_state>
    /// Whether a member has begun that has not ended.
    private var isInsideMember = false
    private var hasSeenMember = false
    /// What is to be inflated next; must stay where it is until it is used up.
    public var input = UnsafeRawBufferPointer(start: nil, count: 0)

    /// A reader; `subject` names the file in errors, such as `import of users.jsonl.gz`.
    public init(subject: String) {
        self.subject = subject
        state = .allocate(capacity: 1)
        begin()
    }

    deinit { state.deallocate() }

    /// Inflates to the front of `room` what fits; 0 if more input is needed.
    public func inflate(into room: UnsafeMutableRawBufferPointer) throws(ExhaustError) -> Int {
        while !input.isEmpty || isInsideMember {
            // igzip reads the input and never writes it; its C signature lacks the const.
            state.pointee.next_in = UnsafeMutablePointer(
                mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
            state.pointee.avail_in = UInt32(input.count)
            state.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            state.pointee.avail_out = UInt32(clamping: room.count)
            isInsideMember = true
            hasSeenMember = true
            let before = input.count
            let result = isal_inflate(state)
            guard result >= ISAL_DECOMP_OK else { throw damaged("it is damaged (igzip code \(result))") }
            let rest = Int(state.pointee.avail_in)
            input = UnsafeRawBufferPointer(rebasing: input[(before - rest)...])
            let count = min(room.count, Int(UInt32.max)) - Int(state.pointee.avail_out)
            let hasEnded = state.pointee.block_state == ISAL_BLOCK_FINISH
            if hasEnded { begin() }
            if count > 0 || (!hasEnded && rest == before) { return count }
        }
        return 0
    }

    /// Throws unless the file ended where a member did.
    public func finish() throws(ExhaustError) {
        if isInsideMember { throw damaged("it ends too early") }
        if !hasSeenMember { throw damaged("it is empty, not even a gzip header") }
    }

    private func begin() {
        isal_inflate_init(state)
        // Header and trailer are read too, and the check sum compared.
        state.pointee.crc_flag = UInt32(ISAL_GZIP)
        isInsideMember = false
    }

    private func damaged(_ why: String) -> ExhaustError {
        ExhaustError(.invalidInput, "\(subject): \(why)", remedy: "Copy or make the file again.")
    }
}
