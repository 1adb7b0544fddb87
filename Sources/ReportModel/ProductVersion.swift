/// The version of this program.
public enum ProductVersion {
    /// Semantic version; CHANGELOG.md tells what each one brought.
    public static let current = "0.1.0"
}
