"""Writes numbers as a spreadsheet shows them: by the format of their cell (ECMA-376, 18.8.31).

A format has up to four sections for positive, negative, zero and text. What is rare is not written:
fractions, other calendars and other digits; then a cell has its plain value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.sheets.reader.files.cells import Wording
    from desktop.sheets.reader.files.names import Names

BUILT_IN: Final = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "[$-SHORT]", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "[$-SHORT] h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;(#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)", 41: "#,##0;-#,##0;-", 43: "#,##0.00;-#,##0.00;-", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "[$-SHORT]"),
}  # fmt: skip
"""The formats that a workbook names by number only; those with the system's currency are left out.

``[$-SHORT]`` is the system's short date.
"""
SYSTEM_DATES: Final = frozenset({14, 22})
"""Formats that are the system's, whatever the workbook says."""
GENERAL: Final = frozenset({"", "general", "@"})
"""Formats, in lower case, that show the plain value."""
_SHORT: Final = "[$-SHORT]"
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<half>AM/PM|A/P)|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|[bge]+)|(?P<digit>[0#?])|(?P<sign>[.,%/@;])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_ELAPSED: Final = re.compile(r"h+|m+|s+", re.IGNORECASE)
_LAST_DAY: Final = 2_958_466
"""The serial number of 1 January 10000."""
_DIGITS: Final = 15
_CONTEXT: Final = Context(prec=400)


class Token(NamedTuple):
    """A part of a format: a literal text, a digit's place, or a part of a date."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a format; ``language`` is that of its names, as a Windows locale id."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None = None
    language: int | None = None

    def has(self, *kinds: str) -> bool:
        """Tell whether a token is of one of these kinds."""
        return any(token.kind in kinds for token in self.tokens)


def shown(value: float, code: str, wording: Wording, epoch: datetime) -> str | None:
    """Write a number as a cell with this format shows it; ``None`` if it cannot be written.

    ``epoch`` is the day with the serial number 0.
    """
    sections = _sections(code)
    if sections is None:
        return None
    section, is_signed = _section_for(value, sections)
    if section is None:
        return None
    if not section.tokens:
        return ""
    if section.has("date", "elapsed", "short"):
        return _moment(value, section, wording, epoch)
    number = abs(value)
    if section.has("digit"):
        text = _number(number, section.tokens, wording)
    elif section.has("general"):
        plain = wording.text(number)
        text = "".join(plain if t.kind == "general" else t.text for t in section.tokens)
    else:
        text = "".join(token.text for token in section.tokens)
    return f"-{text}" if value < 0 and not is_signed else text


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[Section, ...] | None:
    """Take a format apart; ``None`` if it has something rare."""
    parts: list[list[re.Match[str]]] = [[]]
    for found in _TOKEN.finditer(code):
        if found["sign"] == ";":
            parts.append([])
        else:
            parts[-1].append(found)
    sections = [_section(part) for part in parts]
    if None in sections:
        return None
    return tuple(each for each in sections if each is not None)


def _section(part: Sequence[re.Match[str]]) -> Section | None:
    tokens: list[Token] = []
    condition: tuple[str, float] | None = None
    language: int | None = 0
    for found in part:
        kind = found.lastgroup or ""
        text = found[kind]
        if kind == "bracket":
            if text == _SHORT[1:-1]:
                tokens.append(Token("short", ""))
            elif text.startswith("$"):
                sign, dash, locale = text[1:].rpartition("-")
                tokens.append(Token("literal", sign if dash else locale))
                language = _language(locale if dash else "")
            elif compared := _CONDITION.fullmatch(text):
                condition = compared[1], float(compared[2])
            elif _ELAPSED.fullmatch(text):
                tokens.append(Token("elapsed", text.casefold()))
            elif text.casefold().startswith(("dbnum", "natnum")):
                return None
        elif kind == "date" and text[0] in "bgeBGE":
            return None
        elif kind == "date":
            tokens.append(Token(kind, text.casefold()))
        elif kind == "sign":
            tokens.append(Token("text" if text == "@" else text, text))
        elif kind in {"general", "half", "exponent", "digit"}:
            tokens.append(Token(kind, text))
        elif kind != "fill":
            tokens.append(Token("literal", " " if kind == "space" else text))
    made = Section(_with_minutes(tokens), condition, language)
    is_fraction = made.has("/") and made.has("digit") and not made.has("date", "elapsed")
    return None if is_fraction or language is None else made


def _language(locale: str) -> int | None:
    """Read a Windows locale id; 0 is the system's language, ``None`` has other digits or days."""
    if not locale:
        return 0
    try:
        number = int(locale, 16)
    except ValueError:  # a name, as in newer workbooks
        return 0
    return None if number >> 16 else number


def _with_minutes(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Tell minutes from months: they follow hours or stand before seconds."""
    result = list(tokens)
    times = [at for at, token in enumerate(result) if token.kind in {"date", "elapsed"}]
    for place, at in enumerate(times):
        if result[at].text not in {"m", "mm"} or result[at].kind == "elapsed":
            continue
        before = result[times[place - 1]].text[0] if place else ""
        after = result[times[place + 1]].text[0] if place + 1 < len(times) else ""
        if before == "h" or after == "s":
            result[at] = Token("date", result[at].text.replace("m", "n"))
    return tuple(result)


def _section_for(value: float, sections: Sequence[Section]) -> tuple[Section | None, bool]:
    """Choose the section for a number, and tell whether its own text has the sign."""
    numeric = sections[:3] if len(sections) > 1 or not sections[0].has("text") else sections
    conditions = [each.condition for each in numeric]
    if any(conditions):
        for each in numeric:
            if each.condition is None or _meets(value, *each.condition):
                sign, limit = each.condition or (">", 0)
                return each, sign in {"<", "<="} and limit <= 0
        return None, False
    if len(numeric) > 1 and value < 0:
        return numeric[1], True
    if len(numeric) > 2 and value == 0:
        return numeric[2], True
    return numeric[0], False


def _meets(value: float, sign: str, limit: float) -> bool:
    if sign == "<>":
        return value != limit
    return (
        ("=" in sign and value == limit)
        or ("<" in sign and value < limit)
        or (">" in sign and value > limit)
    )


def _number(value: float, tokens: Sequence[Token], wording: Wording) -> str:
    """Write a number into the places of its digits."""
    places = [at for at, token in enumerate(tokens) if token.kind == "digit"]
    point = next((at for at, token in enumerate(tokens) if token.kind == "."), None)
    power = next((at for at, token in enumerate(tokens) if token.kind == "exponent"), None)
    whole = [at for at in places if _before(at, point) and _before(at, power)]
    part = [at for at in places if point is not None and at > point and _before(at, power)]
    commas = [at for at, token in enumerate(tokens) if token.kind == ","]
    last = max(whole, default=-1)
    scale = sum(at > last and _before(at, point) and _all_commas(tokens, last, at) for at in commas)
    scale += sum(bool(part) and at > part[-1] and _before(at, power) for at in commas)
    grouped = bool(whole) and any(whole[0] < at < last for at in commas)
    exact = Decimal(format(value, f".{_DIGITS}g"))
    exact *= Decimal(100) ** sum(token.kind == "%" for token in tokens)
    exact /= Decimal(1000) ** scale
    exponent = 0
    if power is not None and exact:
        step = max(1, len(whole))
        exponent = exact.adjusted() // step * step
        if len(_rounded(exact.scaleb(-exponent), len(part))[0]) > step:
            exponent += step
        exact = exact.scaleb(-exponent)
    digits, decimals = _rounded(exact, len(part))
    written: dict[int, str] = _whole(digits, whole, tokens, wording.group if grouped else "")
    written |= _decimals(decimals, part, tokens)
    if power is not None:
        after = [at for at in places if at > power]
        written |= _whole(str(abs(exponent)), after, tokens, "")
        sign = "-" if exponent < 0 else "+" if tokens[power].text.endswith("+") else ""
        written[power] = f"E{sign}"
    if point is not None:
        written[point] = wording.point
        if not whole and digits != "0":
            written[point] = f"{digits}{wording.point}"
    for at in commas:
        written[at] = ""
    return "".join(written.get(at, token.text) for at, token in enumerate(tokens))


def _before(at: int, other: int | None) -> bool:
    return other is None or at < other


def _all_commas(tokens: Sequence[Token], last: int, at: int) -> bool:
    return all(token.kind == "," for token in tokens[last + 1 : at])


def _rounded(value: Decimal, places: int) -> tuple[str, str]:
    """Return the digits before the point and after it."""
    text = format(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _CONTEXT), "f")
    whole, _, decimals = text.partition(".")
    return whole, decimals


def _whole(
    digits: str, places: Sequence[int], tokens: Sequence[Token], group: str
) -> dict[int, str]:
    """Put the digits of a whole number into their places, from the last one on."""
    left = digits.lstrip("0")
    written: dict[int, str] = {}
    count = 0
    for number, at in enumerate(reversed(places), 1):
        is_first = number == len(places)
        taken = left if is_first else left[-1:]
        left = "" if is_first else left[:-1]
        if not taken:
            taken = {"0": "0", "?": " "}.get(tokens[at].text, "")
        text = ""
        for digit in reversed(taken):
            if group and count and count % 3 == 0 and digit != " ":
                text = group + text
            text = digit + text
            count += 1
        written[at] = text
    return written


def _decimals(digits: str, places: Sequence[int], tokens: Sequence[Token]) -> dict[int, str]:
    """Put the decimals into their places; zeros at the end are only shown in places of ``0``."""
    written: dict[int, str] = {}
    is_end = True
    for digit, at in reversed(list(zip(digits, places, strict=True))):
        is_end = is_end and digit == "0" and tokens[at].text != "0"
        written[at] = {"?": " "}.get(tokens[at].text, "") if is_end else digit
    return written


def _moment(value: float, section: Section, wording: Wording, epoch: datetime) -> str | None:
    if not 0 <= value < _LAST_DAY:
        return None
    tokens = section.tokens
    after_point = [
        at
        for at, token in enumerate(tokens)
        if token.kind == "digit" and any(t.kind == "." for t in tokens[:at])
    ]
    milliseconds = round(value * 86_400_000)
    unit = 10 ** max(0, 3 - len(after_point))
    milliseconds = (milliseconds + unit // 2) // unit * unit if unit > 1 else milliseconds
    at = epoch + timedelta(milliseconds=milliseconds)
    has_half = section.has("half")
    elapsed = any(token.kind == "elapsed" for token in tokens)
    names = wording.names_of(section.language)
    decimals = f"{milliseconds % 1000:03}"
    parts: list[str] = []
    for token in tokens:
        match token.kind:
            case "date":
                parts.append(_date_part(token.text, at, names, has_half=has_half))
            case "elapsed":
                parts.append(_elapsed_part(token.text, milliseconds))
            case "half":
                words = token.text.split("/")
                parts.append(words[at.hour >= 12])
            case "short":
                parts.append(at.strftime(wording.date))
            case "digit":
                parts.append(decimals[:1])
                decimals = decimals[1:]
            case "/":
                parts.append(wording.between_days)
            case ".":
                parts.append(wording.point if after_point else token.text)
            case _:
                parts.append(token.text)
    return "".join(parts) if elapsed or epoch <= at else None


def _elapsed_part(text: str, milliseconds: int) -> str:
    seconds = milliseconds // 1000
    count = {"h": seconds // 3600, "m": seconds // 60, "s": seconds}[text[0]]
    return f"{count:0{len(text)}}"


def _date_part(text: str, at: datetime, names: Names, *, has_half: bool) -> str:
    length = len(text)
    hour = (at.hour % 12 or 12) if has_half else at.hour
    number = {"d": at.day, "m": at.month, "n": at.minute, "h": hour, "s": at.second}.get(text[0], 0)
    if text[0] == "y":
        return f"{at.year:04}" if length > 2 else f"{at.year % 100:02}"
    if text[0] == "m" and length > 2:
        month = names.months[at.month - 1]
        short = names.short_months[at.month - 1]
        return month[:1] if length == 5 else month if length == 4 else short
    if text[0] == "d" and length > 2:
        days = names.days if length > 3 else names.short_days
        return days[at.weekday()]
    return f"{number:0{min(length, 2)}}"
