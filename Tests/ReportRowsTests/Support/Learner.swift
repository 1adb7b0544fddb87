import ReportModel

/// One learner of a test, with everything that the sources would say of them.
struct Learner {
    var id: String
    var isActive = true
    var enrolledOn: String? = "2020-08-25T13:45:54.150Z"
    var enrolledText: String?
    var completedOn: String?
    var hasCertificate = false
    var certificateStatus: Int32?
    var contentStatus: [(content: String, status: Int32)] = []
    var profile: [ProfileField: String]?
    var aggregates: [(activity: String, completedCount: Double?, timeSpent: Double?)] = []
    var attempts: [Attempt] = []
    var consent: Consent?

    init(_ id: String, profile: [ProfileField: String]? = [:], _ change: (inout Learner) -> Void = { _ in }) {
        self.id = id
        self.profile = profile
        change(&self)
    }
}

/// One attempt of a test.
struct Attempt {
    var content: String
    var id: String
    var on: String?
    var score: Double?
    var maximum: Double?
    var grandTotal: String?
    var duration: Double?
    var questions: [Question] = []
    var isArchived = false

    init(
        _ content: String, _ id: String, on: String? = nil, score: Double? = nil, of maximum: Double? = nil,
        grandTotal: String? = nil, duration: Double? = nil, questions: [Question] = []
    ) {
        self.content = content
        self.id = id
        self.on = on
        self.score = score
        self.maximum = maximum
        self.grandTotal = grandTotal
        self.duration = duration
        self.questions = questions
    }
}

/// One question of a test.
struct Question {
    var id: String?
    var type: String?
    var title: String?
    var description: String?
    var duration: Double?
    var score: Double?
    var maximum: Double?
    var options: String? = "[]"
    var response: String? = "[]"

    init(_ id: String?, _ change: (inout Question) -> Void = { _ in }) {
        self.id = id
        change(&self)
    }
}

/// One learner's answer about consent.
struct Consent {
    var status: String?
    var expiry: String?
    var updatedOn: String?

    init(_ status: String?, expiry: String? = nil, updatedOn: String? = nil) {
        self.status = status
        self.expiry = expiry
        self.updatedOn = updatedOn
    }
}
