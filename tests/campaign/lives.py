"""One data folder, and the backends that live on it one after the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.backend_addresses import Backend, read_backend
from tests import forked

if TYPE_CHECKING:
    from tests.campaign.stored import Store
    from tests.forked import Process

END_WITHIN: Final = 30.0
"""Seconds an orderly end may take."""
QUIET: Final = 1.5
"""Seconds without a write after which a backend has written everything."""
RECORD: Final = '''"""May be repeated: it writes down that it ran, with no point of no return."""

import threading
from pathlib import Path

from sendoff_tasks import TaskContext, task

FILE = Path(__file__).parents[1] / "record.txt"
PAUSE = threading.Event()


@task(name="record", concurrency=16)
def record(item_id: int, ctx: TaskContext) -> None:
    """Take a moment, so some are always under way; then note the item's number."""
    PAUSE.wait(0.02)
    with FILE.open("ab", buffering=0) as file:
        file.write(b"%d\\n" % item_id)
'''


def start(
    arguments: Sequence[str], stderr: int, environment: Mapping[str, str], first: str = ""
) -> Process:
    """Start the program: forked, with its imports, or by its command into an ``environment``.

    A library is loaded into the processes whose power is cut; ``environment`` says so.
    """
    if not environment:
        return forked.start(arguments, first, stderr=stderr)
    return subprocess.Popen(
        [sys.executable, "-m", "desktop", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env={**os.environ, **environment},
    )


@dataclass
class Lives:
    """Starts and ends backends on ``folder``; every one that ended by itself is noted.

    Where there is a ``database``, its address, the store is there. ``env`` is added to each one's
    environment.
    """

    root: Path
    settings: str
    database: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    first: str = ""
    """Python for each one to run before."""
    begun: int = 0

    def __post_init__(self) -> None:
        self.folder = OfficeFolder(self.root)
        self.folder.create()
        self.folder.settings_file.write_text(self.settings, encoding="utf-8")
        (self.folder.tasks / "record.py").write_text(RECORD, encoding="utf-8")

    def begin(self, **env: str) -> Life:
        """Start a backend; returns before it is ready."""
        self.begun += 1
        arguments = ["serve", "--parent-pipe", "--data-dir", str(self.root)]
        if self.database:
            arguments += ["--database", self.database]
        with (self.folder.logs / "campaign.log").open("ab") as log:
            process = start(arguments, log.fileno(), {**self.env, **env}, self.first)
        return Life(process, self.folder)

    @property
    def store(self) -> Store:
        """Where the tasks are."""
        return self.database or self.folder.db

    def records(self) -> list[int]:
        """Read which items' *record* ran, in order, once for each time."""
        file = self.root / "record.txt"
        return [int(line) for line in file.read_bytes().split()] if file.exists() else []


@dataclass
class Life:
    """One backend's process."""

    process: Process
    folder: OfficeFolder

    def ready(self) -> Backend | None:
        """Wait for its ready line; ``None`` when it ended without one."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        backend = read_backend(self.folder.backend_file) if line else None
        if backend is not None and backend.url == json.loads(line)["url"]:
            return backend
        return None

    def wait_dead(self, record: Path) -> bool:
        """Wait for its end, or until ``record`` has not grown for ``QUIET``; tells which it was."""
        size = -1
        while size < (now := record.stat().st_size if record.exists() else 0):
            size = now
            try:
                self.process.wait(QUIET)
            except subprocess.TimeoutExpired:
                continue
            self._close()
            return True
        return False

    def kill(self) -> None:
        """Kill it; its pipes are closed only when it is dead, so it does not drain."""
        self.process.kill()
        self.process.wait()
        self._close()

    def stop(self) -> None:
        """End it in order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(END_WITHIN)
        self._close()

    def _close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def pause(seconds: float) -> None:
    """Let time pass: the campaign's faults come at moments of their own."""
    threading.Event().wait(seconds)
