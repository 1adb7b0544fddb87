import Glibc
public import ReportModel

/// One file of the sample.
public enum SampleFile: String, Sendable, CaseIterable {
    case systemSettings = "system_settings"
    case organisation
    case tenantPreference = "tenant_preference"
    case consumerChannel = "consumer_channel"
    case content
    case contentHierarchy = "content_hierarchy"
    case courseBatch = "course_batch"
    case user
    case userConsent = "user_consent"
    case userEnrolments = "user_enrolments"
    case userActivityAgg = "user_activity_agg"
    case assessmentAggregator = "assessment_aggregator"
    case assessmentArchive = "assessment_archive"
}

/// Makes the data of a course that never was, in the form that `exhaust import` reads (design.md 5): with every special case
/// of design.md 6, at the rates that `SampleLearner` names.
public struct SampleData: Sendable {
    /// The batch that all learners are enrolled in.
    public static let batch = BatchKey(collection: SampleCourse.course, batch: SampleCourse.batch)
    /// The organisation that the course and most learners belong to.
    public static let organisation = SampleCourse.organisation

    let options: SampleOptions
    let course: SampleCourse
    let texts = SampleTexts()
    let encrypt: @Sendable (String) -> String

    /// A sample. `encrypt` turns a plain e-mail address or telephone number into what the user cache holds (upstream.md 5.8).
    public init(_ options: SampleOptions, encrypt: @escaping @Sendable (String) -> String) {
        self.options = options
        self.encrypt = encrypt
        course = SampleCourse(units: options.units)
    }

    /// Writes all files, one after the other; answers how many rows each has. Blocks, as `write(_:to:progress:)`.
    public func write(to folder: String) throws(ExhaustError) -> [SampleFile: Int] {
        var rows: [SampleFile: Int] = [:]
        for file in SampleFile.allCases { rows[file] = try write(file, to: folder) }
        return rows
    }

    /// Writes one file into `folder`, which is made if it is not there, in place of an older one; answers its rows.
    /// Files do not depend on each other, so several may be written at once. Blocks, for seconds with a million learners.
    /// `progress` is told the learners done. Throws `storageFailed`.
    @discardableResult
    public func write(
        _ file: SampleFile, to folder: String, progress: (Int) -> Void = { _ in }
    ) throws(ExhaustError) -> Int {
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw ExhaustError(
                .storageFailed, "sample data \(folder): \(String(cString: strerror(errno)))",
                remedy: "Name a folder that can be made.")
        }
        let base = "\(folder)/\(file.rawValue).jsonl"
        // An import refuses a table that is there in both forms.
        unlink(options.isCompressed ? base : base + ".gz")
        let output = try SampleFileWriter(path: options.isCompressed ? base + ".gz" : base)
        var lines = JSONLines()
        var rows = 0
        switch file {
        case .user, .userConsent, .userEnrolments, .userActivityAgg, .assessmentAggregator, .assessmentArchive:
            for index in 0..<options.learners {
                let learner = SampleLearner(index, options, leaves: course.leaves.count)
                rows += add(learner, of: file, to: &lines)
                guard lines.bytes.count >= Self.blockBytes else { continue }
                try output.write(lines.bytes, isLast: false)
                lines.removeAll()
                progress(index + 1)
            }
        default: rows = addCatalogue(file, to: &lines)
        }
        try output.write(lines.bytes, isLast: true)
        progress(options.learners)
        return rows
    }

    private static let blockBytes = 1 << 20

    /// The rows of a learner in a file; answers how many.
    private func add(_ learner: SampleLearner, of file: SampleFile, to lines: inout JSONLines) -> Int {
        switch file {
        case .user: addProfile(learner, to: &lines)
        case .userConsent: addConsent(learner, to: &lines)
        case .userEnrolments: addEnrolments(learner, to: &lines)
        case .userActivityAgg: addAggregates(learner, to: &lines)
        case .assessmentAggregator: addAttempts(learner, to: &lines)
        case .assessmentArchive: addArchived(learner, to: &lines)
        default: 0
        }
    }
}
