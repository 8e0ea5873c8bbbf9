"""The window's process ends with 0 and without a word, however busy it was left."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from desktop.client.api import Api
from tests import WITHIN
from tests.forked import spawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.settings.backend_file import Backend
    from desktop.settings.paths import DataFolder

ROUNDS = 4
ITEMS = 40


@pytest.fixture
def backend(data: DataFolder) -> Iterator[Backend]:
    """Run a backend that the windows attach to, with some tasks."""
    child = spawn(data)
    ready, gone = threading.Event(), threading.Event()
    told: list[Backend] = []

    def is_ready(backend: Backend) -> None:
        told.append(backend)
        ready.set()

    child.watch(is_ready, lambda _: gone.set())
    assert ready.wait(WITHIN)
    api = Api(told[0])
    for number in range(1, ITEMS + 1):
        api.items.submit(number, {"recipient": {"email": "ada@example.org"}}, str(number))
    api.close()
    yield told[0]
    child.close_pipe()
    assert gone.wait(WITHIN)


def live_and_end(data: DataFolder, *how: str) -> tuple[int, str]:
    """Open a window, leave it while it is busy; its exit status and what it said on stderr."""
    environment = {**os.environ, "QT_LOGGING_RULES": "default.warning=false"}
    command = [
        sys.executable,
        "-X",
        "faulthandler",
        "-m",
        "tests.gui.short_life",
        str(data.root),
        *how,
    ]
    done = subprocess.run(
        command, env=environment, stderr=subprocess.PIPE, timeout=WITHIN, check=False
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.long
@pytest.mark.usefixtures("backend")
def test_a_busy_window_ends_in_order_every_time(data: DataFolder) -> None:
    for _ in range(ROUNDS):
        assert live_and_end(data) == (0, "")


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("stuck", ["jobs", "box"])
def test_a_job_that_never_ends_keeps_no_invisible_process(data: DataFolder, stuck: str) -> None:
    assert live_and_end(data, stuck) == (0, "")
