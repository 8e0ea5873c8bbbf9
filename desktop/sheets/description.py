"""What a spreadsheet is found to be: its sheets, its header, its columns and what they become."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from desktop.contract.rules.text import whole_number
from desktop.contract.tasks import ID_LIMIT

FIELD: Final = "fields."
"""Begins the target of a column that becomes a field of the item's own."""
TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".tab")
"""Suffixes of text files of which a report is text too; names of others lie, or have none."""
REPORT_HEADINGS: Final = ("Sendoff status", "sent at", "answer", "Message-ID")
"""The columns of a report beside those of its spreadsheet."""
ANSWER: Final = REPORT_HEADINGS.index("answer")
"""The place among them of what the server said."""
PROBLEM_HEADING: Final = "Sendoff problem"
"""The column beside those of the spreadsheet in a file of the rows that have a problem."""

ENCODINGS: Final = (
    "utf-8",
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "mac_roman",
    "utf-16",
    "cp932",
    "gb18030",
    "big5",
    "euc_kr",
)
"""What a person can choose for a text file whose encoding was guessed wrong."""


class Kind(StrEnum):
    """What a file is, by its content."""

    TEXT = "text"
    """Separated values, as in ``.csv``, ``.tsv`` and ``.txt``."""
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


class Note(StrEnum):
    """What a person should know of a sheet before its rows are sent."""

    HIDDEN_ROWS = "hidden_rows"
    """Some rows are hidden; they are read too."""
    FILTERED_ROWS = "filtered_rows"
    """A filter is set; the rows it hides are read too."""
    MERGED_CELLS = "merged_cells"
    """A merged cell's value belongs to its first row and column only."""
    FORMULAS = "formulas"
    """Formulas have the values that were last saved."""
    ERROR_CELLS = "error_cells"
    """Cells such as ``#DIV/0!`` are read as empty."""
    OTHER_SHEETS = "other_sheets"
    """The workbook has more sheets than this one."""


class Target(StrEnum):
    """What one column of a sheet can become, besides ``fields.<name>``."""

    NUMBER = "number"
    NAME = "name"
    FIRST_NAME = "first_name"
    EMAIL = "email"
    TITLE = "title"
    NOTE = "note"
    SEND_AT = "send_at"
    ATTACHMENT = "attachment"


def has_zeros(text: str) -> bool:
    """Tell whether a text is read as an item's number, and begins with zeros, which that loses."""
    return text.startswith("0") and whole_number(text, ID_LIMIT) is not None


def is_target(text: str) -> bool:
    """Tell whether a column can become this."""
    return text in list(Target) or (text.startswith(FIELD) and len(text) > len(FIELD))


@dataclass(frozen=True, slots=True)
class Writing:
    """How a person writes dates and numbers: a format of ``strftime``, and the decimal point."""

    date: str
    point: str


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """What a person chose of a spreadsheet; ``None`` is guessed.

    ``header`` is the number of the header's row, from 1; 0 where the sheet has none. ``encoding``
    is that of a text file.
    """

    sheet: str | None = None
    header: int | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header (unique; its letter where it has none), up to five values as text.

    ``target`` is what it probably becomes; ``None`` for an empty column. ``has_header`` tells
    whether the spreadsheet itself names it.
    """

    header: str
    samples: tuple[str, ...]
    target: str | None
    has_header: bool = True


@dataclass(frozen=True, slots=True)
class Description:
    """A spreadsheet as it was found.

    ``header`` is the row of the header, the last one of ``header_rows`` (0, 1 or 2); 0 where there
    is none. ``rows`` counts those below it that are not blank. ``stamp`` tells the file that is
    read from what it becomes when it is saved again. ``copy`` is read in place of ``path``, where
    one was made.
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
    notes: tuple[Note, ...]
    stamp: str
    copy: str | None = None

    @property
    def source(self) -> Path:
        """The file that is read."""
        return Path(self.copy or self.path)

    @property
    def mapping(self) -> dict[str, str | None]:
        """What each column probably becomes, by its header: a batch's ``columns`` to begin with."""
        return {column.header: column.target for column in self.columns}

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Description:
        """Read what ``as_dict`` gave."""
        read = {
            "kind": Kind(values["kind"]),
            "sheets": tuple(values["sheets"]),
            "notes": tuple(map(Note, values["notes"])),
            "columns": tuple(
                Column(**{**each, "samples": tuple(each["samples"])}) for each in values["columns"]
            ),
        }
        return cls(**{**values, **read})
