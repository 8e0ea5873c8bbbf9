"""The fixtures ``run_all`` and ``inline``: an app's tasks run when the test says.

In a test that asks for one of them, no engine of an app runs tasks by itself; the test begins and
ends without any. See ``sendoff_tasks.testing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fastapi import FastAPI

    from desktop.contract.tasks import TaskDetail


@pytest.fixture
def run_all() -> Iterator[Callable[[FastAPI], list[TaskDetail]]]:
    """Give ``run_all(app)``: it runs what is queued, in the test's thread."""
    from desktop.engine import testing  # here, so a session without it loads nothing

    with testing.standing_in():
        yield testing.run_all


@pytest.fixture
def inline() -> Iterator[Callable[[FastAPI], AbstractContextManager[None]]]:
    """Give ``inline(app)``: tasks run as their request ends, and raise out of it."""
    from desktop.engine import testing

    with testing.standing_in():
        yield testing.inline
