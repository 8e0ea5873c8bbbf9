"""What the journeys share: a screen, and the real program on it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desktop.client.api import Api
from tests.journeys import screen as screens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sendoff_tasks.folder.backend_addresses import Backend

    Start = Callable[[Path], subprocess.Popen[bytes]]
    ApiOf = Callable[[Backend], Api]


@pytest.fixture
def screen() -> Iterator[screens.Screen]:
    """Give a virtual screen of the test's own."""
    lacking = screens.missing()
    if lacking:
        pytest.skip(f"this machine has no {' and no '.join(lacking)}")
    with screens.Screen() as shown:
        yield shown


@pytest.fixture
def start_window(screen: screens.Screen) -> Iterator[Start]:
    """Start ``sendoff`` on the screen; what still runs at the end is killed with its children."""
    started: list[subprocess.Popen[bytes]] = []

    def start(data_dir: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "desktop", "--data-dir", str(data_dir)]
        environment = screen.environment()
        program = subprocess.Popen(command, env=environment, start_new_session=True)
        started.append(program)
        return program

    yield start
    for program in started:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


@pytest.fixture
def api_of() -> Iterator[ApiOf]:
    """Give clients of backends; all are closed at the end."""
    with contextlib.ExitStack() as clients:

        def client(backend: Backend) -> Api:
            return clients.enter_context(contextlib.closing(Api(backend)))

        yield client
