"""The values of fields: texts read as numbers, dates, and yes or no; numbers written alike.

A value from a spreadsheet is also known in its plain form, which no settings change: ``12.5``,
``2026-12-31``, ``TRUE``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any, Final

from desktop.contract.items import FieldReading, ValueKind
from desktop.contract.rules.locales import TRUTHS, Signs, day_in
from desktop.contract.rules.salutations import WordsTold
from desktop.contract.rules.templates import FIELD
from sendoff_tasks.model.text import trimmed


def reading_of_fields(
    columns: Mapping[str, str | None], reading: Mapping[str, Any] | None
) -> FieldReading | None:
    """Return how the fields of a batch's rows are read; ``None`` if that is not known."""
    if reading is None or "kinds" not in reading:
        return None
    kinds = reading["kinds"]
    fields = {
        (target or "").removeprefix(FIELD): kinds[header]
        for header, target in columns.items()
        if header in kinds and (target or "").startswith((FIELD, "note"))
    }
    return FieldReading(
        short_date=reading["short_date"],
        point=reading["point"],
        group=reading["group"],
        kinds=fields,
    )


def way_of(reading: FieldReading, default: Signs) -> Signs:
    """Return the way in which the texts of an item are read."""
    if "point" not in reading:
        return default
    given = (reading.get(each, "") for each in ("short_date", "point", "group"))
    short_date, point, group = given
    return Signs(str(short_date), str(point), str(group))


def add_reading(
    body: dict[str, Any],
    known: FieldReading | None,
    plain: Mapping[str, str],
    read: Mapping[str, Any],
) -> None:
    """Add to the body of a row's item how its fields are read.

    ``plain`` has plain values by their paths in the item that was ``read``; they do not count for
    a value that is another one in the body.
    """
    fields, before = (each.get("fields") or {} for each in (body, read))
    own = {
        name: value
        for path, value in plain.items()
        if path.startswith(FIELD)
        and fields.get(name := path.removeprefix(FIELD)) == before.get(name) is not None
    }
    if known is not None or own:
        reading = FieldReading(**(known or {}))
        body.setdefault("reading", reading | FieldReading(plain=own) if own else reading)


# --- numbers ---------------------------------------------------------------------------------

