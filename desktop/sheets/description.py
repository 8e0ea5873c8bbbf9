"""The description of a spreadsheet: its sheets, its header, and what its columns become."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from desktop.contract.batches import Target
from desktop.contract.items import ValueKind
from desktop.contract.rules.locales import Signs, strftime_of
from desktop.contract.rules.mailbox import contacts_in
from desktop.contract.rules.salutations import is_salutation
from desktop.contract.rules.templates import FIELD, left_fields
from desktop.contract.rules.values import bare_kind, kind_in, salutation_told
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.model.text import whole_number
from sendoff_tasks.words.table import ENGLISH, WordTable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.contract.batches import SheetReading
    from desktop.contract.rules.salutations import WordsTold

NUMBER_MARKS: Final = "#№ "
"""What shops write before an order's number: #1001."""
TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".tab")
"""Suffixes of text files whose report is a text file too."""
SUFFIXES: Final = (*TEXT_SUFFIXES, ".xlsx", ".xlsm", ".xls", ".ods")
"""Suffixes of the spreadsheets that are read."""
REPORT_HEADINGS: Final = ("Sendoff status", "sent at", "sent to", "answer", "Message-ID")
"""The columns that a report adds to its spreadsheet."""
PROBLEM_HEADING: Final = "Sendoff problem"
"""The column that a file of rows with problems adds to the spreadsheet."""
MOST_HIDDEN: Final = 1000
"""Hidden rows that are named one by one."""
SAID_HIDDEN: Final = 5
"""Those, or other cells, that a sentence names."""
ENCODINGS: Final = (
    "utf-8", "cp1252", "iso8859_15", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256",
    "koi8_r", "cp866", "mac_roman", "utf-16", "cp932", "euc_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip
"""The encodings that a person can choose for a text file."""


class Kind(StrEnum):
    """The kind of a file, by its content."""

    TEXT = "text"
    """Separated values, as in ``.csv``, ``.tsv`` and ``.txt``."""
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


class Note(StrEnum):
    """What a person should know about a sheet before its rows are sent; each has a count."""

    HIDDEN_ROWS = "hidden_rows"
    """Rows that a person or a filter has hidden; they are read too."""
    HIDDEN_COLUMNS = "hidden_columns"
    """Hidden columns, which are left out unless they are the recipient, the number or a file."""
    MERGED_CELLS = "merged_cells"
    """A merged cell's value belongs to its first row and column only."""
    UNSAVED_FORMULAS = "unsaved_formulas"
    """Formulas whose values were not saved are empty."""
    ERROR_CELLS = "error_cells"
    """Cells with an error such as ``#N/A``."""
    PLAIN_VALUES = "plain_values"
    """Some cells have a rare number format; they are written as plain values."""
    HIDDEN_SHEET = "hidden_sheet"
    """The sheet that is read is hidden."""
    OTHER_SHEETS = "other_sheets"
    """Further sheets, which are not read."""
    HIDDEN_SHEETS = "hidden_sheets"
    """Further sheets that are hidden, which are not read either."""


RECIPIENT: Final = frozenset({Target.NAME, Target.FIRST_NAME, Target.EMAIL})
"""The targets that are parts of the recipient."""


BY_VALUE: Final = frozenset({Target.NUMBER, Target.SEND_AT})
"""The targets that take a cell's value, however the sheet shows it."""


def has_zeros(text: str) -> bool:
    """Tell whether a text is an item's number with leading zeros, which the number loses."""
    return text.startswith("0") and whole_number(text, ID_LIMIT) is not None


def is_shown(target: str | None) -> bool:
    """Tell whether a target is a value that a message shows as it is: a field, title or note."""
    return target in {Target.TITLE, Target.NOTE} or (target or "").startswith(FIELD)


def read_by(columns: Mapping[str, str | None], reading: SheetReading | None) -> tuple[Any, ...]:
    """Return what the items of a file's rows depend on, besides how the file is read.

    The kind of a column counts for a field only, without the form of its numbers or the words of
    its salutations.
    """
    plain = reading["plain"] if reading else ()
    kinds = reading.get("kinds", {}) if reading else {}
    shown = {header for header, target in columns.items() if is_shown(target)}
    fields = {header: kind_in(kinds.get(header, ValueKind.TEXT))[0] for header in shown}
    return {**columns}, shown.intersection(plain), fields


_DAY: Final = date(2026, 12, 31)


@dataclass(frozen=True, slots=True)
class Writing(Signs):
    """The way numbers and dates are written; the fields are those of a batch's ``SheetReading``."""

    names: tuple[tuple[str, ...], ...] = ()
    long_date: str = "dddd, mmmm d, yyyy"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Make it of the values of ``asdict``, or of a batch's ``SheetReading``."""
        return cls(**{each.name: _with_tuples(values[each.name]) for each in fields(cls)})

    @property
    def example(self) -> str:
        """A number and a date, written so."""
        return f"1{self.group}234{self.point}50 · {_DAY.strftime(strftime_of(self.short_date))}"


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """A person's choices for a spreadsheet; ``None`` is guessed.

    ``header`` is the row of the header, from 1; 0 if the sheet has none. ``encoding`` is that of a
    text file. ``writing`` is the system's if it is not chosen. With ``each_address``, each address
    of a cell that has several is a row of its own; else such a row is a problem. With
    ``visible_only``, hidden rows are left out.
    """

    sheet: str | None = None
    header: int | None = None
    encoding: str | None = None
    writing: Writing | None = None
    each_address: bool = False
    visible_only: bool = True

    @classmethod
    def of(cls, reading: SheetReading) -> Self:
        """Choose what a batch's spreadsheet was read with."""
        return cls(
            sheet=reading.get("sheet"),
            encoding=reading.get("encoding"),
            writing=Writing.from_dict(reading),
            each_address=reading.get("each_address", False),
            visible_only=reading.get("visible_only", False),
        )


_NAMING: Final = frozenset(
    {Target.NAME, Target.FIRST_NAME, f"{FIELD}first_name", f"{FIELD}last_name"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its unique header (its letter if it has none) and up to five values as text.

    ``target`` is what it probably becomes; ``None`` for an empty column. ``has_header`` tells
    whether the header is from the spreadsheet. ``plain`` is the plain value of a cell that the
    sheet shows as ``shown``; both are ``None`` if no cell differs from its plain value.
    ``further`` is the number of addresses that its cells have after their first one. ``kind`` is
    what it probably counts as, as in ``FieldReading``. ``words`` are its different texts with their
    counts, if they are few or tell salutations.
    """

    header: str
    samples: tuple[str, ...]
    target: str | None
    has_header: bool = True
    shown: str | None = None
    plain: str | None = None
    further: int = 0
    kind: str = ValueKind.TEXT
    words: tuple[tuple[str, int], ...] = ()

    def greeted(self, told: WordsTold) -> int:
        """Return the number of its cells that tell a salutation in this way."""
        return sum(count for text, count in self.words if is_salutation(told.word(text)))


@dataclass(frozen=True, slots=True)
class Description:
    """The description of a spreadsheet.

    - ``header``: the row of the header, the last one of ``header_rows`` (0, 1 or 2); 0 if none
    - ``rows``: the number of rows below the header that are not blank, in the file
    - ``notes``: what a person should know, with its count; in the order of ``Note``
    - ``hidden_rows``: the rows that are hidden, the first ``MOST_HIDDEN`` of them
    - ``readings``: if several encodings are likely, a word as each of them reads it, by encoding
    - ``stamp``: identifies this version of the file
    - ``copy``: the copy that is read in place of ``path``, if one was made
    - ``writing``: how its numbers and dates are written
    - ``each_address``: each address of a cell that has several is a row of its own
    - ``visible_only``: hidden rows are left out, and ``rows`` and ``columns`` are without them
    """

    path: str
    kind: Kind
    sheets: tuple[str, ...]
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    header: int
    header_rows: int
    columns: tuple[Column, ...]
    rows: int
    notes: Mapping[Note, int]
    stamp: str
    copy: str | None = None
    writing: Writing = Writing()
    readings: dict[str, str] = field(default_factory=dict)
    hidden_rows: tuple[int, ...] = ()
    each_address: bool = False
    visible_only: bool = False

    def note_words(self, words: WordTable = ENGLISH) -> list[str]:
        """Say the notes, each with its count."""
        rows = [*map(words.number, self.hidden_rows[:SAID_HIDDEN])]
        rows += ["…"] * (len(self.hidden_rows) > SAID_HIDDEN)
        way = ("visible_only",) if self.visible_only else ()
        return [
            words.say("sheet_note", note, *way, n=count, rows=", ".join(rows))
            for note, count in self.notes.items()
        ]

    @property
    def source(self) -> Path:
        """The file that is read."""
        return Path(self.copy or self.path)

    @property
    def mapping(self) -> dict[str, str | None]:
        """The probable targets of the columns, by header: the first ``columns`` of a batch."""
        return {column.header: column.target for column in self.columns}

    def further(self, columns: Mapping[str, str | None]) -> int:
        """Return how many addresses cells have after their first one, with these ``columns``."""
        return sum(
            each.further for each in self.columns if columns.get(each.header) == Target.EMAIL
        )

    def lacks_name(self, columns: Mapping[str, str | None]) -> bool:
        """Tell whether these ``columns`` have an address but no name, also not beside it."""
        targets = {*columns.values()}
        if Target.EMAIL not in targets or targets & _NAMING:
            return False
        samples = [
            text
            for each in self.columns
            if columns.get(each.header) == Target.EMAIL
            for text in each.samples
        ]
        return not any(contact.name for text in samples for contact in contacts_in(text))

    def neutral(
        self, columns: Mapping[str, str | None], kinds: Mapping[str, str] | None = None
    ) -> tuple[str, int]:
        """Return the column that tells the salutation, if any, and the number of rows without one.

        The columns count as their ``kinds``, if these are chosen.
        """
        kinds = self.kinds if kinds is None else kinds
        told = [
            (each.greeted(way), each.header)
            for each in self.columns
            for way in [salutation_told(kinds.get(each.header, ""))]
            if way and columns.get(each.header)
        ]
        greeted, header = max(told, default=(0, ""))
        return header, max(self.rows - greeted, 0)

    def rows_with(self, columns: Mapping[str, str | None]) -> int:
        """Return the number of rows that are read with these ``columns``."""
        return self.rows + (self.further(columns) if self.each_address else 0)

    @property
    def kinds(self) -> dict[str, str]:
        """What the columns probably count as, by header."""
        return {each.header: each.kind for each in self.columns}

    def kind_of(self, header: str) -> str:
        """Return what a column probably counts as, without the form of its numbers."""
        return bare_kind(self.kinds[header])

    def reading(
        self,
        columns: Mapping[str, str | None],
        plain: Collection[str] = (),
        kinds: Mapping[str, str] | None = None,
    ) -> SheetReading:
        """Return the ``SheetReading`` of a batch with these ``columns``; ``plain`` ones are so.

        They count as their ``kinds``, if these are chosen.
        """
        written = self.writing
        return {
            "locale": written.locale,
            "short_date": written.short_date,
            "long_date": written.long_date,
            "point": written.point,
            "group": written.group,
            "names": [[*names] for names in written.names],
            "plain": [*plain],
            "encoding": self.encoding,
            "each_address": self.each_address,
            "visible_only": self.visible_only,
            "sheet": self.sheet,
            "rows": self.rows_with(columns),
            "kinds": {
                header: bare_kind(kind) if header in plain else kind
                for header, kind in (self.kinds if kinds is None else kinds).items()
            },
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the description as JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Description:
        """Make a description of the values of ``as_dict``."""
        read = {
            "kind": Kind(values["kind"]),
            "notes": {Note(note): count for note, count in values["notes"].items()},
            "writing": Writing.from_dict(values["writing"]),
            "columns": tuple(Column(**_with_tuples(each)) for each in values["columns"]),
        }
        return cls(**_with_tuples(values) | read)


def _with_tuples(values: Any) -> Any:
    """Return JSON values with tuples in place of lists."""
    if isinstance(values, dict):
        return {name: _with_tuples(each) for name, each in values.items()}
    return tuple(map(_with_tuples, values)) if isinstance(values, list) else values


def look_wrong(texts: Sequence[str], words: WordTable = ENGLISH) -> list[str]:
    """Say which texts look wrong, the first few of them; none if there are none."""
    named = ", ".join([*texts[:SAID_HIDDEN], *["…"] * (len(texts) > SAID_HIDDEN)])
    return [words.say("sheet_note", "looks_wrong", texts=named)] if texts else []


def letter_notes(
    found: Description | None,
    columns: Mapping[str, str | None],
    letter: Mapping[str, Collection[str]],
    kinds: Mapping[str, str] | None = None,
    words: WordTable = ENGLISH,
) -> list[str]:
    """Say what is probably wrong in the e-mails of these ``columns``, which are sent all the same.

    ``letter`` is the template, as ``GET /templates`` details it; the columns count as ``kinds``.
    """
    said = []
    if found is not None and found.lacks_name(columns):
        said.append(words.say("sheet_note", "unnamed"))
    left = left_fields(letter.get("left_over", ()), columns)
    said += look_wrong([words.say("sheet_note", "in_template", text=each) for each in left], words)
    if found is not None and "salutation" in letter.get("standard", ()):
        header, count = found.neutral(columns, kinds)
        name = "neutral" if header else "all_neutral"
        said += [words.say("sheet_note", name, n=count, header=header)] * bool(count)
    return said
