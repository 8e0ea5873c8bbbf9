"""A data folder has one window; a second one raises it and goes."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desktop.gui.one_window import OneWindow, QuitAnswer

if TYPE_CHECKING:
    from pathlib import Path

HOLDER = """
import sys
from pathlib import Path
from desktop.gui.one_window import OneWindow
print(OneWindow(Path(sys.argv[1])).take(), flush=True)
sys.stdin.read()
"""


def refuse() -> bool:
    """Stay open, to ask the person."""
    return False


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "window.lock"


def test_only_one_can_have_it_and_its_file_is_for_its_owner_only(path: Path) -> None:
    first, second = OneWindow(path), OneWindow(path)
    assert first.take()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not second.take()
    for _ in range(2):
        first.release()
    assert path.stat().st_size == 0
    assert second.take()
    second.release()


def test_kill_9_of_the_holder_frees_it(path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as holder:  # type: ignore[call-overload]
        assert holder.stdout.readline() == b"True\n"
        assert not OneWindow(path).take()
        holder.kill()
    mine = OneWindow(path)
    assert mine.take()
    mine.release()


def test_a_second_one_raises_the_first(path: Path) -> None:
    async def scenario() -> list[str]:
        first, second, calls = OneWindow(path), OneWindow(path), []
        assert first.take()
        server = await first.answer(lambda: calls.append("raised"), refuse)
        assert not second.take()
        assert await asyncio.to_thread(second.raise_first)
        server.close()
        first.release()
        return calls

    assert asyncio.run(scenario()) == ["raised"]


def test_a_window_that_asks_its_person_stays_and_says_so(path: Path) -> None:
    async def scenario() -> QuitAnswer:
        first = OneWindow(path)
        first.take()
        server = await first.answer(lambda: None, refuse)
        answer = await asyncio.to_thread(OneWindow(path).ask_to_quit)
        server.close()
        first.release()
        return answer

    assert asyncio.run(scenario()) is QuitAnswer.ASKS
    assert OneWindow(path).ask_to_quit() is QuitAnswer.GONE  # nobody holds it


def test_a_caller_without_the_secret_raises_nothing(path: Path) -> None:
    async def scenario() -> list[str]:
        first, calls = OneWindow(path), []
        first.take()
        server = await first.answer(lambda: calls.append("raised"), refuse)
        port = server.sockets[0].getsockname()[1]
        for said in (b"guess\n", b"\n", b"", b"x" * 5000, b"\xff\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            writer.write_eof()
            assert await reader.read() == b""
            writer.close()
        server.close()
        first.release()
        return calls

    assert asyncio.run(scenario()) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"port": "x"}', '{"port": 1}'])
def test_a_first_one_that_cannot_be_called_is_left_alone(path: Path, content: str) -> None:
    path.write_text(content)
    assert not OneWindow(path).raise_first()


def test_a_first_one_that_does_not_answer_is_left_alone(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        path.write_text(json.dumps({"port": deaf.getsockname()[1], "secret": "s"}))
        second = OneWindow(path)
        asked = second.raise_first()
        first = OneWindow(path)
        assert first.take()
        path.write_text(json.dumps({"port": deaf.getsockname()[1], "secret": "s"}))
        answer = second.ask_to_quit()
        first.release()
    assert not asked
    assert answer is QuitAnswer.SILENT
