"""One peer on fresh files, with its private server and its worker, and what is measured on it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks import programs
from tests.benchmarks.peers import body
from tests.benchmarks.peers.services import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.benchmarks.peers.body import Kind
    from tests.benchmarks.peers.field import Peer
    from tests.forked import Process

PATIENCE = 8.0
"""Seconds without one more task after which the rest is taken for lost, unless told otherwise."""
WORKERS = "BENCHMARK_WORKERS"
"""The environment variable that says how many processes run the tasks."""
KILLED_AT = 0.4
"""Of all tasks, how many have ended when the process that runs them is killed."""


class Killed(NamedTuple):
    """How many tasks never ended, and how many ended more than once."""

    lost: int
    twice: int


@dataclass
class Session:
    """A peer that is up."""

    peer: Peer
    folder: Path
    environment: Mapping[str, str]
    submitters: int = 16
    patience: float = PATIENCE
    workers: int = 1

    def tasks_a_second(self, tasks: int, kind: Kind = "nothing") -> float:
        """Hand in from all submitters at once; from the first call to the last task's beginning."""
        with self._worker(), self._driving("many", tasks, self.submitters, kind) as driver:
            self._listen(driver)
            self._wait(tasks)
        found = body.records(self.folder, "ended")
        took = max(record.began for record in found) - min(record.asked for record in found)
        return len(found) / (took / 1e9)

    def starts(self, tasks: int) -> list[float]:
        """Hand in one task at a time; ms from each call to its function."""
        with self._worker(), self._driving("alone", tasks) as driver:
            self._listen(driver)
        ended = body.records(self.folder, "ended")
        return [(record.began - record.asked) / 1e6 for record in ended]

    def killed(self, tasks: int) -> Killed:
        """``kill -9`` what runs the tasks in the middle of them, start it again, and count."""
        with self._driving("many", tasks, self.submitters, "slow") as driver:
            if self.peer.has_worker:
                self._listen(driver)
                with self._worker() as worker:
                    assert worker is not None
                    self._wait(int(tasks * KILLED_AT))
                    _kill(worker)
            else:
                self._wait(int(tasks * KILLED_AT))
                _kill(driver)
        accepted = {record.number for record in body.records(self.folder, "accepted")}
        with self._worker(), self._driving("stay"):
            self._wait(len(accepted), lambda: len(accepted & self._ended()))
        ended = [record.number for record in body.records(self.folder, "ended")]
        return Killed(len(accepted - set(ended)), len(ended) - len(set(ended)))

    @contextmanager
    def _worker(self) -> Iterator[Process | None]:
        """Run the peer's own worker, where it has one."""
        if not self.peer.has_worker:
            yield None
            return
        name = f"tests.benchmarks.peers.{self.peer.module}"
        show = f"import json, {name} as peer; print(json.dumps(peer.worker()))"
        command = [sys.executable, "-c", show]
        told = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, check=True)
        with ExitStack() as held:
            command = json.loads(told.stdout)
            workers = [held.enter_context(self._process(command)) for _ in range(self.workers)]
            yield workers[0]

    @contextmanager
    def _driving(
        self, verb: str, tasks: int = 0, submitters: int = 1, kind: Kind = "nothing"
    ) -> Iterator[Process]:
        command = [sys.executable, "-m", "tests.benchmarks.peers.drive", self.peer.module, verb]
        command += ["--tasks", str(tasks), "--submitters", str(submitters), "--kind", kind]
        with self._process(command) as driver:
            yield driver

    @contextmanager
    def _process(self, command: list[str]) -> Iterator[Process]:
        """Run a process and all it starts until the end of the block."""
        with (self.folder / "said").open("ab") as said:
            process = programs.opened(command, said.fileno(), self.environment)
        try:
            yield process
        finally:
            _kill(process)

    def _listen(self, driver: Process) -> None:
        """Wait until everything is handed in.

        Raises:
            RuntimeError: with what was said when the process ended before.
        """
        assert driver.stdout is not None
        if not driver.stdout.readline():
            raise RuntimeError((self.folder / "said").read_text())

    def _wait(self, goal: int, ended: Callable[[], int] | None = None) -> None:
        """Wait until so many have ended, or for ``patience`` s no more do."""
        pause = threading.Event()
        ended = ended or (lambda: body.written(self.folder, "ended"))
        seen, latest = -1, 0.0
        while (now := ended()) < goal:
            if now > seen:
                seen, latest = now, time.monotonic() + self.patience
            elif time.monotonic() > latest:
                return
            pause.wait(0.005)

    def _ended(self) -> set[int]:
        """Read which tasks have ended, those among them whose answer was not heard."""
        return {record.number for record in body.records(self.folder, "ended")}


@contextmanager
def session(
    peer: Peer, folder: Path, patience: float = PATIENCE, workers: int = 1
) -> Iterator[Session]:
    """Start the peer's server on fresh files and make its tables."""
    with serving(peer.service, folder) as led:
        place = {**os.environ, **led, body.FOLDER: str(folder), WORKERS: str(workers)}
        ready = Session(peer, folder, place, patience=patience, workers=workers)
        if peer.has_worker:  # the others make their tables as they start
            with ready._driving("prepare") as driver:
                driver.wait()
        yield ready


def _kill(process: Process) -> None:
    """Kill a process and its children hard."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
