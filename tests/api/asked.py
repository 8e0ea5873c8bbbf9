"""The backend that is asked: a process of its own, with tasks that succeed, fail and are lost."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Final, Self

import httpx

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.backend_addresses import read_backend

if TYPE_CHECKING:
    from pathlib import Path

OWN_TASKS: Final = '''
from sendoff_tasks import TaskContext, Uncertain, task

@task(queue="own")
def add(left: int, right: int = 1) -> int:
    """Add two numbers."""
    return left + right

@task(queue="own", cron="0 7 1 1 *", timezone="Europe/Berlin")
def report() -> None: ...

@task(queue="own")
def fail(text: str) -> None:
    raise ValueError(text)

@task(queue="own")
def lost(ctx: TaskContext) -> None:
    ctx.point_of_no_return("A letter", to="Ada")
    raise Uncertain("no answer came")
'''
OF_TASKS: Final = "ERROR sendoff.task:"
"""What the log says of a task that failed, as some do here."""
END_WITHIN: Final = 20.0


class Asked:
    """A backend for as long as the block runs; its log is read afterwards."""

    def __init__(self, data: Path) -> None:
        self._folder = OfficeFolder(data)

    def __enter__(self) -> Self:
        """Start it and wait until it is ready."""
        self._folder.create()
        (self._folder.tasks / "own.py").write_text(OWN_TASKS)
        command = [sys.executable, "-m", "desktop", "serve", "--parent-pipe"]
        self._process = subprocess.Popen(
            [*command, "--data-dir", str(self._folder.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.url: str = json.loads(self._process.stdout.readline())["url"]
        backend = read_backend(self._folder.backend_file)
        assert backend is not None
        self.token = backend.token
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it in an orderly way."""
        self._process.communicate(timeout=END_WITHIN)

    def get(self, path: str) -> bytes:
        """Read what is there."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.get(f"{self.url}{path}", headers=headers).raise_for_status().content

    def faults(self) -> list[str]:
        """Read the errors of its log, but for those of tasks; and a bad end."""
        logs = sorted(self._folder.logs.glob("backend.log*"))
        lines = [line for log in logs for line in log.read_text(encoding="utf-8").splitlines()]
        assert lines
        found = [line for line in lines if " ERROR " in line and OF_TASKS not in line]
        ended = self._process.returncode
        return [*found, f"The backend ended with {ended}."] if ended else found
