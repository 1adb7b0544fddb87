extension TestService {
    /// Redis: HOST:PORT.
    public static let redis = TestService(name: "redis", variable: "EXHAUST_TEST_REDIS")
    /// A bucket that verifies signatures: its address. Key id `exhaust-test`, secret `exhaust-secret`.
    public static let rclone = TestService(name: "rclone", variable: "EXHAUST_TEST_S3")
    /// A bucket that behaves as AWS does but verifies nothing: its address.
    public static let moto = TestService(name: "moto", variable: "EXHAUST_TEST_MOTO")
}
