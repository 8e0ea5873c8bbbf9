"""Fixtures of workers: a database, and processes that end with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from typing import Any

import pytest

from tests import forked
from tests.forked import Process

collect_ignore_glob = [] if find_spec("psycopg") else ["test_[!o]*.py"]

TASKS = "tests.engine.worker.tasks"
FASTER = (
    "import pytest; patched = pytest.MonkeyPatch()\n"
    "from sendoff_tasks.worker import order_follower\n"
    "for where, name, seconds in ((order_follower, 'LOOK_S', 0.2),"
    " (order_follower, 'BEAT_S', 0.2), (order_follower, 'AGAIN_S', 0.1)):\n"
    "    patched.setattr(where, name, seconds)\n"
)
"""A worker does in a test what it does elsewhere, and waits less in between."""


@pytest.fixture
def url(server: Any) -> str:
    """Make a database with the engine's tables; gives its address."""
    return str(server.database())


@pytest.fixture
def start(url: str) -> Iterator[Callable[..., Process]]:
    """Start workers by their command, and wait until they say that they run.

    A worker runs the Python that it is given first.
    """
    with ExitStack() as held:

        def started(first: str = "", module: str = TASKS) -> Process:
            command = ["worker", "--database", url, "--import", module]
            return held.enter_context(forked.running(command, b"Functions", FASTER + first))

        yield started
