"""A backend of our own says where it is, leaves with the pipe, and tells how it ended.

Another window is a process of its own, and its token is in no command line and no file.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest

from desktop import child_process
from desktop.client import child as module
from desktop.client.api import Api
from desktop.client.child import STDERR, Child, open_window
from desktop.settings.office_folder import OfficeFolder, forget_server, remembered_servers
from sendoff_tasks.client.health import BackendHealth, check
from sendoff_tasks.folder.backend_addresses import (
    NO_PID,
    STORE_DAMAGED,
    Backend,
    write_backend,
)
from sendoff_tasks.folder.tokens import add_token
from sendoff_tasks.model.problems import Access
from tests import WITHIN, forked
from tests.conftest import RunningBackend
from tests.looking import eventually
from tests.versions.later import SLOW


class Watched:
    """A spawned child and what its threads report."""

    def __init__(self, data: OfficeFolder, start: Callable[[OfficeFolder], Child]) -> None:
        self.child = start(data)
        self._ready: queue.Queue[Backend] = queue.Queue()
        self._exit: queue.Queue[int] = queue.Queue()
        self.child.watch(self._ready.put, self._exit.put)

    def ready(self) -> Backend:
        return self._ready.get(timeout=WITHIN)

    def exit(self) -> int:
        return self._exit.get(timeout=WITHIN)


def test_it_says_where_it_is_logs_it_once_and_leaves_when_the_pipe_closes(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STDERR_BYTES", 10)
    (data.logs / STDERR).write_text("x" * 11)
    watched = Watched(data, module.spawn)
    backend = watched.ready()
    assert (data.logs / f"{STDERR}.1").read_text() == "x" * 11  # what was too long is put aside
    assert backend.url.startswith("http://127.0.0.1:")
    assert backend.token
    watched.child.close_pipe()
    assert watched.exit() == 0
    assert (data.logs / "backend.log").read_text().count("ready at") == 1
    assert (data.logs / STDERR).read_text() == ""  # what it logs is not kept twice


def test_one_that_cannot_start_leaves_last_words_of_its_own(data: OfficeFolder) -> None:
    (data.logs / STDERR).write_text("ERROR words of an earlier one\n")
    data.db.write_bytes(b"this is no database" * 1000)
    watched = Watched(data, forked.spawn)
    assert watched.exit() == STORE_DAMAGED
    assert str(data.db) in watched.child.last_words()
    assert "earlier" not in watched.child.last_words()


@pytest.mark.parametrize(("end", "words"), [("'The disk is full.'", "The disk is full."), (1, "")])
def test_the_last_words_of_one_that_ends_at_once_are_its_own(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch, end: object, words: str
) -> None:
    def ended(*_: object, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
        said = [sys.executable, "-c", f"raise SystemExit({end})"]
        process = subprocess.Popen(
            said, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
        )
        process.wait()
        return process

    (data.logs / STDERR).write_text("ERROR words of an earlier one\n")
    monkeypatch.setattr(module, "start", ended)
    watched = Watched(data, module.spawn)
    assert (watched.exit(), watched.child.last_words()) == (1, words)


@pytest.mark.long
def test_a_later_version_tells_how_far_it_has_updated_the_store(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = Watched(data, forked.spawn)
    earlier.ready()
    earlier.child.close_pipe()
    assert earlier.exit() == 0
    program = [sys.executable, "-P", "-m", "tests.versions.later", "0040"]
    monkeypatch.setattr(child_process, "program", lambda: program)
    monkeypatch.setenv(SLOW, "20")
    later, told = module.spawn(data), list[float]()
    ready, gone = threading.Event(), threading.Event()
    later.watch(lambda _: ready.set(), lambda _: gone.set(), told.append)
    assert ready.wait(WITHIN)
    later.close_pipe()
    assert gone.wait(WITHIN)
    assert told == sorted(told)
    assert 0.5 < told[-1] <= 1


def test_logs_thrown_away_as_it_gets_ready_do_no_harm(data: OfficeFolder) -> None:
    child, exits, gone = forked.spawn(data), queue.Queue[int](), threading.Event()

    def throw_away(_: object) -> None:
        shutil.rmtree(data.logs)
        gone.set()

    child.watch(throw_away, exits.put)
    assert gone.wait(WITHIN)
    child.close_pipe()
    assert exits.get(timeout=WITHIN) == 0


def ended(data: OfficeFolder, *printed: str) -> tuple[list[Backend], str]:
    """Watch a program that prints these lines until its pipe closes; what it reported, and said."""
    (data.logs / STDERR).touch()
    process = subprocess.Popen(
        [sys.executable, "-c", f"print({chr(10).join(printed)!r}, flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    child, backends, gone = Child(process, data, 0), list[Backend](), threading.Event()

    def is_ready(backend: Backend) -> None:
        backends.append(backend)
        child.close_pipe()

    child.watch(is_ready, lambda _: gone.set())
    assert gone.wait(WITHIN)
    return backends, child.last_words()


def test_a_line_that_is_no_ready_line_is_kept_and_the_next_one_is_read(data: OfficeFolder) -> None:
    there = Backend("http://127.0.0.1:1", "token", 1)
    write_backend(data.backend_file, there)
    strange = ["hello", "[]", "1", '{"url": 5}']
    ready = '{"url": "http://127.0.0.1:1", "pid": 1}'
    assert ended(data, *strange, ready)[0] == [there]
    assert set(strange) <= set((data.logs / STDERR).read_text().splitlines())


@pytest.mark.parametrize("content", [None, "{}", '{"url": "http://x", "token": "", "pid": 1}'])
def test_a_backend_that_is_ready_and_cannot_be_found_is_stopped_and_says_why(
    data: OfficeFolder, content: str | None
) -> None:
    if content is not None:
        data.backend_file.write_text(content)
    backends, words = ended(data, '{"url": "http://127.0.0.1:1", "pid": 1}')
    assert not backends
    assert str(data.backend_file) in words


PRINTING = """
import os, subprocess, sys
print("said on import")
os.write(1, b"said by the system\\n")
subprocess.run([sys.executable, "-c", "print('said by a program')"])
from sendoff_tasks import task
@task
def printing():
    print("said on stdout")
    print("said on stderr", file=sys.stderr)
