"""The sentences for files that cannot be read or written, and notes on spreadsheets that can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from desktop.gui.kit.words.plurals import figure, size_words
from desktop.gui.kit.words.states import error_text, sentences
from desktop.sheets.description import SAID_HIDDEN, Note
from desktop.sheets.faults import SENTENCES, SheetError
from sendoff_tasks.client.errors import BackendGone, Refused

if TYPE_CHECKING:
    from desktop.sheets.description import Description

translate = QCoreApplication.translate


def fault_words(error: SheetError) -> str:
    """Say why a spreadsheet cannot be read, and what to do about it."""
    words = translate("sheets", SENTENCES[error.fault])
    return words.format_map({name: _written(name, value) for name, value in error.data.items()})


def error_sentence(error: Exception) -> str:
    """Return an error as a sentence; for a refusal, its field errors."""
    if isinstance(error, SheetError):
        return fault_words(error)
    if isinstance(error, Refused):
        return error.by_field
    return sentences(error_text(error))


def waiting_error(error: Exception, then: str = "") -> str:
    """Return the sentence of an error; if the backend is away, it is retried, as ``then`` says."""
    if not isinstance(error, BackendGone):
        return error_sentence(error)
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
                "%Ln rows are hidden, by hand or by a filter (rows {}). They are read too.",
                None,
                count,
            )
            rows = [*map(figure, found.hidden_rows[:SAID_HIDDEN]), *["…"] * (count > SAID_HIDDEN)]
            return words.format(", ".join(rows))
        case Note.HIDDEN_COLUMNS:
            return translate(
                "sheets",
                "%Ln columns are hidden. E-mails do not show them unless you choose so.",
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
                "%Ln cells have an error such as #N/A. Rows whose e-mail would show it need a"
                " look.",
                None,
                count,
            )
        case Note.PLAIN_VALUES:
            return translate(
                "sheets",
                "Numbers with a rare format, and those of an .xls, are written plainly, not as the"
                " sheet shows them. Save an .xls as .xlsx to keep their format.",
            )
        case Note.HIDDEN_SHEET:
            return translate("sheets", "This sheet is hidden in its workbook.", None, count)
        case Note.OTHER_SHEETS:
            return translate("sheets", "%Ln other sheets are not read.", None, count)
        case Note.HIDDEN_SHEETS:
            return translate("sheets", "%Ln hidden sheets are not read.", None, count)


def _written(name: str, value: Any) -> str:
    if name in {"size", "limit"}:
        return size_words(value)
    if name == "what":
        return translate("sheets", str(value))
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
