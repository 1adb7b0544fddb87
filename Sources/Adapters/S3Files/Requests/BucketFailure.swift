import HTTPClient
import ReportModel

extension Bucket {
    /// What the store's refusal means. Its own words are not repeated but for the code: some quote what was sent.
    func failure(_ answer: WebAnswer, _ subject: String) -> ExhaustError {
        let code = Self.code(answer)
        let what = "bucket \(options.bucket), \(subject)"
        func refused(_ why: String, _ remedy: String) -> ExhaustError {
            ExhaustError(.storageFailed, "\(what): \(why)", remedy: remedy)
        }
        switch (answer.status, code) {
        case (_, "NoSuchBucket"): return refused("there is no such bucket", "Make it, or set files.s3.bucket.")
        case (404, _): return ExhaustError(.notFound, "\(what): there is none")
        case (_, "RequestTimeTooSkewed"), (_, "RequestExpired"):
            return refused("the clocks differ too much (\(code))", "Set this machine's clock.")
        case (_, "InvalidAccessKeyId"), (_, "SignatureDoesNotMatch"), (_, "InvalidToken"), (_, "ExpiredToken"):
            return refused(
                "the credentials do not fit (\(code))", "Check files.s3.keyID, its secret, and files.s3.region.")
        case (301, _), (307, _), (_, "AuthorizationHeaderMalformed"), (_, "PermanentRedirect"):
            return refused("the bucket is in another region", "Set files.s3.region and files.s3.endpoint.")
        case (401, _), (403, _):
            return refused(
                "access is denied (\(code))",
                "Allow s3:GetObject, PutObject, DeleteObject, AbortMultipartUpload, ListMultipartUploadParts, ListBucket and "
                    + "ListBucketMultipartUploads, or mend the credentials."
            )
        case (412, _):
            return ExhaustError(.conflict, "\(what): it was replaced meanwhile", remedy: "Begin again.")
        case (408, _), (429, _), (500..., _):
            return ExhaustError(
                .unavailable, "\(what): the store is in trouble (\(answer.status) \(code))",
                remedy: "Check the store's state.")
        default:
            return refused("the store refuses (\(answer.status) \(code))", "Check the settings files.s3.")
        }
    }

    /// The store's code for what went wrong; an answer to HEAD has none.
    static func code(_ answer: WebAnswer) -> String {
        let code: String
        do { code = try XMLElement(parsing: answer.body).first("Code") ?? "" } catch { code = "" }
        return String(code.unicodeScalars.prefix(64).filter { $0.isASCII && $0.properties.isAlphabetic })
    }
}
