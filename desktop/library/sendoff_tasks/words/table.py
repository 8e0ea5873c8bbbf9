"""A table of words: each row is one text, with its English forms and a note for translators.

A file has a section for each subject, such as ``[reason]``. A row is its name with the text, or
with ``one``, ``other`` and a ``note`` of its own; ``note`` alone is for the whole section. Fields
are named, and ``{n}`` is the number that picks the form. A section ``["reason.server"]`` has the
rows of a variant: they are said in place of those of ``[reason]`` where it applies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from sendoff_tasks.model.program import PROGRAM
from sendoff_tasks.model.times import Rate, local_time

OWN: Final = tuple(
    Path(__file__).with_name(f"{name}.toml")
    for name in ("tasks", "engine", "store", "shell", "page")
)
"""The words about tasks of any program."""
NO_FIELDS: Final[Mapping[str, object]] = {}


class WordRow(NamedTuple):
    """One text; ``one`` is empty if it has no number."""

    subject: str
    name: str
    other: str
    one: str
    note: str


class Said(str):
    """The text of a row that knows its row, so that a reader's own table can say it again.

    ``reason`` is the row's subject and name, such as ``mail.no_sender``; ``data`` has its fields as
    JSON, with the number as ``count``: what ``refused_words`` takes.
    """

    reason: str
    data: Mapping[str, Any]

    def __str__(self) -> str:
        """Stay as it is."""
        return self

    @property
    def told(self) -> dict[str, Any]:
        """What another text tells of this one, as a field of its data."""
        return {"refusal": self.reason, "data": self.data}


def _as_json(value: object) -> object:
    if isinstance(value, int | float | None):
        return value
    text = str(value)  # of an error, perhaps its row
    return text.told if isinstance(text, Said) else text


def of_queue(name: str) -> str:
    """Return the variant with a queue's own words."""
    return f"queue_{name}"


@cache
def read(file: Path) -> Mapping[tuple[str, str], WordRow]:
    """Read a file of words, by subject and name."""
    return {(row.subject, row.name): row for text in _sections(file) for row in _rows(text)}


@cache
def _sections(file: Path) -> Sequence[str]:
    return re.split(r"^(?=\[)", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def _rows(section: str) -> Iterator[WordRow]:
    import tomllib  # an app that only imports the library needs no words

    ((subject, texts),) = tomllib.loads(section).items()
    note = texts.pop("note", "")
    for name, text in texts.items():
        forms = text if isinstance(text, dict) else {"other": text}
        yield WordRow(subject, name, **{"note": note, "one": "", **forms})


@cache
def _all_rows(words: tuple[Path, ...]) -> Mapping[tuple[str, str], WordRow]:
    return {key: row for file in (*OWN, *words) for key, row in read(file).items()}


class WordTable:
    """Says rows in English; the window's words translate them and write times its own way.

    Rows of this program's own files replace those of the same subject and name. Times are epoch
    seconds.
    """

    def __init__(self) -> None:
        self._words: tuple[Path, ...] | None = None
        self._subjects: dict[str, Mapping[str, WordRow]] = {}

    @property
    def rows(self) -> Mapping[tuple[str, str], WordRow]:
        """All rows of the program that runs, by subject and name."""
        return _all_rows(PROGRAM.words)

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
        return "" if row is None else self.filled(row, n, fields)

    def filled(self, row: WordRow, n: int | None, fields: Mapping[str, object]) -> str:
        """Put the fields into the text of a row."""
        said = Said(self.text(row, n).format_map(fields).rstrip())
        said.reason = f"{row.subject}.{row.name}"
        told: Mapping[str, object] = getattr(fields, "data", {})  # an error in it is data already
        said.data = {
            each: value if each in told and isinstance(value, dict) else _as_json(value)
            for each, value in (told or fields).items()
        }
        if n is not None:
            said.data["count"] = n
        return said

    def _find(self, subject: str, name: str, variants: Iterable[str]) -> WordRow | None:
        for variant in variants:
            if (row := self._subject(f"{subject}.{variant}").get(name)) is not None:
                return row
        return self._subject(subject).get(name)

    def _subject(self, name: str) -> Mapping[str, WordRow]:
        """Read one subject when it is first used: all of them take 35 ms."""
        if self._words is not PROGRAM.words:
            self._words, self._subjects = PROGRAM.words, {}
        if (found := self._subjects.get(name)) is None:
            heads = f"[{name}]", f'["{name}"]'
            texts = (text for file in (*OWN, *PROGRAM.words) for text in _sections(file))
            rows = (row for text in texts if text.startswith(heads) for row in _rows(text))
            found = self._subjects[name] = {row.name: row for row in rows}
        return found

    def text(self, row: WordRow, n: int | None) -> str:
        """Return the form of a row for a number, with its other fields still in it."""
        return (row.one if n == 1 and row.one else row.other).replace("{n}", self.number(n or 0))

    def both(self, first: str, second: str) -> str:
        """Say two sentences, one after the other; either may be empty."""
        if not first or not second:
            return first or second
        return self.say("text", "two", first=first, second=second)

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
