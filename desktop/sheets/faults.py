"""The error of a spreadsheet: its fault as data, and its sentence."""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sendoff_tasks.words.table import ENGLISH, WordTable

if TYPE_CHECKING:
    from collections.abc import Iterator


class OtherKind(StrEnum):
    """What a file is that is not a spreadsheet."""

    WEB_PAGE = "web_page"
    SHORTCUT = "shortcut"
    DATA = "data"
    CONTACTS = "contacts"
    CALENDAR = "calendar"
    E_MAIL = "e_mail"
    DOCUMENT = "document"
    SLIDES = "slides"
    PICTURE = "picture"
    NUMBERS = "numbers"
    DATABASE = "database"
    ARCHIVE = "archive"


class SheetFault(StrEnum):
    """Why a spreadsheet cannot be read or written; each member names its data."""

    GONE = "gone"
    """There is no such file."""
    NOT_ALLOWED = "not_allowed"
    """The system refuses to open it: no permission, or another program holds it."""
    NOT_A_FILE = "not_a_file"
    """It is a folder, a pipe or a device."""
    NOT_READABLE = "not_readable"
    """The disk or network failed; ``text`` is the system's error."""
    NOT_COPIED = "not_copied"
    """It is copied before it is read, which failed; ``text`` is the system's error."""
    EMPTY = "empty"
    """It has no cells with a value."""
    TOO_LARGE = "too_large"
    """It has ``size`` bytes; the limit is ``limit``."""
    TOO_WIDE = "too_wide"
    """It has more than ``columns`` columns, which no spreadsheet program has."""
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    """Unpacked it has ``size`` bytes; the limit is ``limit``."""
    OUT_OF_MEMORY = "out_of_memory"
    """Reading it takes more than ``limit`` bytes of memory."""
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105 - a name
    CUT_OFF = "cut_off"
    """Its end is missing, as after an interrupted download."""
    DAMAGED = "damaged"
    """Its content is invalid; ``text`` is the library's error."""
    UNKNOWN_KIND = "unknown_kind"
    """It is not a spreadsheet; ``suffix`` is the ending of its name."""
    BINARY = "binary"
    """It is an ``.xlsb``, a workbook in Excel's own binary form."""
    OTHER_KIND = "other_kind"
    """It is not a spreadsheet, but ``what``, an ``OtherKind``."""
    NOT_TEXT = "not_text"
    """It is named like a spreadsheet, but holds other bytes."""
    WRONG_ENCODING = "wrong_encoding"
    """It has bytes that are not text in ``encoding``."""
    NO_SUCH_SHEET = "no_such_sheet"
    """It has no sheet named ``sheet``; ``sheets`` are its sheets."""
    CHANGED = "changed"
    """The file changed while it was read, or since it was described."""
    DIFFERENT_COLUMNS = "different_columns"
    """The columns ``missing`` are not in the spreadsheet."""
    NOT_WRITABLE = "not_writable"
    """A report or a table cannot be written; ``text`` is the system's error."""
    CANCELLED = "cancelled"
    """A person stopped it."""
    STOPPED = "stopped"
    """The child process ended with exit status ``code``; ``text`` is its last line."""


class SheetError(Exception):
    """A spreadsheet cannot be read or written; only a person can solve the problem."""

    def __init__(self, fault: SheetFault, **data: Any) -> None:
        super().__init__(fault, data)
        self.fault = fault
        self.data = data

    def __str__(self) -> str:
        return sentence(self)


@contextmanager
def writing_a_file() -> Iterator[None]:
    """Raise ``NOT_WRITABLE`` in place of an ``OSError``."""
    try:
        yield
    except OSError as error:
        raise SheetError(SheetFault.NOT_WRITABLE, text=error.strerror or str(error)) from error


def sentence(error: SheetError, words: WordTable = ENGLISH) -> str:
    """Say why a spreadsheet cannot be read or written, with what to do."""
    data = {name: _written(name, value, words) for name, value in error.data.items()}
    return words.fill("sheet", error.fault, fields=data)


def _written(name: str, value: Any, words: WordTable) -> str:
    if name in {"size", "limit"}:
        return words.number(round(value / (1 << 20)))
    if name == "what":
        return words.say("sheet_kind", value)
    if isinstance(value, int):
        return words.number(value)
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
