"""The oracle's own tests: vectors of the documents, numbers, dates, CSV forms. Run `python3 -m unittest`."""

import unittest

from exhaust_oracle import aes
from exhaust_oracle.csvtext import CSVSyntaxError, CSVText, read_csv
from exhaust_oracle.difference import first_difference
from exhaust_oracle.personal import NotDecrypted, decrypt, encrypt
from exhaust_oracle.settings import Settings, SettingsError
from exhaust_oracle.sunbird import _single, grand_total_percent, sanitised_json
from exhaust_oracle.values import (
    Typed, documented_timestamp, java_double_text, number_text, parse_timestamp, rounded_half_up, sunbird_attempt_time,
    sunbird_date, sunbird_date_of_text,
)

PHONE = "U5qMYICHXVwsPdH4BWsGG1jwYGqxpp68TVdK3og7vwsFHNabKy+VCP0g83xYfg2kKk1oGrR8K2Gy"
EMAIL = "vZZqNTYu8oYrywT6e0dtCvNA/fqq1A6pTlLUP1X9zVfFIw9zdlYCfNsqlG2cz1qsrs1rSERCMQRm"
# upstream.md 5.8: plain text, stored form, whether that form is line-broken.
VECTORS = [
    ("9876543210", PHONE + "6dg7berO1UI7YW42PKBmhUEDE53vkr+9UG26FJhi/HuG4Wat95he", False),
    ("a.b@example.org", EMAIL + "ThUVo6mMzQjp/pY0itrd61MzG7TgJ6t3GUuuPkM4Gzi2kjVr0ylH", False),
    ("pass1234", "8CUhN/hCHeg4zDLct29V3J/BNE89ch5p2Arr9uuinUsX2mvZr1eDFR3kJRr6YwK7esMR9jsev+8qH7ZZA91h7A==", False),
    ("9876543210", PHONE + "\n6dg7berO1UI7YW42PKBmhUEDE53vkr/WGI4dP4Einowk7gdKbG0rTQtMGOn7lhkDdxs1iV8l8A==", True),
    ("a.b@example.org", EMAIL + "\nThUVo6mMzQjp/pY0itrd61MzG7TgJ6voDexaxtD9e2wf+tOyMrdXTQtMGOn7lhkDdxs1iV8l8A==", True),
]


class PersonalData(unittest.TestCase):
    def test_the_vectors_come_out_both_ways(self):
        for plain, stored, broken in VECTORS:
            self.assertEqual(encrypt(plain, "SunBird", broken), stored)
            self.assertEqual(decrypt(stored, "SunBird"), plain)

    def test_the_cipher_without_a_package_agrees(self):
        key, plain = bytes(range(16)), bytes(i * 17 % 256 for i in range(64))
        stored = aes.plain_ecb(key, plain, aes._encrypt_block)
        self.assertEqual(stored, aes.encrypt_ecb(key, plain))
        self.assertEqual(aes.plain_ecb(key, stored, aes._decrypt_block), plain)
        # FIPS 197, appendix C.1.
        block = aes.plain_ecb(key, bytes.fromhex("00112233445566778899aabbccddeeff"), aes._encrypt_block)
        self.assertEqual(block.hex(), "69c4e0d86a7b0430d8cdb78070b4c55a")

    def test_what_does_not_decrypt_is_an_error(self):
        stored = VECTORS[0][1]
        for value in ("a@example.org", stored[:-8], "B" + stored[1:], encrypt("x", "ALongerSalt")):
            with self.assertRaises(NotDecrypted):
                decrypt(value, "SunBird")

    def test_blank_and_surrounded_values(self):
        self.assertEqual(decrypt("", "SunBird"), "")
        self.assertEqual(decrypt(f" \n{VECTORS[0][1]}\n", "SunBird"), "9876543210")


class Numbers(unittest.TestCase):
    def test_documented_numbers(self):
        cases = [(7.0, "7"), (6.5, "6.5"), (0.00001, "0.00001"), (1e-7, "0"), (-1e-9, "0"), (1e21, "1" + "0" * 21)]
        cases += [(33.3333333333, "33.333333"), (0.1 + 0.2, "0.3"), (-1.5, "-1.5"), (0, "0"), (None, "")]
        for value, text in cases:
            self.assertEqual(number_text(value), text)

    def test_java_doubles(self):
        cases = [(1.0, "1.0"), (0.33, "0.33"), (1e10, "1.0E10"), (1e7, "1.0E7"), (9999999.0, "9999999.0")]
        cases += [(0.001, "0.001"), (0.0001, "1.0E-4"), (1.25e-5, "1.25E-5"), (-0.5, "-0.5"), (0.0, "0.0"), (None, "")]
        for value, text in cases:
            self.assertEqual(java_double_text(value), text)

    def test_durations_round_half_up(self):
        self.assertEqual([rounded_half_up(v) for v in (2.5, 1.5, 0.4, 0.25, 192.0)], ["3", "2", "0", "0", "192"])

    def test_sunbird_rounding_of_progress(self):
        # upstream.md 5.3, the worked figures.
        for done, leaves, percent in ((1, 3, 33), (1, 6, 17), (1, 8, 13), (5, 8, 63), (1, 200, 1), (3, 200, 2)):
            self.assertEqual(int(_single(_single(done / leaves) * 100) + 0.5), percent)

    def test_grand_totals(self):
        cases = [(" 1 / 3 ", "34%"), ("20", ""), ("3/0", ""), ("a/b", ""), ("150/100", "150%"), (None, "")]
        for text, percent in cases:
            self.assertEqual(grand_total_percent(text), percent)


