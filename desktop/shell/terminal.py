"""What a shell command says: lines a terminal can only show, for as long as they are read."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.times import local_time

if TYPE_CHECKING:
    from collections.abc import Callable

INDENT: Final = " " * 10
"""Before what does not fit into the terminal's width."""
NARROWEST: Final = 20
"""Columns; a terminal that claims to be narrower is left to break lines by itself."""
UNSEEN: Final = 120
"""Columns of a table that goes elsewhere than to a terminal."""


def say(text: str) -> None:
    """Print one line on stdout at once, broken between words where a terminal is too narrow."""
    line = plain(text)
    if sys.stdout.isatty():
        line = textwrap.fill(line, _width(), subsequent_indent=INDENT, break_on_hyphens=False)
    print(line, flush=True)


def say_row(text: str) -> None:
    """Print one line of a table on stdout at once, cut where it is too long for one."""
    print(cut(plain(text), row_width()), flush=True)


def row_width() -> int:
    """Tell how many columns a line of a table has."""
    return _width() if sys.stdout.isatty() else UNSEEN


def cut(text: str, width: int) -> str:
    """Shorten a text to this many columns; what was cut ends in an ellipsis."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def fail(sentence: str) -> int:
    """Say the one sentence on stderr; returns the exit status of a failure."""
    print(plain(sentence), file=sys.stderr)
    return 1


def plain(text: str) -> str:
    """Put text of any origin in one line: what a terminal would obey becomes a space.

    Titles, and a mail server's words in an error, are written by others: an escape sequence in
    them could rename the window, fill the clipboard or hide a line.
    """
    return "".join(" " if _is_obeyed(character) else character for character in text)


def local(moment: str, *, seconds: bool = False) -> str:
    """Write a moment (RFC 3339) as the clock on the wall shows it, with ``seconds`` if need be."""
    return local_time(round(datetime.fromisoformat(moment).timestamp() * 1000), seconds=seconds)


def until_unheard(command: Callable[[], int]) -> int:
    """Run a command; returns its exit status, or 0 once its reader has gone (``| head``)."""
    try:
        status = command()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more when it ends, and must not complain about it.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        return 0
    return status


def _width() -> int:
    return max(shutil.get_terminal_size().columns, NARROWEST)


def _is_obeyed(character: str) -> bool:
    """Tell whether it is a control, a bidirectional override, a line break or half a character."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in _OVERRIDES


_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
