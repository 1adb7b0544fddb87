/// Numbers that look random and are the same everywhere (the SplitMix64 recipe).
struct SampleRandom {
    private var state: UInt64

    /// Numbers for one purpose of one learner: what one file needs does not depend on what another took.
    init(seed: UInt64, purpose: UInt64, index: Int) {
        state =
            seed &* 0xA076_1D64_78BD_642F ^ purpose &* 0xE703_7ED1_A0B4_28DB ^ UInt64(index) &* 0x8EBC_6AF0_9C88_C6E3
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// A number from 0 up to `bound`, not included.
    mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }
}

/// Chooses which learners are special, spread evenly: of a thousand learners in a row each slot is taken by one.
struct SampleSlots {
    private let step: Int
    private let offset: Int

    /// `step` must share no factor with 1000; each kind of special case has its own, so that cases meet by chance.
    init(step: Int, seed: UInt64) {
        self.step = step
        offset = (Int(seed % 1000) + step * step) % 1000
    }

    /// The slot of a learner, 0 to 999.
    func slot(_ learner: Int) -> Int { (learner % 1000 * step + offset) % 1000 }
}
