"""Writes numbers as a spreadsheet shows them: by the format of their cell (ECMA-376, 18.8.31).

A format has up to four sections for positive, negative, zero and text. What is rare is not written:
fractions, powers of ten and thousands, digits with other signs between them, conditions, parts of a
second, other calendars and other digits, and the system's currency; then a cell has its plain
value.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from locale import windows_locale
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from desktop.sheets.reader.files.cells import ENGLISH, decimal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.sheets.reader.files.cells import Names, Wording

_TABLE: Final = tomllib.loads(Path(__file__).with_name("number_formats.toml").read_text("utf-8"))
BUILT_IN: Final[dict[int, str]] = {int(at): code for at, code in _TABLE["built_in"].items()}
"""The formats that a workbook names by number only."""
_SYSTEM_FORMATS: Final = frozenset({9, 10, 14, 22})
"""Formats that are the system's; the workbook cannot change them."""
SYSTEM_CODES: Final = {code: at for at, code in reversed(BUILT_IN.items()) if "[$-" in code}
"""The numbers of the formats that depend on the system, by their codes."""
_GENERAL: Final = frozenset({"", "general", "@"})
"""Formats, in lower case, that show the plain value."""
EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of a sheet has no zone
EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_NO_DAY: Final = 60
"""The number of 29 February 1900, which only Excel has; earlier days are one day later there."""
_SHORT, _MONEY, _PERCENT = "[$-SHORT]", "[$-MONEY]", "[$-PERCENT]"
_SYSTEM: Final = re.compile(r"\[\$-(?:(F800|x-sysdate)|F400|x-systime)\]", re.IGNORECASE)
"""Marks the system's long date or time, whatever follows."""
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<half>AM/PM|A/P)|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|[bge]+)|(?P<digit>[0#?])|(?P<sign>[.,%/@;])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_ELAPSED: Final = re.compile(r"h+|m+|s+", re.IGNORECASE)
_FIRST_DAY, _LAST_DAY = -657_434, 2_958_466
"""The serial numbers of 1 January 100 and of 1 January 10000."""
_CONTEXT: Final = Context(prec=400)
_LETTERS: Final = {"literal": "x", "text": "x"}
_PLAIN: Final = re.compile(r"(x*)(#*0+|#+,##0)(\.0+)?([x%]*)")
"""The kinds of the tokens of a plain number: texts around digits that have no gap."""


NumberWriter: TypeAlias = "Callable[[float], str | None]"
"""Writes a number; ``None`` if it cannot be written by the format."""


class Token(NamedTuple):
    """A part of a format: a literal text, a digit's place, or a part of a date."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a format; ``language`` is that of its names, by its code; else the system's."""

    tokens: tuple[Token, ...]
    language: str

    def has(self, *kinds: str) -> bool:
        """Tell whether a token is of one of these kinds."""
        return any(token.kind in kinds for token in self.tokens)

    @property
    def is_date(self) -> bool:
        """Whether it writes a day or half of one, which has no sign."""
        return self.has("half") or any(t.kind == "date" and t.text[0] in "ydm" for t in self.tokens)


def code_of(number: int, own: Mapping[int, str]) -> str | None:
    """Return the format with a number, or ``None`` if it shows the plain value.

    ``own`` are the formats that the workbook defines.
    """
    code = (
        BUILT_IN[number] if number in _SYSTEM_FORMATS else own.get(number, BUILT_IN.get(number, ""))
    )
    return None if code.casefold() in _GENERAL else code


def writer_of(code: str, wording: Wording, epoch: datetime) -> NumberWriter | None:
    """Make the function that writes numbers by a format; ``None`` if the format is rare.

    ``epoch`` is the day with the serial number 0.
    """
    if system := _SYSTEM.match(code):
        code = wording.long_date if system[1] else wording.time
    sections = _sections(_localized(code, wording))
    if sections is None or any(_has_unknown_names(each, wording) for each in sections):
        return None
    numeric = [each for each in sections[:3] if not each.has("text")] or sections[:1]
    found = [_section_writer(each, wording, epoch) for each in numeric]
    writers = [each for each in found if each is not None]
    if len(writers) < len(found):
        return None
    signless = not numeric[0].tokens or numeric[0].is_date
    negative, zero = (writers + writers[:1] * 2)[1], (writers + writers[:1] * 2)[2]

    def write(value: float) -> str | None:
        if not isfinite(value):
            return None
        if value >= 0:
            return (writers[0] if value else zero)(value)
        text = negative(value)
        is_signed = len(writers) > 1 or signless or text is None
        return text if is_signed else f"-{text}"

    return write


def _localized(code: str, wording: Wording) -> str:
    """Replace the marks of formats that depend on the system."""
    form = 0 if wording.short_date.startswith("m") else 1
    form = 2 if wording.locale.startswith("de") else form
    for mark, forms in _TABLE["local"].items():
        code = code.replace(mark, forms[form])
    percent = "\u00a0%" if wording.locale[:2] in _TABLE["spaced_percent"] else "%"
    return code.replace(_SHORT, wording.short_date).replace(_PERCENT, percent)


def _section_writer(section: Section, wording: Wording, epoch: datetime) -> NumberWriter | None:
    """Make the function that writes numbers by a section; of negative ones it omits the sign.

    Returns ``None`` if the section is rare.
    """
    if section.has("date", "elapsed", "half"):
        return None if section.has("digit") else _moment_writer(section, wording, epoch)
    tokens = section.tokens
    if section.has("digit"):
        return _plain_number_writer(tokens, wording)
    if not section.has("general", "text"):
        text = re.sub(" +", " ", _joined(tokens))  # several are places: "-"??
        return lambda _: text

    def write(value: float) -> str:
        plain = wording.exact(abs(value))
        return "".join(plain if t.kind in {"general", "text"} else t.text for t in tokens)

    return write


def _sections(code: str) -> tuple[Section, ...] | None:
    """Take a format apart; ``None`` if it has something rare."""
    parts: list[list[re.Match[str]]] = [[]]
    for found in _TOKEN.finditer(code):
        if found["sign"] == ";":
            parts.append([])
        else:
            parts[-1].append(found)
    sections = [_section(part, is_zero=at == 2) for at, part in enumerate(parts)]
    if None in sections:
        return None
    return tuple(each for each in sections if each is not None)


def _section(part: Sequence[re.Match[str]], *, is_zero: bool) -> Section | None:
    """Take a section apart; the digits of ``is_zero`` are blanks where they are ``?``."""
    tokens: list[Token] = []
    language: str | None = ""
    for found in part:
        kind = found.lastgroup or ""
        text = found[kind]
        if kind == "bracket":
            if text == _MONEY[1:-1]:
                return None
            if text.startswith("$"):
                sign, _, tag = text[1:].partition("-")
                tokens.append(Token("literal", sign))
                language = _language(tag)
            elif _ELAPSED.fullmatch(text):
                tokens.append(Token("elapsed", text.casefold()))
            elif text.casefold().startswith(("dbnum", "natnum", "<", ">", "=")):
                return None
        elif kind == "exponent" or (kind == "date" and text[0] in "bgeBGE"):
            return None
        elif kind == "date":
            tokens.append(Token(kind, text.casefold()))
        elif kind == "sign":
            tokens.append(Token("text" if text == "@" else text, text))
        elif kind == "digit" and text == "?" and is_zero:
            tokens.append(Token("literal", " "))
        elif kind in {"general", "half", "digit"}:
            tokens.append(Token(kind, text))
        elif kind != "fill":
            tokens.append(Token("literal", " " if kind == "space" else text))
    return None if language is None else Section(_with_minutes(tokens), language)


def _language(tag: str) -> str | None:
    """Read a locale's id or name; an empty text is the system's, ``None`` has other digits."""
    try:
        number = int(tag, 16)
    except ValueError:  # a name, as in newer workbooks
        name = tag
    else:
        digits, calendar = number >> 24, number >> 16 & 0xFF
        if digits > 1 or calendar > 1:
            return None
        name = windows_locale.get(number & 0xFFFF, "")
    code = re.split("[-_,]", name)[0].casefold()
    return {"no": "nb", "nn": "nb"}.get(code, code)


def _has_unknown_names(section: Section, wording: Wording) -> bool:
    dates = [token.text for token in section.tokens if token.kind == "date"]
    is_named = any(text[0] in "md" and len(text) > 2 for text in dates)
    return is_named and wording.names_of(section.language) is None


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


def _plain_number_writer(tokens: Sequence[Token], wording: Wording) -> NumberWriter | None:
    """Make the function for formats such as ``#,##0.00 "€"`` or ``00000``; ``None`` for others."""
    shape = _PLAIN.fullmatch("".join(_LETTERS.get(token.kind, token.text) for token in tokens))
    if shape is None:
        return None
    before, after = _joined(tokens[: shape.end(1)]), _joined(tokens[shape.start(4) :])
    width, places = shape[2].count("0"), len(shape[3] or ".") - 1
    signs = str.maketrans({",": wording.group, ".": wording.point})
    layout = f",.{places}f" if "," in shape[2] else f".{places}f"
    step, percents = Decimal(1).scaleb(-places), shape[4].count("%")
    zeros = width + (places + 1 if places else 0)

    def write(value: float) -> str:
        exact = decimal_of(abs(value))
        if percents:
            exact = exact.scaleb(2 * percents)
        text = format(exact.quantize(step, ROUND_HALF_UP, _CONTEXT), layout)
        return f"{before}{text.zfill(zeros).translate(signs)}{after}"

    return write


def _joined(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def _moment_writer(section: Section, wording: Wording, epoch: datetime) -> NumberWriter:
    """Make the function that writes a date or a time; it returns ``None`` for one far away.

    Days before the first are counted back, as LibreOffice does; Excel shows #### for them. A
    negative time has no sign here, like every number.
    """
    names, has_half = wording.names_of(section.language) or ENGLISH, section.has("half")
    parts: list[Callable[[datetime, int], str]] = []
    for token in section.tokens:
        text = token.text
        match token.kind:
            case "date":
                parts.append(_date_part(text, names, has_half=has_half))
            case "elapsed":
                parts.append(_elapsed_part(text))
            case "half":
                parts.append(_half_part(text))
            case "/":
                parts.append(_literal(wording.between_days(section.language)))
            case _:
                parts.append(_literal(text))
    is_day = any(token.kind == "date" and token.text[0] in "yd" for token in section.tokens)

    def write(value: float) -> str | None:
        if not section.is_date or section.has("elapsed"):
            value = abs(value)
        if not _FIRST_DAY <= value < _LAST_DAY:
            return None
        if not value and is_day and epoch is EPOCH:
            return ""  # a formula has found no date; Excel shows day 0 of January 1900
        milliseconds = (round(value * 86_400_000) + 500) // 1000 * 1000
        at = epoch + timedelta(milliseconds=milliseconds)
        if 0 <= value < _NO_DAY and epoch is EPOCH:
            at += timedelta(days=1)
        return "".join([part(at, milliseconds) for part in parts])

    return write


def _literal(text: str) -> Callable[[datetime, int], str]:
    return lambda _at, _milliseconds: text


def _elapsed_part(text: str) -> Callable[[datetime, int], str]:
    unit, width = {"h": 3_600_000, "m": 60_000, "s": 1000}[text[0]], len(text)
    return lambda _, milliseconds: f"{milliseconds // unit:0{width}}"


def _half_part(text: str) -> Callable[[datetime, int], str]:
    morning, evening = (text if text.upper() == "A/P" else text.upper()).split("/")
    return lambda at, _: evening if at.hour >= 12 else morning


def _date_part(text: str, names: Names, *, has_half: bool) -> Callable[[datetime, int], str]:
    length = len(text)
    width = min(length, 2)
    match text[0]:
        case "y" if length > 2:
            return lambda at, _: f"{at.year:04}"
        case "y":
            return lambda at, _: f"{at.year % 100:02}"
        case "m" if length > 2:
            months = names.short_months if length == 3 else names.months
            months = tuple(month[:1] for month in months) if length == 5 else months
            return lambda at, _: months[at.month - 1]
        case "m":
            return lambda at, _: f"{at.month:0{width}}"
        case "d" if length > 2:
            days = names.days if length > 3 else names.short_days
            return lambda at, _: days[at.weekday()]
        case "d":
            return lambda at, _: f"{at.day:0{width}}"
        case "h" if has_half:
            return lambda at, _: f"{at.hour % 12 or 12:0{width}}"
        case "h":
            return lambda at, _: f"{at.hour:0{width}}"
        case "n":
            return lambda at, _: f"{at.minute:0{width}}"
        case _:
            return lambda at, _: f"{at.second:0{width}}"