"""


def test_what_tasks_print_is_kept_apart_from_the_log(
    data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    (data.tasks / "own.py").write_text(PRINTING)
    watched = Watched(data, forked.spawn)
    api = Api(watched.ready())
    api.functions.run("printing", {}, "k")
    api.close()
    said = {"said on stdout", "said on stderr"}
    # While the backend lives: what was printed is to be read at once.
    eventually(lambda: said <= set((data.logs / STDERR).read_text().splitlines()))
    assert "said on" not in (data.logs / "backend.log").read_text()
    watched.child.close_pipe()
    assert watched.exit() == 0


def content(file: Path) -> bytes:
    """Read a file; nothing where it is a folder, or was there for a moment only."""
    with suppress(FileNotFoundError, IsADirectoryError):
        return file.read_bytes()
    return b""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is looked at")
def test_a_window_on_a_server_gets_its_token_by_a_pipe_is_remembered_and_leaves_that_backend(
    tmp_path: Path,
    backends: Callable[[Path], RunningBackend],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    home, served = OfficeFolder(tmp_path / "home"), OfficeFolder(tmp_path / "server")
    served.create()
    token = add_token(served.tokens_file, "Ada", Access.FULL)
    server = Backend(backends(served.root).backend.url, token, NO_PID)
    process = open_window(home, server)
    try:
        place = home.at_address(server.url)
        eventually(lambda: place.window_lock.exists() and place.window_lock.stat().st_size > 0)
        seen = Path(f"/proc/{process.pid}")
        assert os.getsid(process.pid) == process.pid  # a terminal's Ctrl+C is not for it
        for file in (seen / "cmdline", seen / "environ", *place.root.rglob("*")):
            assert token.encode() not in content(file)
        assert remembered_servers(home) == [server.url]
        again = open_window(home, server)
        assert again.wait(WITHIN) == 0  # it has raised the first
    finally:
        process.terminate()
    assert process.wait(WITHIN) == 0
    assert not any(each.backend_lock.exists() for each in (home, place))
    assert check(server) is BackendHealth.ANSWERS
    forget_server(home, server.url)
    assert remembered_servers(home) == []
