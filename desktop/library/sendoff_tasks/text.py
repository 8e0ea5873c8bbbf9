"""Text from a task's code, made safe to store and to read."""

from __future__ import annotations

import re
import traceback
import unicodedata
from collections.abc import Sequence
from typing import Any, Final, Protocol

SENTENCE: Final = 2_000
"""Characters kept of an error or a reason."""
LINE: Final = 8_000
"""Characters kept of one log line."""
TRACE: Final = 32_000
"""Characters kept of a traceback."""

_CALLERS: Final = ("sendoff_tasks.attempts.attempt", "asyncio.")
"""Modules whose first frames in a traceback say nothing of the task."""

_SHOWN: Final = (
    {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
)
"""Maps control characters to their Unicode pictures, where there are any."""
_REFUSED: Final = re.compile("[\0\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and half characters: lone surrogates, as in a cut emoji or in a
file name that is not UTF-8."""


def valid_text(text: str) -> str:
    """Return ``text`` as every store accepts it: U+FFFD replaces what one of them refuses.

    An escape with a backslash would become the half character again where JSON is read.
    """
    return _REFUSED.sub("\ufffd", text)


def folded(text: str) -> str:
    """Return text in lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def visible(text: str) -> str:
    """Return ``text`` with pictures of control characters, which a terminal would obey.

    Line breaks and tabs stay.
    """
    return text.translate(_SHOWN)


def storable_values(values: Sequence[Any]) -> tuple[Any, ...]:
    """Return a statement's values with each text as :func:`valid_text`, also in lists."""
    return tuple(_storable_value(value) for value in values)


def _storable_value(value: Any) -> Any:
    match value:
        case str():
            return valid_text(value)
        case list():
            return [_storable_value(each) for each in value]
        case _:
            return value


def storable(text: object, limit: int) -> str:
    """Return ``text`` as at most ``limit`` characters of valid UTF-8, cut in the middle.

    Its control characters are :func:`visible`.
    """
    words = str(text)
    if len(words) > limit:
        mark = " […] "
        tail = (limit - len(mark)) // 2
        words = words[: limit - len(mark) - tail] + mark + words[-tail:]
    return valid_text(visible(words.replace("\r\n", "\n")))


def sentence(error: BaseException) -> str:
    """Return an exception as one line: its type and its message."""
    kind = type(error).__name__
    try:
        message = str(error)
    except BaseException as failure:  # noqa: BLE001 - __str__ is the task's code
        return f"{kind} (its message raised {type(failure).__name__})"
    return storable(f"{kind}: {message}" if message else kind, SENTENCE)


def trace(error: BaseException) -> str:
    """Format an exception's traceback, without the frames that called the task."""
    own = error.__traceback__.tb_next if error.__traceback__ else None
    while own is not None and own.tb_frame.f_globals.get("__name__", "").startswith(_CALLERS):
        own = own.tb_next
    try:
        lines = traceback.format_exception(type(error), error, own)
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001 - it reads attributes, which are the task's code
        lines = [*traceback.format_tb(own), sentence(error)]
    return storable("".join(lines), TRACE)


class Finder(Protocol):
    """Finds words in texts, as a compiled regular expression does."""

    def search(self, text: str, start: int = 0, /) -> object:
        """Return something true if a text has one of the words, from a place on."""

    def sub(self, by: str, text: str, /) -> str:
        """Return a text with the words replaced."""