_BLANKS: Final = " \u00a0\u202f\u2009"
_CURRENCY: Final = (
    r"[%‰€$£¥₹₺₽₴₪₩₫₱₦₡₲₵₸₼₾฿]|(?:US|CA|A|NZ|HK|S|R)\$|EUR|USD|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK"
    r"|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|TRY|RUB|UAH|ILS|ZAR|BRL|MXN|HKD|SGD|Euro|kr\.?|Kč|zł|Ft"
    r"|S?Fr\.|[Ll]ei|TL|Rs\.?|лв\.?|руб\.?"
)
"""What may stand beside the number of a text."""
_FORM: Final = re.compile(r"([^#0]*)(#,##)?0(?:\.(#|0+))?([^#0]*)")
_PLAIN_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_CODE: Final = re.compile(r"0\d|\D*\d{16}")
"""A text of digits that counts nothing: a postcode, a telephone number, an account."""
_EXACT: Final = Context(prec=15)


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How a number is written: ``#,##0.00 €``; with ``places`` ``None`` it has those it needs.

    ``is_grouped`` is ``None`` if the numbers are too small to tell.
    """

    before: str = ""
    is_grouped: bool | None = False
    places: int | None = None
    after: str = ""

    @classmethod
    def of(cls, code: str) -> NumberForm:
        """Parse what ``str`` writes; a code that is none is the plain form."""
        found = _FORM.fullmatch(code)
        if found is None:
            return cls()
        before, grouped, part, after = found.groups()
        places = None if part == "#" else len(part or "")
        return cls(before, bool(grouped), places, after)

    def __str__(self) -> str:
        """Write the code."""
        part = ".#" if self.places is None else "." + "0" * self.places if self.places else ""
        return f"{self.before}{'#,##' if self.is_grouped else ''}0{part}{self.after}"

    @property
    def sign(self) -> str:
        """The currency, or the unit, with its blank."""
        return "" if self.is_share else self.before + self.after

    @property
    def is_share(self) -> bool:
        """Whether it shows hundredths: 0.5 as 50 %."""
        return "%" in self.before + self.after

    def without_sign(self) -> NumberForm:
        """Return the form of the bare number."""
        return replace(self, before="", after="")

    def beside(self, other: NumberForm) -> NumberForm:
        """Return the form of a number that two make: with the sign that both have, or one of them.

        Numbers of two currencies have none.
        """
        if self == other:
            return self
        places = None
        if self.places is not None and other.places is not None:
            places = max(self.places, other.places)
        signed = [each for each in (self, other) if each.sign]
        first = signed[0] if len({each.sign for each in signed}) == 1 else self.without_sign()
        grouped = bool(self.is_grouped or other.is_grouped)
        if len(signed) == 1:
            places = signed[0].places  # 3 times 12.50 €, 19 % of 100.00 €
        return replace(first, is_grouped=grouped, places=places)

    def write(self, value: Decimal, way: Signs) -> str:
        """Write a number; halves are rounded up."""
        value = value * 100 if self.is_share else value
        if self.places is None:
            text = format(_EXACT.plus(abs(value)).normalize(), "f")
        else:
            step = Decimal(1).scaleb(-self.places)
            text = format(abs(value).quantize(step, ROUND_HALF_UP, Context(prec=400)), "f")
        whole, _, part = text.partition(".")
        if self.is_grouped:
            whole = f"{int(whole):,}".replace(",", way.group)
        minus = "-" if value < 0 and text.strip("0.") else ""
        return f"{minus}{self.before}{whole}{way.point + part if part else ''}{self.after}"


def common_form(forms: Collection[NumberForm]) -> NumberForm:
    """Return the form that the numbers of a column have in common."""
    if not forms:
        return NumberForm()
    signs, places = {(e.before, e.after) for e in forms}, {e.places for e in forms}
    before, after = signs.pop() if len(signs) == 1 else ("", "")
    told = [each.is_grouped for each in forms if each.is_grouped is not None]
    grouped = any(told) if told else bool(before or after)
    # A part of a whole number is shown: three of two are 1.5.
    return NumberForm(before, grouped, (places.pop() or None) if len(places) == 1 else None, after)


@lru_cache(maxsize=32)
def _pattern(point: str, group: str, beside: str) -> re.Pattern[str]:
    group = "" if group == point else group
    groups = f"{group}'’\u00a0\u202f{' ' if group in _BLANKS else ''}{'.' if point == ',' else ''}"
    blank = f"[{_BLANKS}]?"
    sign = "[-−–]"
    return re.compile(
        rf"(?P<minus>{sign})?(?P<bracket>\()?(?P<before>(?:(?:{beside}){blank})?)(?P<minus2>{sign})?"
        rf"(?P<whole>\d{{1,3}}(?P<group>[{re.escape(groups)}])\d{{3}}(?:(?P=group)\d{{3}})*|\d+)"
        rf"(?:{re.escape(point)}(?P<part>\d+|[-–—]{{1,2}}))?"
        rf"(?P<after>(?:{blank}(?:{beside}))?)(?P<minus3>-)?(?(bracket)\))"
    )


def parse_number(
    text: str, way: Signs, *, beside: str = _CURRENCY
) -> tuple[Decimal, NumberForm] | None:
    """Read a number with its form: *1.234,50 €*; ``None`` for any other text.

    ``beside`` is what may stand before or after it.
    """
    found = _pattern(way.point, way.group, beside).fullmatch(trimmed(text))
    if found is None or (found["before"] and found["after"]):
        return None
    whole, part = re.sub(r"\D", "", found["whole"]), found["part"] or ""
    digits = part if part.isdecimal() else ""
    value = Decimal(f"{whole}.{digits or 0}")
    if found["minus"] or found["minus2"] or found["minus3"] or found["bracket"]:
        value = -value
    grouped = bool(found["group"]) if len(whole) > 3 else None
    form = NumberForm(found["before"], grouped, len(digits), found["after"])
    return (value / 100 if form.is_share else value), form


def form_shown(text: str, way: Signs) -> NumberForm | None:
    """Return the form of a number that a spreadsheet shows with any words beside it."""
    found = parse_number(text, way, beside=r"[^\d]{1,20}?")
    return None if found is None else found[1]


def read_number(text: str, way: Signs) -> Decimal | None:
    """Read a number; ``None`` for any other text."""
    found = parse_number(text, way)
    return None if found is None else found[0]


def is_code(text: str) -> bool:
    """Tell whether digits are a name rather than a number: a leading zero, or very many."""
    return _CODE.match(trimmed(text)) is not None


# --- dates -----------------------------------------------------------------------------------

_DATE: Final = re.compile(
    r"(\d{1,4})([./-]) ?(\d{1,2})\2 ?(\d{1,4})\.?"
    r"(?:[ T](\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?)?"
)
_MIDNIGHT: Final = time()
_NEXT_CENTURY: Final = 70
"""Two digits of a year below it are after 2000, as spreadsheets read them."""


def read_date(text: str, way: Signs) -> datetime | None:
    """Read a date, with or without a time; ``None`` for any other text.

    It is in the order of the way; with dots the day comes first, and a year that comes first tells.
    """
    found = _DATE.fullmatch(trimmed(text))
    if found is None:
        return None
    first, sign, middle, third, *clock = found.groups()
    order = sorted("dmy", key=way.short_date.index)
    if len(first) == 4:
        order = ["y", "m", "d"]
    elif sign == ".":
        order = ["d", "m", "y"]
    elif order[0] == "y":
        return None
    parts = dict(zip(order, (first, middle, third), strict=True))
    year = int(parts["y"])
    if len(parts["y"]) == 2:
        year += 2000 if year < _NEXT_CENTURY else 1900
    hour, minute, second = (int(each or 0) for each in clock)
    try:
        day = year, int(parts["m"]), int(parts["d"])
        return datetime(*day, hour, minute, second)  # noqa: DTZ001 - a day of a sheet has no zone
    except ValueError:
        return None


def write_date(moment: datetime, way: Signs) -> str:
    """Write a date, with its time unless that is midnight."""
    day, clock = day_in(way.short_date, moment), moment.time()
    if clock == _MIDNIGHT:
        return day
    return f"{day} {clock:%H:%M:%S}" if clock.second else f"{day} {clock:%H:%M}"


# --- yes and no ------------------------------------------------------------------------------

_PAIRS: Final = (
    *("yes no", "ja nein", "oui non", "sí no", "sì no", "si no", "sim não", "ja nee", "ja nej"),
    *("ja nei", "kyllä ei", "tak nie", "ano ne", "áno nie", "igen nem", "da nu", "evet hayır"),
    *("да нет", "так ні", "ναι όχι", "y n", "j n", "✓ ✗", "✔ ✘"),
)
"""*Yes* and *no* in a language or a program."""
_WORDS: Final = frozenset(tuple(each.split()) for each in _PAIRS)
_BOXES: Final = frozenset(
    {(yes.casefold(), no.casefold()) for yes, no in TRUTHS.values()} | {("☑", "☐"), ("☒", "☐")}
)
"""The words of a check box, which mean nothing else."""
_YES: Final = frozenset(yes for yes, _ in (*_WORDS, *_BOXES)) | {"1"}
_NO: Final = frozenset(no for _, no in (*_WORDS, *_BOXES)) | {"0"}


def read_yes_no(text: str) -> bool | None:
    """Read a word for yes or no, of any language; ``None`` for any other text."""
    word = trimmed(text).casefold()
    return True if word in _YES else False if word in _NO else None


def are_yes_and_no(words: Collection[str]) -> bool:
    """Tell whether the different words of a column, trimmed, mean yes and no by themselves.

    A single word may mean anything, but for that of a check box; so do 0 and 1.
    """
    found = {word.casefold() for word in words}
    return found in map(set, _WORDS) or any(found <= {*pair} for pair in _BOXES if found)


# --- kinds -----------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def kind_in(code: str) -> tuple[ValueKind, NumberForm]:
    """Parse the kind of a field, with the form of its numbers."""
    kind, _, form = code.partition(" ")
    return ValueKind(kind), NumberForm.of(form)


def is_kind(code: str) -> bool:
    """Tell whether a text is the kind of a field."""
    kind, _, form = code.partition(" ")
    is_known = not form or kind == ValueKind.NUMBER or salutation_told(code) is not None
    return kind in [*ValueKind] and is_known


def bare_kind(code: str) -> str:
    """Return the kind of a field without the form of its numbers."""
    return kind_in(code)[0] if code.startswith(ValueKind.NUMBER) else code


@lru_cache(maxsize=256)
def salutation_told(code: str) -> WordsTold | None:
    """Return how a field of a kind tells the salutation; ``None`` if it does not."""
    kind, _, form = code.partition(" ")
    return WordsTold.parse(form) if kind == ValueKind.TEXT else None


def plain_value(text: str, kind: ValueKind, way: Signs) -> str | None:
    """Return the plain form of a text of a kind; ``None`` if it cannot be read, or is a text."""
    match kind:
        case ValueKind.NUMBER if (number := read_number(text, way)) is not None:
            return format(number.normalize(), "f")
        case ValueKind.DATE if (moment := read_date(text, way)) is not None:
            return write_date(moment, ISO)
        case ValueKind.YES_NO if (yes := read_yes_no(text)) is not None:
            return "TRUE" if yes else "FALSE"
    return None


_KIND_WORDS: Final = {
    ValueKind.NUMBER: "a number",
    ValueKind.DATE: "a date",
    ValueKind.YES_NO: "yes or no",
}


def value_problem(text: str, kind: ValueKind, way: Signs) -> str | None:
    """Return what is wrong with a text that a person types for a field of a kind, or ``None``."""
    if kind is ValueKind.TEXT or not trimmed(text) or plain_value(text, kind, way) is not None:
        return None
    return f"“{text}” is not {_KIND_WORDS[kind]}."


def plain_number(plain: str) -> Decimal | None:
    """Read a number in its plain form."""
    return Decimal(plain) if _PLAIN_NUMBER.fullmatch(plain) else None


_WAYS: Final = (
    Signs("dd.mm.yyyy", ",", "."),
    Signs("m/d/yyyy", ".", ","),
    Signs("dd/mm/yyyy", ".", ","),
)
"""The ways in which a text may be read."""


def _readings(text: str) -> set[str]:
    found = {plain_value(text, kind, way) for kind in ValueKind for way in _WAYS}
    return {each for each in found if each is not None}


def is_same_value(before: str, plain: str | None, now: str, plain_now: str | None) -> bool:
    """Tell whether a cell has the same value, by its texts and the plain values known of them.

    The plain values are equal; or the text is, and they only read it in two ways. Older versions
    wrote plain values in the way of the computer.
    """
    old, new = (
        text if value is None else value for text, value in ((before, plain), (now, plain_now))
    )
    if old == new:
        return True
    if before == now and {old, new} - {before} <= _readings(before):
        return True
    is_older = plain is not None and plain_number(old) is None and read_date(old, ISO) is None
    return is_older and new in _readings(old)


ISO: Final = Signs()
"""The way of plain values."""
