"""The error of a spreadsheet: its fault as data, and an English sentence."""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


class OtherKind(StrEnum):
    """What a file is that is not a spreadsheet; each member's text completes *This is …*."""

    WEB_PAGE = "a web page"
    SHORTCUT = "only a link to a spreadsheet on the web"
    DATA = "a data file for programs"
    CONTACTS = "a list of contacts from an address book"
    CALENDAR = "a calendar"
    E_MAIL = "an e-mail"
    DOCUMENT = "a text document"
    SLIDES = "a presentation"
    PICTURE = "a picture"
    NUMBERS = "a document of Apple Numbers"
    DATABASE = "a database"
    ARCHIVE = "an archive, which may hold a spreadsheet"


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


SENTENCES: Final = {
    SheetFault.GONE: "The file does not exist.",
    SheetFault.NOT_ALLOWED: "The file cannot be opened: permission is missing, or another program "
    "is using it.",
    SheetFault.NOT_A_FILE: "This is not a file.",
    SheetFault.NOT_READABLE: "The file could not be read: {text}.",
    SheetFault.NOT_COPIED: "The file could not be copied: {text}.",
    SheetFault.EMPTY: "The spreadsheet is empty.",
    SheetFault.TOO_LARGE: "The file has {size}; the limit is {limit}.",
    SheetFault.TOO_WIDE: "The file has more than {columns} columns. Check what separates them.",
    SheetFault.UNPACKS_TOO_LARGE: "The spreadsheet unpacks to {size}; the limit is {limit}. Save "
    "it as CSV.",
    SheetFault.OUT_OF_MEMORY: "Reading the spreadsheet takes more than {limit} of memory. Save it "
    "as CSV.",
    SheetFault.PASSWORD_PROTECTED: "The spreadsheet is protected by a password. Save a copy "
    "without one.",
    SheetFault.CUT_OFF: "The end of the file is missing. Copy or download it again.",
    SheetFault.DAMAGED: "The spreadsheet is damaged. Open it in its own program and save it again.",
    SheetFault.UNKNOWN_KIND: "This is not a spreadsheet. Use .xlsx, .xls, .ods, .csv or .tsv.",
    SheetFault.BINARY: "Workbooks of this kind (.xlsb) are not read. Save it as .xlsx in Excel.",
    SheetFault.OTHER_KIND: "This is {what}, and not a spreadsheet. Open it where it came from, and "
    "save or export it as .xlsx or .csv.",
    SheetFault.NOT_TEXT: "This is not a spreadsheet, although it is named like one. Open it in its "
    "own program and save it as .xlsx or .csv.",
    SheetFault.WRONG_ENCODING: "Some characters in the file are not {encoding}. Save it as CSV "
    "UTF-8.",
    SheetFault.NO_SUCH_SHEET: "There is no sheet “{sheet}”. The sheets are: {sheets}.",
    SheetFault.CHANGED: "The file changed while it was read. Import it again.",
    SheetFault.DIFFERENT_COLUMNS: "The spreadsheet has no column {missing}.",
    SheetFault.NOT_WRITABLE: "The file could not be written: {text}.",
    SheetFault.CANCELLED: "Cancelled.",
    SheetFault.STOPPED: "The work on the spreadsheet ended unexpectedly ({text}).",
}
"""In English, with the names of their data."""


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


def sentence(error: SheetError) -> str:
    """Write an error as an English sentence with what to do, for shells and logs."""
    return SENTENCES[error.fault].format_map(
        {name: _written(name, value) for name, value in error.data.items()}
    )


def _written(name: str, value: Any) -> str:
    if name in {"size", "limit"}:
        return f"{value / (1 << 20):,.0f} MiB"
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
