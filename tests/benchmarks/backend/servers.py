"""The servers under load, each in a process of its own, and the load generator's."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.backend_addresses import read_backend
from tests.benchmarks import programs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.forked import Process

ANSWER_WITHIN = 60.0
DONE_WITHIN = 600.0
"""Seconds."""
OWN_TASKS = '''"""Tasks of a person's own, as the benchmarks put them into the data folder."""

from sendoff_tasks import Retry, task


@task(name="nothing")
def nothing(item_id: int) -> None:
    """Do nothing."""


@task(name="refused", retry=Retry(attempts=1))
def refused(item_id: int) -> None:
    """Fail at once."""
    raise ValueError("550 5.1.1 there is no user of that name here")
'''


@dataclass(frozen=True, slots=True)
class Server:
    """A server that has said that it is ready; ``started`` s after its command."""

    process: Process
    url: str
    token: str = ""
    started: float = 0.0

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Make one request and give the JSON of its answer.

        Raises:
            RuntimeError: with status and text of any answer but a good one.
        """
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=ANSWER_WITHIN
        )
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text}")
        return json.loads(text) if text else None

    def counts(self) -> dict[str, int]:
        """Tell how many tasks are in which state."""
        counts: dict[str, int] = self.call("GET", "/stats")["counts"]
        return counts

    def wait_done(self, succeeded: int) -> float:
        """Wait until that many tasks have succeeded; the monotonic time of it."""
        return self._wait(lambda counts: counts.get("succeeded", 0) >= succeeded)

    def wait_idle(self) -> float:
        """Wait until no task is queued or running; the monotonic time of it."""
        return self._wait(lambda counts: not counts.get("queued") and not counts.get("running"))

    def _wait(self, reached: Callable[[dict[str, int]], bool]) -> float:
        latest = time.monotonic() + DONE_WITHIN
        pause = threading.Event()  # asking all the time would take the processor from the server
        while not reached(self.counts()):
            if time.monotonic() > latest:
                raise TimeoutError(f"{self.counts()} after {DONE_WITHIN} s")
            pause.wait(0.005)
        return time.monotonic()


@contextmanager
def sendoff(data_dir: Path, *arguments: str, descriptors: int | None = None) -> Iterator[Server]:
    """Run the real backend, as a window starts it, on a data folder with ``OWN_TASKS``.

    It may open so many ``descriptors`` at most, or what this process may.
    """
    folder = OfficeFolder(data_dir)
    folder.create()
    own = folder.tasks / "benchmark.py"
    if not own.exists():  # a start waits until a new file has rested for a second
        own.write_text(OWN_TASKS)
    command = [sys.executable, "-m", "desktop", "serve", "--parent-pipe"]
    command += ["--data-dir", str(data_dir), *arguments]
    if descriptors is not None:
        command = ["sh", "-c", 'ulimit -n "$0" && exec "$@"', str(descriptors), *command]
    with (folder.logs / "benchmark.log").open("ab") as log:
        server = start(command, log.fileno())
    backend = read_backend(folder.backend_file)
    assert backend is not None
    with stopping(server):
        yield Server(server.process, backend.url, backend.token, server.started)


@contextmanager
def plain(*arguments: str) -> Iterator[Server]:
    """Run FastAPI's own ``BackgroundTasks``."""
    server = start([sys.executable, "-m", "tests.benchmarks.backend.plain_app", *arguments])
    with stopping(server):
        yield server


def start(command: Sequence[str], stderr: int | None = None) -> Server:
    """Start a server and wait for the JSON line that says where it listens.

    Raises:
        RuntimeError: when it ended without one.
    """
    began = time.monotonic()
    process = programs.opened(command, stderr)
    assert process.stdout is not None
    line = process.stdout.readline()
    took = time.monotonic() - began
    if not line:
        raise RuntimeError(f"{' '.join(command)} ended with {process.wait()} before it was ready")
    return Server(process, json.loads(line)["url"], started=took)


@contextmanager
def stopping(server: Server) -> Iterator[None]:
    """End the server in the end: by its closed pipe and SIGTERM, and hard after 15 s."""
    process = server.process
    try:
        yield
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def load(server: Server, *, connections: int, seconds: float, first: int, body: str) -> Any:
    """Post items from a process of the generator's own; its result as told in ``load``."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.backend.load",
        server.url,
        f"--token={server.token}",
    ]
    command += ["--connections", str(connections), "--seconds", str(seconds)]
    command += ["--first", str(first), "--body", body]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    result = json.loads(done.stdout)
    if result["failures"]:
        raise RuntimeError(f"{result['failures']} of {result['requests']} requests were refused")
    return result
