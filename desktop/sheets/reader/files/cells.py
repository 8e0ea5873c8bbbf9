"""The values of cells: their text, and the times in them, with the names of months and days."""

from __future__ import annotations

import calendar
import locale
import re
import tomllib
from dataclasses import asdict, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeAlias

from desktop.contract.rules.cells import is_cell_error
from desktop.contract.rules.locales import (
    LOCALES,
    TRUTHS,
    strftime_of,
    system_signs,
)
from desktop.sheets.description import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Names(NamedTuple):
    """The names of months from January on and of days from Monday on, whole and short."""

    months: tuple[str, ...]
    days: tuple[str, ...]
    short_months: tuple[str, ...]
    short_days: tuple[str, ...]

    @classmethod
    def of_process(cls) -> Names:
        """Return the names in the locale of this process."""
        months, short = tuple(calendar.month_name)[1:], tuple(calendar.month_abbr)[1:]
        return cls(months, tuple(calendar.day_name), short, tuple(calendar.day_abbr))


def _languages() -> dict[str, Names]:
    table = tomllib.loads(Path(__file__).with_name("languages.toml").read_text("utf-8"))
    return {
        code: Names(**{kind: tuple(names.split()) for kind, names in each.items()})
        for code, each in table.items()
    }


LANGUAGES: Final = _languages()
"""The names by the code of their language."""
ENGLISH: Final = LANGUAGES["en"]


CellValue: TypeAlias = str | int | float | bool | datetime | date | time | timedelta
"""A cell's value; an empty cell is an empty string."""
ShownAs: TypeAlias = "Callable[[int], str | None]"
"""Tells how the sheet shows the cell of a column; ``None`` is its plain value."""

_EMPTY_BOXES: Final = frozenset(
    {"FALSE", "FALSCH", "FAUX", "FALSO", "ONWAAR", "FAŁSZ", "FALSKT", "FALSK", "NEPRAVDA", "☐"}
)
"""How an empty check box is written in a text file, mostly by Google Sheets."""
_NO_AMOUNT: Final = re.compile(r"\W*0[0.,']*\s*(?:\W|[A-Z]{3}|kr|zł|Kč|Ft)?|[€$£]\s*-|-\s*[€$£]")
"""What a formula for an amount shows that has nothing to count: 0,00 € or - €."""
_NO_DAY: Final = re.compile(
    r"""(?:
        0?0([-/.])0?0\1(?:00){1,2}|0000([-/.])0?0\2 0?0|0000-00-00
        |0?1([-/.])0?0\3(?:19)?00|0?0([-/.])0?1\4(?:19)?00
        |0?1([-/.])0?1\5 0001|0001-01-01
        |(?:12([-/.])30\6|30([-/.])12\7)1899|1899-12-30
    )(?:[ T]\d?\d:00(?::00)?(?:\.0+)?Z?(?:\x20?[AP]M)?)?""",
    re.VERBOSE,
)
"""An empty date as programs write it: Outlook 0/0/00, databases 0000-00-00 or 0001-01-01, Excel
1/0/1900, Access 1899-12-30."""
_EXACT: Final = 10**15
"""Excel shows fifteen digits, so larger whole numbers are written with an exponent there."""
_SMALLEST, _SMALL = 1e-9, 1e-4
"""Between them, Python writes numbers with an exponent, but spreadsheets do not."""
_LONGEST: Final = 10**21
"""Numbers beyond this are written with an exponent."""


def as_it_is(_: int) -> str | None:
    """Tell that a cell is shown as its plain value."""
    return None


def is_blank(cell: CellValue) -> bool:
    """Tell whether a cell is empty, looks so, or has the date of no day: 0/0/00."""
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    if not text or text[0] not in "013":  # most cells, without a search
        return not text
    return ("00" in text or "1899" in text) and _NO_DAY.fullmatch(text) is not None


def is_prepared(cells: Sequence[CellValue]) -> bool:
    """Tell whether a row was only prepared: besides an empty check box it has a number at most.

    A zero, which a formula for an amount shows in such a row, counts as an empty box. A row that
    has nothing but formulas that found nothing was only prepared, too.
    """
    has_box = has_error = has_number = False
    for cell in cells:
        if is_blank(cell):
            continue
        if cell == 0 or cell in _EMPTY_BOXES or _is_no_amount(cell):
            has_box = True
        elif isinstance(cell, str) and is_cell_error(cell):
            has_error = True
        elif _is_number(cell):
            has_number = True
        else:  # mostly one of the first cells
            return False
    return not has_number if has_error else has_box


