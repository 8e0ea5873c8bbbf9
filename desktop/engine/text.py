"""Text from a task's code as the store can keep it and a person can read it."""

from __future__ import annotations

import traceback
from typing import Final

SENTENCE: Final = 2_000
"""Characters kept of an error or a reason."""
LINE: Final = 8_000
"""Characters kept of one log line."""
TRACE: Final = 32_000
"""Characters kept of a traceback."""

_SHOWN: Final = (
    {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
)
"""Control characters → their pictures in Unicode, where there is one."""


def storable(text: object, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters of UTF-8; the middle of longer ones goes.

    Of control characters only the line break and the tab stay: others a terminal would obey,
    wherever the text is read.
    """
    words = str(text)
    if len(words) > limit:
        mark = " […] "
        tail = (limit - len(mark)) // 2
        words = words[: limit - len(mark) - tail] + mark + words[-tail:]
    return (
        words.replace("\r\n", "\n").translate(_SHOWN).encode("utf-8", "backslashreplace").decode()
    )


def sentence(error: BaseException) -> str:
    """Say an exception in one line: its kind and its message."""
    kind = type(error).__name__
    try:
        message = str(error)
    except Exception as failure:  # noqa: BLE001 - __str__ is the task's code
        return f"{kind} (its message raised {type(failure).__name__})"
    return storable(f"{kind}: {message}" if message else kind, SENTENCE)


def trace(error: BaseException) -> str:
    """Format an exception's traceback, without the frame that called the task."""
    own = error.__traceback__.tb_next if error.__traceback__ else None
    return storable("".join(traceback.format_exception(type(error), error, own)), TRACE)
