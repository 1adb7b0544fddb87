"""CSV text in both dialects, written and read back (design.md 6.3, upstream.md 5.1.2)."""

import re

from .settings import SettingsError
from .values import Typed

FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
_LINE_ENDS = {"lf": "\n", "crlf": "\r\n"}
# Java's String.trim and univocity: every character up to the space, control characters included.
_BLANKS = "".join(map(chr, range(0x21)))
_SPECIAL = re.compile('[,"\r\n]')


class CSVText:
    """Turns a report into bytes."""

    def __init__(self, settings):
        self.dialect = settings.text("csv.dialect")
        if self.dialect not in ("rfc4180", "spark"):
            raise SettingsError(f"setting csv.dialect: {self.dialect!r} is neither rfc4180 nor spark")
        if settings.text("csv.lineEnd") not in _LINE_ENDS:
            raise SettingsError("setting csv.lineEnd: neither lf nor crlf")
        self._line_end = _LINE_ENDS[settings.text("csv.lineEnd")]
        self._guard = settings.is_on("csv.formulaGuard")
        self._bom = settings.is_on("csv.bom")

    def cell(self, value, is_first):
        spark = self.dialect == "spark"
        # Spark trims what it writes, so the guard has to look at what is left.
        text = value.strip(_BLANKS) if spark else str(value)
        if self._guard and not isinstance(value, Typed) and text.startswith(FORMULA_STARTS):
            text = "'" + text
        special = _SPECIAL.search(text) is not None
        if spark:
            if text == "":
                return '""'
            if special or (is_first and text.startswith("#")):
                return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
            return text
        return '"' + text.replace('"', '""') + '"' if special else text

    def line(self, cells):
        return ",".join(self.cell(value, index == 0) for index, value in enumerate(cells)) + self._line_end

    def encode(self, header, rows):
        text = ("\ufeff" if self._bom else "") + self.line(header) + "".join(map(self.line, rows))
        return text.encode("utf-8")


class CSVSyntaxError(ValueError):
    """Bytes that are no CSV of the dialect."""


_FIELD = {
    "rfc4180": re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\Z)'),
    "spark": re.compile(r'(?:"((?:[^"\\]|\\.)*)"|([^",\r\n][^,\r\n]*|))(,|\r\n|\n|\Z)', re.DOTALL),
}


def read_csv(data, dialect="rfc4180"):
    """The rows of a CSV file as lists of cells. Strict: what the dialect does not allow is an error."""
    text = data.decode("utf-8").removeprefix("\ufeff")
    field = _FIELD[dialect]
    rows, row, position = [], [], 0
    while position < len(text):
        match = field.match(text, position)
        if match is None:
            raise CSVSyntaxError(f"row {len(rows) + 1}, column {len(row) + 1}: not {dialect} CSV")
        quoted, plain, end = match.groups()
        if quoted is None:
            row.append(plain)
        elif dialect == "spark":
            row.append(re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL))
        else:
            row.append(quoted.replace('""', '"'))
        position = match.end()
        if end != ",":
            rows.append(row)
            row = []
        elif position == len(text):
            row.append("")
    if row:
        rows.append(row)
    return rows
