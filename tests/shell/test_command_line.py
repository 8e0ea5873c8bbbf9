"""What is printed can only be read: it neither commands the terminal nor complains when unread."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks.model.tasks import TaskRow
from sendoff_tasks.shell.command_line import plain, say_row
from sendoff_tasks.shell.tasks import line
from tests import WITHIN, forked
from tests.conftest import RunningBackend
from tests.shell.conftest import Shell

SAY = """
import fcntl, struct, sys, termios
from sendoff_tasks.shell import command_line
for columns in map(int, sys.argv[2:]):
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command_line.{}(sys.argv[1])
    print("next")
"""
EVIL = "550 \x1b]0;owned\x07\x1b[2J\x9b31m no\r\nsuch \u202euser"


def row(**changes: object) -> TaskRow:
    bare = {"id": 17, "item_id": 1204, "state": "failed", "title": "Confirmation e-mail"}
    more = {"to": "Ada <ada@example.org>", "why": "", "reason": None, "error": None}
    return cast("TaskRow", {**bare, **more, **changes})


def test_a_row_is_one_line_with_any_text_in_it() -> None:
    shown = line(row(title=EVIL, to=EVIL, error=EVIL))
    assert plain(shown).isprintable()
    assert "no" in shown


def test_what_is_held_says_for_what_and_what_practice_kept_is_not_said_to_be_sent() -> None:
    held = row(state="waiting", run_at=None, error="550 no", why="Fix the problem.")
    assert line(held).split()[1] == "held"
    assert line(held).endswith("Fix the problem.")
    again = row(state="waiting", run_at="2026-11-20T08:00:00Z", error="450 later", why="Soon.")
    assert line(again).split()[1] == "waiting"
    assert line(again).endswith("450 later")
    kept = row(state="succeeded", reason="kept", why="Its effect was kept here, not done for real.")
    assert line(kept).endswith("Its effect was kept here, not done for real.")


@given(st.text())
def test_nothing_printed_is_obeyed(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert len(shown.splitlines()) <= 1
    assert not any(character < " " or "\x7f" <= character < "\xa0" for character in shown)
    shown.encode()


def on_terminal(text: str, *columns: int, say: str = "say") -> Iterator[tuple[int, list[str]]]:
    """Say a text on a real terminal of each of these widths; give the lines it printed."""
    lines = iter(run_on_terminal("-c", SAY.format(say), text, *map(str, columns)))
    for width in columns:
        yield width, [*iter(lambda: next(lines), "next")]


def run_on_terminal(*arguments: str) -> list[str]:
    """Run Python with these arguments on such a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with os.fdopen(ours, "rb") as screen:
        with os.fdopen(theirs, "wb") as terminal:
            command = [sys.executable, *arguments]
            subprocess.run(command, stdout=terminal, check=True, timeout=WITHIN, env=environment)
        shown = bytearray()
        try:
            while chunk := screen.read1(4096):
                shown += chunk
        except OSError:  # Linux: the last one has hung up
            pass
    return shown.decode().splitlines()


def test_a_sentence_fits_a_terminal_of_any_width_and_loses_no_word() -> None:
    text = line(row(error="550 5.1.1 <ada@example.org>: Recipient address rejected: no such user"))
    for columns, lines in on_terminal(text, 1, 20, 80, 200):
        assert max(map(len, lines)) <= max(columns, 20)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(each.startswith(" " * 10) for each in lines[1:])
        assert (len(lines) == 1) == (columns == 200)


def test_a_token_is_not_broken() -> None:
    token = "sendoff_viewer_" + "0" * 80
    assert [lines for _, lines in on_terminal(token, 20, 80, say="say_whole")] == [[token]] * 2


def test_a_row_stays_one_line_of_the_terminal() -> None:
    text = line(row(error="5.1.1 " * 1000))
    for columns, (shown,) in on_terminal(text, 20, 200, say="say_row"):
        assert shown == text[: columns - 1] + "…"


def test_the_table_shows_why_a_task_waits_on_a_narrow_terminal_too(
    backend: RunningBackend, shell: Shell
) -> None:
    shell("submit", "--name", "Ada Lovelace", "--to", "ada@example.org", "--delay", "3600")
    shown = run_on_terminal("-m", "desktop", "tasks", "--data-dir", str(backend.data_dir))
    assert len(shown) == 1
    assert "Starts at " in shown[0]
    assert len(shown[0]) <= 80
    assert "Confir" in shown[0]
    assert "Ada" in shown[0]


def test_every_row_of_a_narrow_table_has_its_columns_in_the_same_places() -> None:
    both = itertools.product(("a", "b" * 60), ("c", "d" * 60))
    shown = [line(row(title=title, to=to, error="550"), 80) for title, to in both]
    assert len({each.index("550") for each in shown}) == 1
    assert [each.split()[3:5] for each in shown] == [
        ["a", "c"],
        ["a", "d" * 12 + "…"],
        ["b" * 8 + "…", "c"],
        ["b" * 8 + "…", "d" * 12 + "…"],
    ]


def test_a_row_that_is_not_for_a_terminal_is_120_columns_at_most(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = line(row(error="5.1.1 " * 1000))
    say_row(text)
    say_row(text[:120])
    assert capsys.readouterr().out == f"{text[:119]}…\n{text[:120]}\n"


def test_a_reader_that_went_away_is_no_error(backend: RunningBackend) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = ["submit", "--delay", "60", "--data-dir", str(backend.data_dir)]
    with os.fdopen(writer, "wb") as pipe:
        said = subprocess.run(
            [sys.executable, "-m", "desktop", *command],
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=WITHIN,
            check=False,
        )
    assert (said.returncode, said.stderr) == (0, b"")


def test_watch_ends_when_its_reader_is_gone(backend: RunningBackend, shell: Shell) -> None:
    command = ["watch", "--data-dir", str(backend.data_dir)]
    with tempfile.TemporaryFile() as complaints:
        watching = forked.start(command, stderr=complaints.fileno())
        assert watching.stdin is not None
        assert watching.stdout is not None
        with watching.stdin, watching.stdout:
            assert b"Watching" in watching.stdout.readline()
            watching.stdout.close()
            shell("submit", "--delay", "3600")
            assert watching.wait(WITHIN) == 0
        complaints.seek(0)
        assert complaints.read() == b""


def test_json_says_every_character_without_sending_it_to_the_terminal(shell: Shell) -> None:
    shell("submit", "--title", "Zoë", "--name", "Zoë", "--to", "zoe@example.org", "--delay", "3600")
    printed = shell("tasks", "--json").stdout
    assert printed.isascii()
    assert json.loads(printed)[0]["to"] == "Zoë <zoe@example.org>"
