"""Mistakes an SMTP client could make: each is planted in the shipped one, to see it found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final
from unittest.mock import patch

from desktop.mail.smtp import dialogue
from desktop.mail.smtp.connection import SmtpConnection
from desktop.mail.smtp.dialogue import Dialogue, Ended, Lost, SmtpReply

_REAL_LINES: Final = Dialogue._lines
_REAL_HEAR: Final = Dialogue._hear_more
_REAL_UNCERTAIN: Final = SmtpConnection._uncertain


def _now() -> float:
    """Return the virtual time that the dialogue reads."""
    return float(vars(dialogue)["time"].monotonic())


def _last_code_counts(self: Dialogue, within: float) -> tuple[SmtpReply, list[bytes]]:
    """Read a reply as ``smtplib`` does: the code of the last line is that of all."""
    words = []
    for line in self._lines(_now() + within):
        parts = dialogue._LINE.fullmatch(line)
        if parts is None:
            raise self._garbled("garbled", line)
        words.append(parts[3] or b"")
        if parts[2] != b"-":
            break
    return SmtpReply.read(int(line[:3]), b"\n".join(words)), words


def _what_is_left(self: Dialogue, deadline: float) -> Iterator[bytes]:
    """Take what a connection ends with for a line."""
    try:
        yield from _REAL_LINES(self, deadline)
    except Ended:
        if not self._heard:
            raise
        left = bytes(self._heard)
        self._heard.clear()
        yield left


def _deadline_for_each_packet(self: Dialogue, deadline: float) -> None:
    _REAL_HEAR(self, max(deadline, _now() + 60))


def _again(self: SmtpConnection, reason: str, **about: Any) -> Any:
    _REAL_UNCERTAIN(self, reason, **about)
    return Lost("closing")


def _nothing(*_: object) -> None:
    pass


def _silent(self: Dialogue) -> bool:
    return True


def _only_silent(self: SmtpConnection, _: SmtpReply) -> bool:
    """Look whether anything else is said, and not how fast the answer came."""
    try:
        return self._dialogue.is_silent()
    except Ended:
        return True


PLANTS: Final[dict[str, Callable[[], AbstractContextManager[Any]]]] = {
    "no look before the dot": lambda: patch.object(SmtpConnection, "_check_silence", _nothing),
    "no look past the mark": lambda: patch.object(SmtpConnection, "_check_silence_again", _nothing),
    "an answer that is too fast": lambda: patch.object(
        SmtpConnection, "_is_only_answer", _only_silent
    ),
    "no look before a command": lambda: patch.object(Dialogue, "expect_silence", _nothing),
    "no look at all": lambda: patch.object(Dialogue, "is_silent", _silent),
    "no limit of a reply": lambda: patch.object(dialogue, "REPLY_LIMIT", 10**9),
    "a deadline for each packet": lambda: patch.object(
        Dialogue, "_hear_more", _deadline_for_each_packet
    ),
    "the last of several codes counts": lambda: patch.object(Dialogue, "_read", _last_code_counts),
    "a code of four digits is one": lambda: patch.object(
        dialogue, "_LINE", re.compile(rb"(\d{3})([ -])?(.*)", re.DOTALL)
    ),
    "a half line is a line": lambda: patch.object(Dialogue, "_lines", _what_is_left),
    "what is uncertain is sent again": lambda: patch.object(SmtpConnection, "_uncertain", _again),
}
