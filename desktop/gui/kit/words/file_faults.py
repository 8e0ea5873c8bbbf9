"""The sentences for errors of files and of the backend, in the window's words."""

from __future__ import annotations

from desktop.gui.kit.words.states import error_text, in_words, sentences
from desktop.gui.kit.words.table import WORDS
from desktop.sheets.faults import SheetError, sentence
from sendoff_tasks.client.errors import BackendGone


def error_sentence(error: Exception) -> str:
    """Return an error as a sentence."""
    if isinstance(error, SheetError):
        return sentence(error, WORDS)
    return sentences(error_text(in_words(error)))


def waiting_error(error: Exception) -> str:
    """Return the sentence of an error; if the backend is away, it is tried again."""
    return WORDS.say("server", "away") if isinstance(error, BackendGone) else error_sentence(error)
