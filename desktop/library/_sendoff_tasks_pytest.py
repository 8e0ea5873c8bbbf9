"""The fixtures ``run_all`` and ``inline``, with which a test decides when an app's tasks run.

``assert_enqueued`` tells what has been added.

In a test with one of them, no app's engine runs tasks by itself, and none remains when the test
ends. See ``sendoff_tasks.testing``. It is no module of that package, which pytest would import in
every project: nothing is imported before a fixture is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fastapi import FastAPI

    from sendoff_tasks.model.tasks import TaskDetail


@pytest.fixture
def run_all() -> Iterator[Callable[..., list[TaskDetail]]]:
    """Provide ``run_all(app)``, which runs the queued tasks in the test's thread."""
    from sendoff_tasks import stand_ins as testing

    with testing.standing_in():
        yield testing.run_all


@pytest.fixture
def assert_enqueued() -> Iterator[Callable[..., list[TaskDetail]]]:
    """Provide ``assert_enqueued(app, func, …)``, which fails if no open task is this call."""
    from sendoff_tasks import stand_ins as testing

    with testing.standing_in():
        yield testing.assert_enqueued


@pytest.fixture
def inline() -> Iterator[Callable[[FastAPI], AbstractContextManager[object]]]:
    """Provide ``inline(app)``: tasks run when their request ends, which raises their errors."""
    from sendoff_tasks import stand_ins as testing

    with testing.standing_in():
        yield testing.inline
