import CPageAssets
import ReportModel
import SecureArchive

/// A file of the page, as the program carries it.
struct PageAsset: Sendable {
    /// Its path below the folder of assets, such as `page/main.js`.
    let name: String
    let bytes: [UInt8]
    /// The same under gzip; nil where that is no shorter.
    let zipped: [UInt8]?
    /// What its bytes are, for `Content-Type`.
    let type: String
    /// Changes with the bytes.
    let tag: String

    /// Nil if the name ends in nothing that browsers are told of.
    init?(name: String, bytes: [UInt8]) {
        guard let ending = name.split(separator: ".").last, let type = Self.types[String(ending)] else { return nil }
        self.name = name
        self.bytes = bytes
        self.type = type
        zipped = Self.zip(bytes)
        tag = Self.fingerprint(bytes)
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    /// All files, by name.
    static let all: [String: PageAsset] = {
        var found: [String: PageAsset] = [:]
        var index = 0
        while let raw = page_asset_at(index)?.pointee {
            index += 1
            let bytes = Array(UnsafeBufferPointer(start: raw.bytes, count: raw.count))
            guard let asset = PageAsset(name: String(cString: raw.name), bytes: bytes) else { continue }
            found[asset.name] = asset
        }
        let words = StillWords(script: found["texts/en.js"]?.bytes ?? [])
        for (name, asset) in found where name.hasSuffix(".html") {
            found[name] = PageAsset(name: name, bytes: words.fill(asset.bytes))
        }
        return found
    }()

    /// FNV-1a over 64 bits: enough to tell two builds apart; nothing depends on who could forge it.
    private static func fingerprint(_ bytes: [UInt8]) -> String {
        let value = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(value, radix: 16)
    }

    /// A member of RFC 1952: header, deflate, CRC, length.
    private static func zip(_ bytes: [UInt8]) -> [UInt8]? {
        do {
            var deflater = Deflater(level: .smallest)
            try deflater.append(bytes)
            let part = try deflater.finish()
            let lastBlock: [UInt8] = [3, 0]
            var zipped: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
            zipped += part.deflated + lastBlock
            for number in [part.summary.crc32, UInt32(truncatingIfNeeded: bytes.count)] {
                for shift in stride(from: 0, to: 32, by: 8) {
                    zipped.append(UInt8(truncatingIfNeeded: number >> shift))
                }
            }
            return zipped.count < bytes.count ? zipped : nil
        } catch {
            // Nothing is lost: the file is sent as it is.
            return nil
        }
    }
}
