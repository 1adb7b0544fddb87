/// Rules of the reports that settings change; names and defaults are upstream's where it has them (upstream.md 8.1).
public struct ReportRules: Sendable, Hashable {
    /// `progress.nestedDepth`: how deep nested collections get a column of their own; 0 is none.
    public var nestedDepth: Int
    /// `assessment.metrics.supported.contentType`; empty switches the check off.
    public var assessmentContentTypes: [String]
    /// `assessment.metrics.supported.objectType`; empty means the default.
    public var assessmentObjectTypes: [String]
    /// `assessment.metrics.supported.primaryCategories`; empty switches the check off.
    public var assessmentPrimaryCategories: [String]
    /// `assessment.metrics.bestscore.report`: the best attempt counts, else the latest.
    public var bestScore: Bool
    /// `certificate.failedStatus`: values of `certstatus` that mean that issuing failed.
    public var certificateFailedStatuses: Set<Int32>

    /// Rules with the defaults of the settings.
    public init(
        nestedDepth: Int = 1, assessmentContentTypes: [String] = ["SelfAssess"],
        assessmentObjectTypes: [String] = ["QuestionSet"],
        assessmentPrimaryCategories: [String] = ["Practice Question Set"], bestScore: Bool = true,
        certificateFailedStatuses: Set<Int32> = []
    ) {
        self.nestedDepth = nestedDepth
        self.assessmentContentTypes = assessmentContentTypes
        self.assessmentObjectTypes = assessmentObjectTypes
        self.assessmentPrimaryCategories = assessmentPrimaryCategories
        self.bestScore = bestScore
        self.certificateFailedStatuses = certificateFailedStatuses
    }
}
