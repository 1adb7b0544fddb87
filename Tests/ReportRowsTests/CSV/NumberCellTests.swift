import ReportModel
import Testing

@testable import ReportRows

@Suite struct NumberCellTests {
    private func written(_ fill: (inout CSVRows) -> Void) -> String {
        var rows = CSVRows(options: .init())
        fill(&rows)
        return String(decoding: rows.takeCells().dropLast(), as: UTF8.self)
    }

    @Test(
        arguments: [
            (7, "7"), (6.5, "6.5"), (0.00001, "0.00001"), (0, "0"), (-0.0, "0"), (-2.25, "-2.25"), (0.1 + 0.2, "0.3"),
            (1.0 / 3, "0.333333"), (2.0 / 3, "0.666667"), (0.0000004, "0"), (-0.0000004, "0"), (0.0000006, "0.000001"),
            (0.0078125, "0.007812"), (0.0234375, "0.023438"), (0.9999999, "1"), (9.9999996, "10"), (100, "100"),
            (1e10, "10000000000"),
            (1e15, "1000000000000000"), (1.5e22, "15000000000000000000000"),
            (123_456_789.123456789, "123456789.123457"),
            (9_999_999_999.1234567, "9999999999.123457"), (1e21, "1000000000000000000000"), (0.000001, "0.000001"),
            (2_251_799_813_685_249.5, "2251799813685249.5"), (.leastNonzeroMagnitude, "0"),
            (123_456_789_012.5, "123456789012.5"),
        ] as [(Double, String)])
    func `numbers have six decimals at most, their shortest form, and no exponent`(number: Double, expected: String) {
        #expect(written { $0.decimal(number) } == expected)
    }

    @Test func `random numbers with up to six decimals come out as they went in`() {
        var numbers = SeededNumbers(seed: 11)
        for _ in 0..<20_000 {
            let whole = Int.random(in: 0...999_999, using: &numbers)
            let decimals = Int.random(in: 0...6, using: &numbers)
            var fraction = (0..<decimals).map { _ in String(Int.random(in: 0...9, using: &numbers)) }.joined()
            while fraction.hasSuffix("0") { fraction.removeLast() }
            let text = fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)"
            guard let number = Double(text) else {
                Issue.record("\(text) is no number")
                return
            }
            if written({ $0.decimal(number) }) != text { Issue.record("\(text) came out wrong") }
        }
    }

    @Test func `random numbers stay within half a millionth`() throws {
        var numbers = SeededNumbers(seed: 12)
        for _ in 0..<20_000 {
            let number =
                Double(sign: .plus, exponent: Int.random(in: -24...40, using: &numbers), significand: 1)
                * Double.random(in: 1..<2, using: &numbers)
            let text = written { $0.decimal(number) }
            let back = try #require(Double(text))
            let decimals = text.split(separator: ".").dropFirst().first?.count ?? 0
            if abs(back - number) > 0.5e-6 + number.ulp || decimals > 6 || text.contains("e") {
                Issue.record("\(number) came out as \(text)")
            }
        }
    }

    @Test(
        arguments: [
            (1, "1.0"), (0.33, "0.33"), (1e10, "1.0E10"), (100, "100.0"), (0, "0.0"), (-0.0, "-0.0"), (0.001, "0.001"),
            (0.0001, "1.0E-4"), (0.00012345, "1.2345E-4"), (9_999_999, "9999999.0"), (1e7, "1.0E7"), (-2.5, "-2.5"),
            (12_345_678.9, "1.23456789E7"), (1.0 / 3, "0.3333333333333333"), (76, "76.0"),
            (0.1 + 0.2, "0.30000000000000004"), (1_234_567.125, "1234567.125"), (1e300, "1.0E300"),
        ] as [(Double, String)])
    func `doubles can be written as Java writes them`(number: Double, expected: String) {
        #expect(written { $0.javaDouble(number) } == expected)
    }

    @Test func `a number that is not there is an empty cell`() {
        #expect(written { $0.decimal(nil) } == "")
        #expect(written { $0.decimal(.nan) } == "")
        #expect(written { $0.javaDouble(nil) } == "")
        #expect(written { $0.percentText(.infinity) } == "")
    }

    @Test func `whole numbers and percentages`() {
        #expect(written { $0.integer(.min) } == "-9223372036854775808")
        #expect(written { $0.integer(.max) } == "9223372036854775807")
        #expect(written { $0.integer(0) } == "0")
        #expect(written { $0.percentText(32) } == "32%")
        #expect(written { $0.percentText(-33) } == "-33%")
        #expect(written { $0.percentText(-0.0) } == "0%")
    }

    @Test(arguments: [
        ("2020-08-25T13:45:54.150Z", "2020-08-25 13:45:54:150+0000", "2020-08-25 13:45:54.15", "25/08/2020"),
        ("2020-08-25T13:45:54Z", "2020-08-25 13:45:54:000+0000", "2020-08-25 13:45:54", "25/08/2020"),
        ("2020-02-29", "2020-02-29 00:00:00:000+0000", "2020-02-29 00:00:00", "29/02/2020"),
        ("1969-12-31T23:59:59.001Z", "1969-12-31 23:59:59:001+0000", "1969-12-31 23:59:59.001", "31/12/1969"),
        ("0099-01-02T03:04:05.100Z", "0099-01-02 03:04:05:100+0000", "0099-01-02 03:04:05.1", "02/01/0099"),
        ("2021-01-01T01:00:00+05:30", "2020-12-31 19:30:00:000+0000", "2020-12-31 19:30:00", "31/12/2020"),
    ])
    func `moments have their three forms`(text: String, documented: String, spark: String, day: String) throws {
        let time = try #require(Timestamp(text))
        #expect(written { $0.timestamp(time) } == documented)
        #expect(written { $0.sparkTimestamp(time) } == spark)
        #expect(written { $0.dayMonthYear(time) } == day)
        #expect(written { $0.timestamp(nil) } == "")
    }
}
