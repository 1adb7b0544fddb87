/// Names and questions of the sample, with all that a report has to survive: several scripts, commas, quotes, line ends,
/// and texts that a spreadsheet would run as a formula.
struct SampleTexts {
    /// Each as JSON, quotes included.
    let firstNames: [[UInt8]]
    let lastNames: [[UInt8]]
    let oddNames: [[UInt8]]
    let states: [[UInt8]]
    let districts: [[UInt8]]
    let schools: [[UInt8]]
    let titles: [[UInt8]]
    let answers: [[UInt8]]

    init() {
        firstNames = Self.json([
            "Asha", "Ravi", "Meera", "John", "Zoë", "Siân", "आशा", "रवि", "மீனா", "குமார்", "রহিম", "సీత", "ಗೀತಾ", "മീര",
            "فاطمة", "محمد", "小明", "美咲", "Анна", "Иван", "Ελένη", "Nguyễn", "Çağla", "Łukasz",
        ])
        lastNames = Self.json([
            "Rao", "Sharma", "O'Brien", "van der Berg", "García Márquez", "Müller-Lüdenscheidt", "वर्मा", "சுப்பிரமணியம்",
            "চৌধুরী", "الأنصاري", "王", "山田", "Петрова", "Παπαδοπούλου", "Þórsdóttir", "Nguyễn Thị", "İnönü", "Dvořák",
        ])
        oddNames = Self.json([
            "Rao, Asha", "Asha \"Bunny\"", "=HYPERLINK(\"http://example.org\")", "+1+2", "-Asha", "@asha", "\tAsha",
            "＝1+1", "Asha\nRao", "  Asha ", "back\\slash", "'Asha", "王, 小明", "👩‍🎓 Mina", "\r\nAsha", "null", "a;b|c",
        ])
        states = Self.json(["Karnataka", "Tamil Nadu", "महाराष्ट्र", "Assam", "Bihar, north", "Kerala"])
        districts = Self.json(["Mysuru", "Chennai", "पुणे", "Kamrup (M)", "\"Patna\"", "Ernakulam", "Udupi", "Gaya"])
        schools = Self.json(["Government School No. 7", "St. Mary's, Udupi", "विद्यालय", "[unnamed]", "=School"])
        titles = Self.json([
            "What is 2 + 2?", "Which one is \"blue\", and why?", "=SUM(1,2) gives", "Choose:\nline one\nline two",
            "\\frac{1}{2} + \\frac{1}{4}", "सही उत्तर चुनें", "水は何度で沸騰しますか", "-5 is larger than -7",
            "<b>Bold</b> &amp; plain",
        ])
        answers = Self.json([
            "{\"text\":\"4\"}", "{\"text\":\"blue, \\\"sky\\\"\"}", "{\"text\":\"कखग\"}", "{\"text\":\"=1\"}",
        ])
    }

    private static func json(_ texts: [String]) -> [[UInt8]] {
        texts.map { text in
            var lines = JSONLines()
            lines.text(text)
            return lines.bytes
        }
    }
}
