"""Timestamps, numbers and flags: how they are read from import form and how reports print them."""

import datetime
import math
import re
from decimal import Decimal

_EPOCH_DAY = datetime.date(1970, 1, 1).toordinal()
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.:](\d{1,9}))?)?"
    r"\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?)?"
)
_DAY_MS = 86_400_000


class Typed(str):
    """A cell that is a number, a date or a telephone number: the formula guard leaves it alone."""


def parse_timestamp(value):
    """Milliseconds since 1970 in UTC, or None where there is no readable timestamp.

    ISO 8601, `yyyy-MM-dd HH:mm:ss[.SSS | :SSS+0000]` (design.md 5), a date alone (midnight UTC), or a number of
    milliseconds (archives, upstream.md 5.6). Without a zone: UTC. Finer fractions are cut off.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return int(value)
    text = str(value).strip()
    if re.fullmatch(r"-?\d{9,}", text):
        return int(text)
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        days = datetime.date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    hour, minute, second = int(hour or 0), int(minute or 0), int(second or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    millisecond = int((fraction or "0").ljust(3, "0")[:3])
    shift = 0
    if zone and zone not in "Zz":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        shift = (int(digits[:2]) * 60 + int(digits[2:])) * 60_000
        shift = -shift if zone[0] == "-" else shift
    return days * _DAY_MS + (hour * 3600 + minute * 60 + second) * 1000 + millisecond - shift


def _fields(milliseconds):
    days, rest = divmod(milliseconds, _DAY_MS)
    date = datetime.date.fromordinal(days + _EPOCH_DAY)
    seconds, millisecond = divmod(rest, 1000)
    return date, seconds // 3600, seconds // 60 % 60, seconds % 60, millisecond


def documented_timestamp(milliseconds):
    """`2020-08-25 13:45:54:150+0000`; empty for None (design.md 6.1)."""
    if milliseconds is None:
        return Typed("")
    date, hour, minute, second, millisecond = _fields(milliseconds)
    return Typed(f"{date.isoformat()} {hour:02}:{minute:02}:{second:02}:{millisecond:03}+0000")


def sunbird_date(milliseconds):
    """`dd/MM/yyyy` in UTC; empty for None (upstream.md 5.1.3)."""
    if milliseconds is None:
        return Typed("")
    date = _fields(milliseconds)[0]
    return Typed(f"{date.day:02}/{date.month:02}/{date.year:04}")


def sunbird_date_of_text(text):
    """The first ten characters as a date, without a zone shift; empty if they are none (upstream.md 5.1.3)."""
    return sunbird_date(parse_timestamp(str(text)[:10]))


def sunbird_attempt_time(milliseconds, with_fraction=True):
    """`yyyy-MM-dd HH:mm:ss`, with a fraction only if it is not zero (upstream.md 5.6)."""
    if milliseconds is None:
        return Typed("")
    date, hour, minute, second, millisecond = _fields(milliseconds)
    text = f"{date.isoformat()} {hour:02}:{minute:02}:{second:02}"
    if with_fraction and millisecond:
        text += f".{millisecond:03}".rstrip("0")
    return Typed(text)


def number(value):
    """A double, or None: missing, empty or no number. Numbers may stand as text (decimal columns)."""
    if value is None or isinstance(value, bool):
        return None
    try:
        result = float(value)
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


def number_text(value):
    """Six decimals, shortest decimal form, no exponent: `7`, `6.5`, `0.00001` (design.md 6.1)."""
    if value is None:
        return Typed("")
    rounded = round(float(value), 6)
    if rounded == 0:
        return Typed("0")
    text = format(Decimal(repr(rounded)), "f")
    return Typed(text.rstrip("0").rstrip(".") if "." in text else text)


def java_double_text(value):
    """A double as Java prints it: `1.0`, `0.33`, `1.0E10` (upstream.md 5.1.2)."""
    if value is None:
        return Typed("")
    if value == 0:
        return Typed("-0.0" if math.copysign(1.0, value) < 0 else "0.0")
    if 1e-3 <= abs(value) < 1e7:
        text = format(Decimal(repr(value)), "f")
        return Typed(text if "." in text else text + ".0")
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    figures = "".join(map(str, digits))
    power = len(figures) - 1 + exponent
    fraction = figures[1:].rstrip("0") or "0"
    return Typed(f"{'-' if sign else ''}{figures[0]}.{fraction}E{power}")


def rounded_half_up(value):
    """A decimal rounded to a whole number, halves away from zero, as Spark's `round` does (upstream.md 5.5)."""
    if value is None:
        return Typed("")
    return Typed(str(int(Decimal(repr(value)).quantize(Decimal(1), rounding="ROUND_HALF_UP"))))


def is_true(value):
    """A boolean, also written as text in any case (design.md 5; upstream.md 4.5)."""
    return str(value).lower() == "true"


def text(value):
    """A text cell; missing values are empty."""
    return "" if value is None else str(value)


def elements(value):
    """The elements of a list cell; missing and null are an empty list (upstream.md 1.5)."""
    return value if isinstance(value, list) else []


def entries(value):
    """The entries of a map cell; missing and null are an empty map (upstream.md 1.5)."""
    return value if isinstance(value, dict) else {}
