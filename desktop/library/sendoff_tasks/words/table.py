"""A table of words: each row is one text, with its English forms and a note for translators.

A file has a section for each subject, such as ``[reason]``. A row is its name with the text, or
with ``one``, ``other`` and a ``note`` of its own; ``note`` alone is for the whole section. Fields
are named, and ``{n}`` is the number that picks the form. A section ``["reason.server"]`` has the
rows of a variant: they are said in place of those of ``[reason]`` where it applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from sendoff_tasks.model.program import PROGRAM
from sendoff_tasks.model.times import Rate, local_time

TASKS: Final = Path(__file__).with_name("tasks.toml")
"""The words about tasks of any program."""
NO_FIELDS: Final[Mapping[str, object]] = {}


class WordRow(NamedTuple):
    """One text; ``one`` is empty if it has no number."""

    subject: str
    name: str
    other: str
    one: str
    note: str


def of_queue(name: str) -> str:
    """Return the variant with a queue's own words."""
    return f"queue_{name}"


@cache
def read(file: Path) -> Mapping[tuple[str, str], WordRow]:
    """Read a file of words, by subject and name."""
    import tomllib  # an app that only imports the library needs no words

    rows = {}
    for subject, section in tomllib.loads(file.read_text(encoding="utf-8")).items():
        note = section.pop("note", "")
        for name, text in section.items():
            forms = text if isinstance(text, dict) else {"other": text}
            rows[subject, name] = WordRow(subject, name, **{"note": note, "one": "", **forms})
    return rows


@cache
def _merged(words: tuple[Path, ...]) -> Mapping[tuple[str, str], WordRow]:
    return {key: row for file in (TASKS, *words) for key, row in read(file).items()}


class WordTable:
    """Says rows in English; the window's words translate them and write times its own way.

    Rows of this program's own files replace those of the same subject and name. Times are epoch
    seconds.
    """

    @property
    def rows(self) -> Mapping[tuple[str, str], WordRow]:
        """All rows of the program that runs, by subject and name."""
        return _merged(PROGRAM.words)

    def say(
        self, subject: str, name: str, /, *variants: str, n: int | None = None, **fields: object
    ) -> str:
        """Say a row with its fields; the first of the variants that has one goes before it.

        Raises ``LookupError`` if there is none.
        """
        if self._find(subject, name, variants) is None:
            raise LookupError(f"The words have no row {name} of {subject}.")
        return self.fill(subject, name, variants, n, fields)

    def fill(
        self,
        subject: str,
        name: str,
        variants: Iterable[str] = (),
        n: int | None = None,
        fields: Mapping[str, object] = NO_FIELDS,
    ) -> str:
        """Say a row as :meth:`say` does; empty if there is none, as of a newer version."""
        row = self._find(subject, name, variants)
        return "" if row is None else self.text(row, n).format_map(fields)

    def _find(self, subject: str, name: str, variants: Iterable[str]) -> WordRow | None:
        found = (self.rows.get((f"{subject}.{variant}", name)) for variant in variants)
        return next(filter(None, found), None) or self.rows.get((subject, name))

    def text(self, row: WordRow, n: int | None) -> str:
        """Return the form of a row for a number, with its other fields still in it."""
        return (row.one if n == 1 and row.one else row.other).replace("{n}", self.number(n or 0))

    def number(self, number: float) -> str:
        """Write a number."""
        return f"{number:,.15g}"

    def moment(self, at: float, now: float) -> str:
        """Write a time of day, with its day unless that is today."""
        return local_time(round(at * 1000))

    def coming(self, at: float, now: float) -> str:
        """Write when a coming moment is."""
        return self.say("time", "at", time=self.moment(at, now))

    def queue(self, name: str) -> str:
        """Return a queue's name as people read it."""
        return name

    def rate(self, rates: str | None) -> str:
        """Write a rate such as ``500/day``, or several; empty for none."""
        return ", ".join(map(self._rate, map(Rate.parse, rates.split(",")))) if rates else ""

    def _rate(self, rate: Rate) -> str:
        return self.say("rate", rate.unit, count=self.number(rate.count))


ENGLISH: Final = WordTable()
"""What the program says in logs, errors, its shell and the API."""
