/// Values by name for at most so many names. Of more, those that were not used longest are forgotten, half a table at a
/// time, so that keeping it bounded costs nothing a call.
struct GenerationTable<Value> {
    private var recent: [String: Value] = [:]
    private var older: [String: Value] = [:]
    private let half: Int

    init(names: Int) { half = max(1, names / 2) }

    /// The value of a name; setting it makes the name a recent one.
    subscript(_ name: String) -> Value? {
        get { recent[name] ?? older[name] }
        set {
            guard let newValue else {
                recent[name] = nil
                older[name] = nil
                return
            }
            recent[name] = newValue
            guard recent.count >= half else { return }
            older = recent
            recent = [:]
        }
    }

    /// How many names are remembered.
    var count: Int { recent.count + older.keys.count { recent[$0] == nil } }

    mutating func removeAll() {
        recent = [:]
        older = [:]
    }
}
