"""The fixtures ``run_all`` and ``inline``: an app's tasks run when the test says.

In a test that asks for one of them, no engine of an app runs tasks by itself; the test begins and
ends without any. See ``sendoff_tasks.testing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from datetime import timedelta

    from fastapi import FastAPI

    from desktop.contract.tasks import TaskDetail


class RunAll(Protocol):
    """How ``run_all`` is called."""

    def __call__(self, app: FastAPI, *, within: timedelta | None = None) -> list[TaskDetail]:
        """Run what is queued, and what falls due ``within`` a time that passes for the engine."""


@pytest.fixture
def run_all() -> Iterator[RunAll]:
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
