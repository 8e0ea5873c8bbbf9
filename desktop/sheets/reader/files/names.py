"""The names of months and days, in the system's language and in those that formats ask for."""

from __future__ import annotations

import calendar
from typing import Final, NamedTuple


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


def _names(months: str, days: str, day_letters: int = 3, short_months: str = "") -> Names:
    whole, week = tuple(months.split()), tuple(days.split())
    short = tuple(short_months.split()) or tuple(month[:3] for month in whole)
    return Names(whole, week, short, tuple(day[:day_letters] for day in week))


ENGLISH: Final = _names(
    "January February March April May June July August September October November December",
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
)
LANGUAGES: Final = {
    0x09: ENGLISH,
    0x07: _names(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag", 2,
    ),
    0x0C: _names(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "lundi mardi mercredi jeudi vendredi samedi dimanche", 3,
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    ),
    0x0A: _names(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "lunes martes miércoles jueves viernes sábado domingo",
    ),
    0x10: _names(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
        " dicembre",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    ),
    0x13: _names(
        "januari februari maart april mei juni juli augustus september oktober november december",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag", 2,
    ),
}  # fmt: skip
"""The names by the primary language of a Windows locale id (its lower ten bits)."""