class Moments(unittest.TestCase):
    def test_every_form_is_read(self):
        wanted = parse_timestamp("2020-08-25T13:45:54.150Z")
        forms = ["2020-08-25 13:45:54:150+0000", "2020-08-25 13:45:54.150", "2020-08-25T19:15:54.150+05:30", wanted]
        for form in forms:
            self.assertEqual(parse_timestamp(form), wanted)
        self.assertEqual(wanted, 1598363154150)
        for bad in ("soon", "", None, "2020-13-01", "2021-02-29", "2020-08-25 24:00:00"):
            self.assertIsNone(parse_timestamp(bad))

    def test_the_printed_forms(self):
        moment = parse_timestamp("1969-12-31T23:59:59.100Z")
        self.assertEqual(documented_timestamp(moment), "1969-12-31 23:59:59:100+0000")
        self.assertEqual(sunbird_date(moment), "31/12/1969")
        self.assertEqual(sunbird_attempt_time(moment), "1969-12-31 23:59:59.1")
        self.assertEqual(sunbird_attempt_time(moment, with_fraction=False), "1969-12-31 23:59:59")
        self.assertEqual(sunbird_date_of_text("2020-08-25T23:45:54-05:00"), "25/08/2020")
        self.assertEqual(sunbird_date_of_text("soon"), "")


class CSVForms(unittest.TestCase):
    def line(self, *cells, **settings):
        return CSVText(Settings({key.replace("_", "."): value for key, value in settings.items()})).line(cells)

    def test_spark_escapes(self):
        # upstream.md 5.1.2, the examples.
        cells = ["x", "DPS, MATHURA", 'say "hi"', "a\\b", "a\\b,c", "", "  ", " y ", "#c"]
        wanted = 'x,"DPS, MATHURA","say \\"hi\\"",a\\b,"a\\\\b,c","","",y,#c\n'
        self.assertEqual(self.line(*cells, csv_dialect="spark"), wanted)
        self.assertEqual(self.line("#c2", "#c2", csv_dialect="spark"), '"#c2",#c2\n')

    def test_rfc_4180_quotes_and_the_guard(self):
        self.assertEqual(self.line('a"b', "a,b", "a\rb", " c ", ""), '"a""b","a,b","a\rb", c ,\n')
        for start in "=+-@\t＝＋－＠":
            self.assertEqual(self.line(start + "1"), f"'{start}1\n")
            self.assertEqual(self.line(Typed(start + "1")), f"{start}1\n")
        self.assertEqual(self.line("\rx"), "\"'\rx\"\n")
        self.assertEqual(self.line("=1", csv_formulaGuard="off"), "=1\n")

    def test_what_is_written_is_read_back(self):
        rows = [["a", 'q"u\\o', "l\r\nf", ""], ["", "", "x,y", "é"]]
        for dialect in ("rfc4180", "spark"):
            data = CSVText(Settings({"csv.dialect": dialect})).encode(rows[0], rows[1:])
            self.assertEqual(read_csv(data, dialect), rows)
        with self.assertRaises(CSVSyntaxError):
            read_csv(b'a,"b"c\n')

    def test_differences_are_placed(self):
        self.assertIsNone(first_difference(b"a,b\n", b"a,b\n"))
        self.assertEqual(first_difference(b"a,b\n1,2\n", b"a,b\n1,3\n")[:3], (2, 2, "b"))
        self.assertEqual(first_difference(b"a,b\n1,2\n", b"a,b\n")[0], 2)
        self.assertIn("other bytes", first_difference(b'a,b\n"1",2\n', b"a,b\n1,2\n").what)

    def test_sanitised_json(self):
        # upstream.md 5.5, the example.
        self.assertEqual(sanitised_json([{"1": '{"text":"A=\\\\pi r^2\\n"}'}]), "[{'1':'{'text':'A=pi r^2'}'}]")

    def test_unknown_settings_are_refused(self):
        with self.assertRaises(SettingsError):
            Settings({"csv.dialekt": "spark"})


if __name__ == "__main__":
    unittest.main()
