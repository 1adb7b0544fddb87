import Glibc
import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import Testing

@testable import ReportPage

@Suite struct PageAssetTests {
    /// The folder in the source, found from this file.
    private static let folder =
        #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Sources/ReportPage/Assets"

    private static func text(_ name: String) throws -> String {
        String(decoding: try #require(PageAsset.all[name], "\(name)").bytes, as: UTF8.self)
    }

    private static func names(in folder: String, below prefix: String = "") throws -> [String] {
        let handle = try #require(opendir(folder))
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX)) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            var status = stat()
            guard stat("\(folder)/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                names += try Self.names(in: "\(folder)/\(name)", below: "\(prefix)\(name)/")
            } else {
                names.append(prefix + name)
            }
        }
        return names
    }

    private func get(_ path: String, _ fields: HTTPFields = [:]) async throws -> HTTPResponse {
        guard case .route(let route, let values) = RouteTable(PageRoutes.all).match(.get, path) else {
            throw ExhaustError(.notFound, "\(path): no route")
        }
        #expect(route.access == .open)
        let request = HTTPRequest(method: .get, path: path, fields: fields)
        return try await route.respond(
            APIRequest(http: request, parameters: values, caller: nil, bodyLimit: route.bodyLimit))
    }

    private func bytes(_ response: HTTPResponse) -> [UInt8] {
        if case .bytes(let bytes) = response.body { bytes } else { [] }
    }

    @Test func `the program carries every file of the folder, and no other`() throws {
        let names = try Self.names(in: Self.folder)
        #expect(names.count > 40 && Set(names) == Set(PageAsset.all.keys))
    }

    @Test func `whatever a file refers to is there`() throws {
        for (name, asset) in PageAsset.all {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            let folder = name.split(separator: "/").dropLast().joined(separator: "/")
            for reference in text.split(separator: "\"").map(String.init) {
                if reference.hasPrefix("/assets/") {
                    #expect(
                        PageAsset.all[String(reference.dropFirst("/assets/".count))] != nil, "\(name): \(reference)")
                } else if reference.hasPrefix("./"), reference.hasSuffix(".js") {
                    #expect(PageAsset.all["\(folder)/\(reference.dropFirst(2))"] != nil, "\(name): \(reference)")
                }
            }
        }
    }

    @Test func `each page announces its modules, so that they are fetched at once`() throws {
        let index = try Self.text("index.html")
        for name in PageAsset.all.keys where name.hasPrefix("page/") {
            #expect(index.contains("modulepreload\" href=\"/assets/\(name)\""), "\(name)")
        }
    }

    @Test func `nothing in the pages is inline or foreign`() throws {
        for name in ["index.html", "open.html"] {
            let text = try Self.text(name)
            for word in ["<style", " style=", " onclick", " onload", "http://", "https://", "<script>"] {
                #expect(!text.contains(word), "\(name): \(word)")
            }
        }
        for (name, asset) in PageAsset.all where name.hasSuffix(".js") {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "https://"] {
                #expect(!text.contains(word), "\(name): \(word)")
            }
        }
    }

    @Test(arguments: [
        ("/", "text/html; charset=utf-8"), ("/open", "text/html; charset=utf-8"), ("/favicon.ico", "image/svg+xml"),
        ("/assets/page/main.js", "text/javascript; charset=utf-8"),
        ("/assets/style/base.css", "text/css; charset=utf-8"),
    ])
    func `files have their type and the policy`(path: String, type: String) async throws {
        let answer = try await get(path)
        #expect(answer.status == 200 && answer.fields["Content-Type"] == type && !bytes(answer).isEmpty)
        let policy = try #require(answer.fields["Content-Security-Policy"])
        #expect(policy.hasPrefix("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"))
        #expect(
            !policy.contains("unsafe") && !policy.contains("*") && answer.fields["X-Content-Type-Options"] == "nosniff")
    }

    @Test(arguments: ["/assets/page/none.js", "/assets/page/..%2Findex.html", "/assets/..%2f..%2f/x", "/assets/%00/a"])
    func `what is not an asset is not found`(path: String) async throws {
        await #expect { try await get(path) } throws: { ($0 as? ExhaustError)?.code == .notFound }
    }

    @Test func `a browser that has the file is told so, under the coding that it has`() async throws {
        let plain = try await get("/")
        let tag = try #require(plain.fields["ETag"])
        for known in [tag, "\"x\", W/\(tag)", "*"] {
            let again = try await get("/", ["If-None-Match": known])
            #expect(again.status == 304 && bytes(again).isEmpty && again.fields["ETag"] == tag, "\(known)")
        }
        let other = try await get("/", ["If-None-Match": tag, "Accept-Encoding": "gzip"])
        #expect(other.status == 200 && other.fields["ETag"] != tag)
    }

    @Test(arguments: [("gzip", true), ("br, GZIP;q=0.5", true), ("gzip;q=0, br", false), ("identity", false)])
    func `gzip is sent to who takes it`(accepted: String, isZipped: Bool) async throws {
        let answer = try await get("/assets/texts/en.js", ["Accept-Encoding": accepted])
        #expect((answer.fields["Content-Encoding"] == "gzip") == isZipped && answer.fields["Vary"] == "Accept-Encoding")
        #expect(bytes(answer).starts(with: [0x1F, 0x8B]) == isZipped)
    }
}
