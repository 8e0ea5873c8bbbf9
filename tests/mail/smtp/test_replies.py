"""A server's words are shown as words."""

from __future__ import annotations

import pytest

from desktop.mail.smtp.dialogue import Reply


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"try  again\nlater", "try again later"),
        (b"no \x1b[2Jroom \x1b]52;c;AAAA\x07", "no [2Jroom ]52;c;AAAA"),
        ("geht nicht: \u202egnp.exe".encode(), "geht nicht: gnp.exe"),
        (b"\x00", ""),
        ("zwölf".encode(), "zwölf"),
        (b"\xff", "\ufffd"),
    ],
)
def test_what_would_steer_a_terminal_is_left_out(said: bytes, shown: str) -> None:
    assert Reply.read(550, said).words == shown
