"""How ``sendoff serve`` ends: in order, by itself, or killed; nothing is lost."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from desktop.settings.backend_file import read_backend
from desktop.settings.paths import DataFolder
from tests import WITHIN
from tests.backend.driving import client_of, wait_for
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import RunningBackend

ENDS_THE_WRITER = """
from desktop.engine import task
from desktop.engine.writer.writer import Inbox

def ends(*_: object) -> None:
    raise SystemExit("the writer's thread ends")

@task(name="end_the_writer")
def end_the_writer(item_id: int) -> None:
    Inbox.take = ends
"""
STUCK = """
import threading
from desktop.engine import task

@task(name="stuck")
def stuck(item_id: int) -> None:
    threading.Event().wait(600)
"""

NEVER_READY = """
import pathlib
pathlib.Path({mark!r}).touch()
while True: pass
"""


WITHOUT = """
import sys
if sys.argv[1]:
    sys.modules[sys.argv[1]] = None  # as where Qt is not installed
from unittest.mock import patch
from desktop.backend import composition
patch.object(composition, "GRACE", 1.0).start()
from desktop.backend.process import ServeOptions, serve
sys.exit(serve(ServeOptions(data_dir=sys.argv[2])))
"""


@pytest.fixture
def client(backend: RunningBackend) -> Iterator[httpx.Client]:
    with client_of(backend.backend) as talking:
        yield talking


class TestEnd:
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes in another way")
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_ends_it_in_order(self, backend: RunningBackend, number: int) -> None:
        backend.process.send_signal(number)
        assert backend.process.wait(WITHIN) == 0
        assert not DataFolder(backend.data_dir).backend_file.exists()

    def test_it_ends_when_its_parent_does(self, backend: RunningBackend) -> None:
        assert backend.stop() == 0
        assert not DataFolder(backend.data_dir).backend_file.exists()

    @pytest.mark.parametrize(
        "leave",
        [lambda process: process.terminate(), lambda process: process.stdin.close()],
        ids=["signal", "parent"],
    )
    def test_it_ends_at_once_while_a_task_file_is_imported(
        self, tmp_path: Path, leave: Callable[[subprocess.Popen[bytes]], None]
    ) -> None:
        folder, mark = DataFolder(tmp_path / "data"), tmp_path / "mark"
        folder.create()
        (folder.tasks / "own.py").write_text(NEVER_READY.format(mark=str(mark)))
        command = [sys.executable, "-m", "desktop", "serve", "--parent-pipe"]
        with subprocess.Popen(
            [*command, "--data-dir", str(folder.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            eventually(mark.exists)
            leave(process)
            assert process.wait(WITHIN) == 0
            assert process.stdout is not None
            assert process.stdout.read() == b""  # it was never ready

    def test_an_open_stream_does_not_hold_it_up(
        self, backend: RunningBackend, client: httpx.Client
    ) -> None:
        with client.stream("GET", "/events") as stream:
            chunks = stream.iter_bytes()
            next(chunks)
            backend.process.terminate()
            for _ in chunks:
                pass
        assert backend.process.wait(WITHIN) == 0

    def test_a_request_half_sent_does_not_hold_it_up(self, backend: RunningBackend) -> None:
        address = urlsplit(backend.backend.url)
        with socket.create_connection((address.hostname, address.port)) as half:
            half.sendall(
                b"POST /items/1 HTTP/1.1\r\nHost: " + address.netloc.encode()
                + b"\r\nAuthorization: Bearer " + backend.backend.token.encode()
                + b"\r\nContent-Length: 100\r\n\r\n{"
            )  # fmt: skip
            backend.process.terminate()
            assert backend.process.wait(WITHIN) == 0

    @pytest.mark.usefixtures("marks")
    def test_running_tasks_are_asked_to_stop_and_handed_back(
        self, backends: Callable[[Path], RunningBackend], folder: DataFolder
    ) -> None:
        running = backends(folder.root)
        with client_of(running.backend) as client:
            number = int(client.post("/items/1", json={"tasks": ["wait"]}).headers["X-Task-Ids"])
            wait_for(client, number, "running")
        running.process.terminate()
        assert running.process.wait(WITHIN) == 0
        own = folder.tasks / "own.py"
        own.write_text(own.read_text().replace("while True", "while False"))
        with client_of(backends(folder.root).backend) as client:
            wait_for(client, number, "succeeded")

    @pytest.mark.parametrize("hidden", ["", "desktop.qtpool"])
    def test_a_task_that_does_not_stop_gets_its_grace_and_no_more(
        self, folder: DataFolder, hidden: str
    ) -> None:
        (folder.tasks / "own.py").write_text(STUCK)
        command = [sys.executable, "-c", WITHOUT, hidden, str(folder.root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            backend = read_backend(folder.backend_file)
            assert backend is not None
            with client_of(backend) as client:
                number = client.post("/items/1", json={"tasks": ["stuck"]}).headers["X-Task-Ids"]
                wait_for(client, int(number), "running")
            process.terminate()
            assert process.wait(WITHIN) == 0


class TestCrash:
    def test_nothing_accepted_is_lost_and_the_next_start_goes_on(
        self, backends: Callable[[Path], RunningBackend], folder: DataFolder, marks: Path
    ) -> None:
        running = backends(folder.root)
        accepted = []
        with client_of(running.backend) as client:
            for number in range(1, 201):
                answer = client.post(f"/items/{number}", json={"tasks": ["mark"]})
                accepted.append(int(answer.headers["X-Task-Ids"]))
        running.kill()
        with client_of(backends(folder.root).backend) as client:
            for number in accepted:
                wait_for(client, number, "succeeded")
            again = client.post("/items/200", json={"tasks": ["mark"]})
            assert again.headers["Idempotent-Replayed"] == "true"
            assert client.get("/stats").json()["counts"]["succeeded"] == 200
        assert set(marks.read_text().split()) == {str(number) for number in range(1, 201)}

    def test_a_backend_json_left_behind_is_replaced(
        self, backends: Callable[[Path], RunningBackend], tmp_path: Path
    ) -> None:
        first = backends(tmp_path / "data")
        first.kill()
        second = backends(tmp_path / "data")
        assert second.backend != first.backend

    def test_what_was_scheduled_with_a_key_is_remembered(
        self, backends: Callable[[Path], RunningBackend], tmp_path: Path
    ) -> None:
        headers = {"Idempotency-Key": "k"}
        running = backends(tmp_path / "data")
        with client_of(running.backend) as client:
            first = client.post("/items", json={"delay": 600}, headers=headers)
        running.kill()
        with client_of(backends(tmp_path / "data").backend) as client:
            again = client.post("/items", json={"delay": 600}, headers=headers)
        assert again.json() == first.json()
        assert again.headers["Idempotent-Replayed"] == "true"

    def test_a_backend_that_can_write_no_more_makes_room_for_another(
        self, backends: Callable[[Path], RunningBackend], folder: DataFolder
    ) -> None:
        (folder.tasks / "own.py").write_text(ENDS_THE_WRITER)
        running = backends(folder.root)
        with client_of(running.backend) as client:
            client.post("/items/1", json={"tasks": ["end_the_writer"]})
            assert running.process.wait(WITHIN) == 1
        assert not folder.backend_file.exists()
