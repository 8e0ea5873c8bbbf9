"""How languages and countries write numbers, dates, and *true* and *false*."""

from __future__ import annotations

import locale
import os
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

_TABLE: Final = tomllib.loads(Path(__file__).with_name("locales.toml").read_text("utf-8"))
TRUTHS: Final[dict[str, tuple[str, str]]] = {
    code: (true, false) for code, (true, false) in _TABLE["truths"].items()
}
"""*True* and *false*, by the code of their language."""
LOCALES: Final[dict[str, tuple[str, str, str, str]]] = {
    code: (short, point, group, whole)
    for code, (short, point, group, whole) in _TABLE["locales"].items()
}
"""Short date, decimal and group sign, and long date by locale, for those not installed."""


def named_locale(part: str) -> str:
    """Return the locale that the variables name for a part, without its encoding: ``de_DE``."""
    named = os.environ.get("LC_ALL") or os.environ.get(part) or os.environ.get("LANG", "")
    return re.split("[.@]", named)[0]


_DATE_PARTS: Final = re.compile(r'"([^"]*)"|(d+|m+|y+)|(.)')
_STANDS_FOR: Final = {"d": "%d", "m": "%m", "y": "%Y"}


@lru_cache(maxsize=16)
def strftime_of(code: str) -> str:
    """Return the ``strftime`` format of a spreadsheet's format of a date in digits.

    Days and months have two digits, years four.
    """
    return "".join(
        _STANDS_FOR[part[0]] if part else (quoted or other).replace("%", "%%")
        for quoted, part, other in _DATE_PARTS.findall(code)
    )


def day_in(code: str, day: date) -> str:
    """Write a day in a spreadsheet's format of a date in digits; years have four."""
    numbers = {"d": day.day, "m": day.month, "y": day.year}
    return "".join(
        f"{numbers[part[0]]:0{len(part)}}" if part else quoted or other
        for quoted, part, other in _DATE_PARTS.findall(code)
    )


def date_format(written: str) -> str | None:
    """Return the format of 22 November 2000; ``None`` if it is not written in digits."""
    if re.search(r"[^\W\d]", written):
        return None
    for digits, part in (("2000", "yyyy"), ("00", "yyyy"), ("11", "mm"), ("22", "dd")):
        written = written.replace(digits, part)
    return written if all(part in written for part in ("yyyy", "mm", "dd")) else None


@dataclass(frozen=True, slots=True)
class Signs:
    """The short date, as spreadsheets write it, the signs of numbers, and the locale's name."""

    short_date: str = "yyyy-mm-dd"
    point: str = "."
    group: str = ","
    locale: str = ""


def system_signs() -> Signs:
    """Return those of this computer's settings; the process has no locale afterwards."""
    default = Signs()
    try:
        locale.setlocale(locale.LC_NUMERIC, "")
        point = str(locale.localeconv()["decimal_point"]) or default.point
        group = str(locale.localeconv()["thousands_sep"]) or ("." if point == "," else ",")
        name = locale.setlocale(locale.LC_TIME, "").partition(".")[0]
        short = date_format(date(2000, 11, 22).strftime("%x"))
    except locale.Error:  # the settings name a language that is not installed
        signs = LOCALES.get(named_locale("LC_NUMERIC"), ("", default.point, default.group, ""))
        _, point, group, _ = signs
        name = named_locale("LC_TIME")
        short = LOCALES[name][0] if name in LOCALES else None
    finally:
        locale.setlocale(locale.LC_NUMERIC, "C")
        locale.setlocale(locale.LC_TIME, "C")
    if name in {"C", "POSIX"} or short is None:
        return Signs(point=point, group=group)
    if short.startswith("m"):  # spreadsheets write 3/1/2026 there
        short = short.replace("mm", "m").replace("dd", "d")
    return Signs(short, point, group, name)
