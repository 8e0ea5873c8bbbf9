"""The sentences for spreadsheets that cannot be read, and notes on those that can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from desktop.client.errors import BackendGone, Refused
from desktop.gui.kit.words.plurals import figure
from desktop.sheets.description import SAID_HIDDEN, Note
from desktop.sheets.faults import OtherKind, SheetError, SheetFault

if TYPE_CHECKING:
    from desktop.sheets.description import Description

translate = QCoreApplication.translate

_FAULTS: Final[dict[SheetFault, object]] = {
    SheetFault.GONE: QT_TRANSLATE_NOOP("sheets", "The file no longer exists."),
    SheetFault.NOT_ALLOWED: QT_TRANSLATE_NOOP(
        "sheets", "The file cannot be opened: permission is missing, or another program uses it."
    ),
    SheetFault.NOT_A_FILE: QT_TRANSLATE_NOOP("sheets", "This is not a file."),
    SheetFault.NOT_READABLE: QT_TRANSLATE_NOOP("sheets", "The file could not be read: {text}."),
    SheetFault.EMPTY: QT_TRANSLATE_NOOP("sheets", "The spreadsheet is empty."),
    SheetFault.TOO_LARGE: QT_TRANSLATE_NOOP("sheets", "The file has {size}; the limit is {limit}."),
    SheetFault.UNPACKS_TOO_LARGE: QT_TRANSLATE_NOOP(
        "sheets", "The spreadsheet unpacks to {size}; the limit is {limit}. Save it as CSV."
    ),
    SheetFault.OUT_OF_MEMORY: QT_TRANSLATE_NOOP(
        "sheets", "Reading the spreadsheet takes more than {limit} of memory. Save it as CSV."
    ),
    SheetFault.PASSWORD_PROTECTED: QT_TRANSLATE_NOOP(
        "sheets", "The spreadsheet is protected by a password. Save a copy without one."
    ),
    SheetFault.CUT_OFF: QT_TRANSLATE_NOOP(
        "sheets", "The end of the file is missing. Copy or download it again."
    ),
    SheetFault.DAMAGED: QT_TRANSLATE_NOOP(
        "sheets", "The spreadsheet is damaged. Open it in its own program and save it again."
    ),
    SheetFault.UNKNOWN_KIND: QT_TRANSLATE_NOOP(
        "sheets", "This is not a spreadsheet. Use .xlsx, .xls, .ods, .csv or .tsv."
    ),
    SheetFault.OTHER_KIND: QT_TRANSLATE_NOOP(
        "sheets",
        "This is {what}, and not a spreadsheet. Open it where it came from, and save or export it"
        " as .xlsx or .csv.",
    ),
    SheetFault.NOT_TEXT: QT_TRANSLATE_NOOP(
        "sheets",
        "This is not a spreadsheet, although it is named like one. Open it in its own program and"
        " save it as .xlsx or .csv.",
    ),
    SheetFault.WRONG_ENCODING: QT_TRANSLATE_NOOP(
        "sheets", "Some characters in the file are not {encoding}. Save it as CSV UTF-8."
    ),
    SheetFault.NO_SUCH_SHEET: QT_TRANSLATE_NOOP("sheets", "There is no sheet “{sheet}”."),
    SheetFault.CHANGED: QT_TRANSLATE_NOOP(
        "sheets", "The file changed while it was read. Choose it again."
    ),
    SheetFault.DIFFERENT_COLUMNS: QT_TRANSLATE_NOOP(
        "sheets", "The spreadsheet has no column {missing}."
    ),
    SheetFault.NOT_WRITABLE: QT_TRANSLATE_NOOP("sheets", "The file could not be written: {text}."),
    SheetFault.CANCELLED: QT_TRANSLATE_NOOP("sheets", "Reading was stopped."),
    SheetFault.STOPPED: QT_TRANSLATE_NOOP(
        "sheets", "Reading the spreadsheet stopped unexpectedly ({text})."
    ),
}
_OTHER_KINDS: Final[dict[OtherKind, object]] = {
    OtherKind.WEB_PAGE: QT_TRANSLATE_NOOP("sheets", "a web page"),
    OtherKind.SHORTCUT: QT_TRANSLATE_NOOP("sheets", "only a link to a spreadsheet on the web"),
    OtherKind.DATA: QT_TRANSLATE_NOOP("sheets", "a data file for programs"),
    OtherKind.CONTACTS: QT_TRANSLATE_NOOP("sheets", "a list of contacts from an address book"),
    OtherKind.CALENDAR: QT_TRANSLATE_NOOP("sheets", "a calendar"),
    OtherKind.E_MAIL: QT_TRANSLATE_NOOP("sheets", "an e-mail"),
    OtherKind.DOCUMENT: QT_TRANSLATE_NOOP("sheets", "a text document"),
    OtherKind.SLIDES: QT_TRANSLATE_NOOP("sheets", "a presentation"),
    OtherKind.PICTURE: QT_TRANSLATE_NOOP("sheets", "a picture"),
    OtherKind.NUMBERS: QT_TRANSLATE_NOOP("sheets", "a document of Apple Numbers"),
    OtherKind.DATABASE: QT_TRANSLATE_NOOP("sheets", "a database"),
    OtherKind.ARCHIVE: QT_TRANSLATE_NOOP("sheets", "an archive, which may hold a spreadsheet"),
}
"""What a file is that is not a spreadsheet."""


def fault_words(error: SheetError) -> str:
    """Say why a spreadsheet cannot be read, and what to do about it."""
    words = translate("sheets", str(_FAULTS[error.fault]))
    return words.format_map({name: _written(name, value) for name, value in error.data.items()})


def import_error(error: Exception) -> str:
    """Return the sentence of an error during an import; for a refusal, its field errors."""
    if isinstance(error, SheetError):
        return fault_words(error)
    if isinstance(error, Refused):
        errors = [each["message"] for each in error.problem.get("errors", [])]
        return "\n".join(errors) or error.problem["detail"]
    return str(error)


def waiting_error(error: Exception, then: str = "") -> str:
    """Return the sentence of an error; if the backend is away, it is retried, as ``then`` says."""
    if not isinstance(error, BackendGone):
        return import_error(error)
    words = translate("sheets", "Sendoff does not answer right now.")
    done = translate("sheets", "This is done once it does.")
    return f"{words} {then or done}"


def note_words(found: Description) -> list[str]:
    """Return the notes on a spreadsheet that the person should read before sending."""
    return [_note(note, count, found) for note, count in found.notes.items()]


def _note(note: Note, count: int, found: Description) -> str:
    match note:
        case Note.HIDDEN_ROWS if found.visible_only:
            return translate("sheets", "%Ln hidden rows are left out.", None, count)
        case Note.HIDDEN_ROWS:
            words = translate(
                "sheets",
                "%Ln rows are hidden, by hand or by a filter (rows {}). They are sent too.",
                None,
                count,
            )
            rows = [*map(figure, found.hidden_rows[:SAID_HIDDEN]), *["…"] * (count > SAID_HIDDEN)]
            return words.format(", ".join(rows))
        case Note.HIDDEN_COLUMNS:
            return translate(
                "sheets",
                "%Ln columns are hidden. Messages do not show them unless you choose so.",
                None,
                count,
            )
        case Note.MERGED_CELLS:
            return translate(
                "sheets",
                "%Ln cells are merged. Their value belongs to the first row only.",
                None,
                count,
            )
        case Note.UNSAVED_FORMULAS:
            return translate(
                "sheets",
                "%Ln formulas have no saved value and count as empty. Open the file in its own"
                " program and save it.",
                None,
                count,
            )
        case Note.ERROR_CELLS:
            return translate(
                "sheets",
                "%Ln cells have an error such as #N/A. Rows whose message would show it need a"
                " look.",
                None,
                count,
            )
        case Note.PLAIN_VALUES:
            return translate(
                "sheets",
                "Some numbers have a rare format. They are written plainly, not as the sheet shows"
                " them.",
            )
        case Note.HIDDEN_SHEET:
            return translate("sheets", "This sheet is hidden in its workbook.", None, count)
        case Note.OTHER_SHEETS:
            return translate("sheets", "%Ln other sheets are not read.", None, count)
        case Note.HIDDEN_SHEETS:
            return translate("sheets", "%Ln hidden sheets are not read.", None, count)


def _written(name: str, value: Any) -> str:
    if name in {"size", "limit"}:
        return QLocale().formattedDataSize(value, 0)
    if name == "what":
        return translate("sheets", str(_OTHER_KINDS[OtherKind(value)]))
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
