"""Whether a backend is there is told apart from whether a port is open."""

from __future__ import annotations

import socket
from collections.abc import Callable
from http.client import HTTPConnection

import pytest

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client import health
from sendoff_tasks.client.health import BackendHealth, Checks, check, running_backend
from sendoff_tasks.folder.backend_addresses import Backend, write_backend
from sendoff_tasks.folder.lock_file import LockFile
from tests.client.conftest import Canned


def test_the_token_is_shown_on_the_connection_that_was_proved_only(
    answering: Callable[[Canned], Backend],
) -> None:
    canned = Canned(health="ok")
    checks = Checks(answering(canned))
    assert [checks.ask() for _ in range(3)] == [BackendHealth.ANSWERS] * 3
    connection = checks.connection
    canned.headers = {"Connection": "close"}
    assert checks.ask() is BackendHealth.ANSWERS
    assert checks.connection is connection
    assert [checks.ask() for _ in range(2)] == [BackendHealth.ANSWERS] * 2  # over new ones
    shown = ["Authorization" in headers for _, _, headers, _ in canned.heard]
    assert shown == [False, True, True, True, False, False]
    canned.health = "strange"
    assert checks.ask() is BackendHealth.SILENT
    assert checks.connection is None
    checks.close()
    assert checks.ask() is BackendHealth.SILENT
    assert len(canned.heard) == 7
    assert all(path.startswith("/health?") for _, path, _, _ in canned.heard)


def test_one_that_is_closed_while_it_connects_leaves_no_connection(
    answering: Callable[[Canned], Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    canned, made = Canned(health="ok"), list[HTTPConnection]()
    checks, connect = Checks(answering(canned)), HTTPConnection.connect

    def connect_late(connection: HTTPConnection) -> None:
        made.append(connection)
        checks.close()
        connect(connection)

    monkeypatch.setattr(HTTPConnection, "connect", connect_late)
    assert checks.ask() is BackendHealth.SILENT
    assert [connection.sock for connection in made] == [None]
    assert canned.heard == []


@pytest.mark.parametrize(
    ("canned", "found"),
    [
        (Canned(health="damaged"), BackendHealth.DAMAGED),
        (Canned(health="spare"), BackendHealth.SPARE),
        (Canned(health="no_database"), BackendHealth.ANSWERS),
        (Canned(health="strange"), BackendHealth.SILENT),
        (Canned(404), BackendHealth.SILENT),
        (Canned(200, b"<html>"), BackendHealth.SILENT),
        (Canned(200, b"[]"), BackendHealth.SILENT),
        (Canned(200, b'{"status": "ok"}'), BackendHealth.SILENT),
        (Canned(200, b'{"status": "ok", "proof": "00"}'), BackendHealth.SILENT),
    ],
)
def test_one_that_takes_nothing_says_so_and_a_stranger_on_the_port_is_silent(
    answering: Callable[[Canned], Backend], canned: Canned, found: BackendHealth
) -> None:
    assert check(answering(canned)) is found


def test_one_without_a_process_is_gone_and_one_that_says_nothing_is_silent(
    closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check(Backend(f"http://127.0.0.1:{closed_port}", "t", 1)) is BackendHealth.GONE
    monkeypatch.setattr(health, "ANSWER_WITHIN", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = Backend(f"http://127.0.0.1:{server.getsockname()[1]}", "t", 1)
        assert check(silent) is BackendHealth.SILENT


def test_a_stranger_on_a_dead_backends_port_is_not_even_asked(
    data: OfficeFolder, answering: Callable[[Canned], Backend]
) -> None:
    stranger = Canned(health="ok")
    write_backend(data.backend_file, answering(stranger))  # as kill -9 leaves it behind
    assert running_backend(data) is None
    data.backend_lock.touch()
    assert running_backend(data) is None
    assert stranger.heard == []


def test_a_backend_is_one_that_holds_the_folder_and_answers(
    data: OfficeFolder, answering: Callable[[Canned], Backend]
) -> None:
    lock = LockFile(data.backend_lock)
    backend = answering(Canned(health="ok"))
    write_backend(data.backend_file, backend)
    assert lock.take()
    assert running_backend(data) == backend
    lock.release()
    assert running_backend(data) is None
    data.backend_lock.unlink()
    data.backend_lock.mkdir()  # which cannot be asked
    assert running_backend(data) is None


@pytest.mark.parametrize("content", ["", "{half", '{"url": 1}'])
def test_a_damaged_backend_file_is_no_running_backend(data: OfficeFolder, content: str) -> None:
    data.backend_file.write_text(content)
    assert running_backend(data) is None
