public import ReportAPI

/// The routes of the web page: static assets, open to anybody.
public enum PageRoutes {
    /// All of them.
    public static let all: [Route] = []
}