def _is_no_amount(cell: CellValue) -> bool:
    return isinstance(cell, str) and _NO_AMOUNT.fullmatch(cell.strip()) is not None


def system_writing() -> Writing:
    """Return this computer's settings; this sets the process's locale for times."""
    writing = Writing(**asdict(system_signs()))
    if not (name := writing.locale):
        return writing
    try:
        locale.setlocale(locale.LC_TIME, "")
    except locale.Error:  # the settings name a language that is not installed
        return replace(writing, names=LANGUAGES[name[:2]], long_date=LOCALES[name][3])
    if writing.short_date.startswith("m"):
        return replace(writing, names=Names.of_process())
    return replace(writing, names=Names.of_process(), long_date="dddd, d. mmmm yyyy")


class Wording(Writing):
    """Writes cells as a ``Writing`` says."""

    __slots__ = ()

    @classmethod
    def of(cls, writing: Writing) -> Self:
        """Use a person's settings."""
        return cls(*(getattr(writing, each.name) for each in fields(writing)))

    @property
    def date(self) -> str:
        """The ``strftime`` format of a short date, with all of its digits."""
        return strftime_of(self.short_date)

    def between_days(self, language: str) -> str:
        """Return the sign between days, months and years in a language by its code, or in this."""
        short = "" if self.short_date == Writing().short_date else self.short_date
        if language:
            short = next(
                (LOCALES[each][0] for each in reversed(LOCALES) if each[:2] == language), ""
            )
        return next((each for each in short if not each.isalnum()), "/")

    @property
    def time(self) -> str:
        """The format of the system's time of day."""
        return "h:mm:ss AM/PM" if self.short_date.startswith("m") else "hh:mm:ss"

    def names_of(self, language: str) -> Names | None:
        """Return the names in a language by its code, or in this one; ``None`` if unknown."""
        if language:
            return LANGUAGES.get(language)
        return Names(*self.names) if self.names else ENGLISH

    def exact(self, cell: CellValue) -> str:
        """Write a cell's value as its sheet does: ``text`` is for programs.

        A long whole number and a small one have all of their digits, an exponent is E, and *true*
        is a word of the language.
        """
        if isinstance(cell, bool):
            return TRUTHS.get(self.locale[:2], TRUTHS["en"])[not cell]
        if isinstance(cell, int | float) and (
            _EXACT <= abs(cell) < _LONGEST or _SMALLEST <= abs(cell) < _SMALL
        ):
            return format(decimal_of(cell), "f").replace(".", self.point)
        text = self.text(cell)
        return text.upper() if isinstance(cell, int | float) else text

    def text(self, cell: CellValue) -> str:
        """Write a cell's value; text stays as it is. Rows are compared by these values."""
        match cell:
            case str():
                return cell
            case bool():
                return "TRUE" if cell else "FALSE"
            case int() | float():
                return self._number(cell)
            case datetime():
                if cell.time() == time():
                    return cell.strftime(self.date)
                return f"{cell.strftime(self.date)} {_clock(cell.time())}"
            case date():
                return cell.strftime(self.date)
            case time():
                return _clock(cell)
            case timedelta():
                return _hours(cell)

    def _number(self, value: float) -> str:
        if value == (whole := int(value) if abs(value) < _EXACT else None):
            return str(whole)
        return format(value, ".15g").replace(".", self.point)


PLAIN: Final = Wording()
"""Writes plain values, which no settings change."""


def decimal_of(value: float) -> Decimal:
    """Return a number as its sheet shows it: with fifteen digits, a whole one with all it has."""
    is_whole = abs(value) >= _EXACT and value == int(value)
    return Decimal(repr(value).removesuffix(".0") if is_whole else format(value, ".15g"))


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M:%S" if moment.second else "%H:%M")


def _hours(span: timedelta) -> str:
    sign, seconds = ("-" if span < timedelta() else ""), round(abs(span).total_seconds())
    minutes, second = divmod(seconds, 60)
    written = f"{sign}{minutes // 60}:{minutes % 60:02}"
    return f"{written}:{second:02}" if second else written


def _is_number(cell: CellValue) -> bool:
    if isinstance(cell, str):
        return cell.strip().isdecimal()
    return isinstance(cell, int | float) and cell is not True
