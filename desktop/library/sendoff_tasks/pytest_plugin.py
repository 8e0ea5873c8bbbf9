"""The fixtures ``run_all`` and ``inline``, with which a test decides when an app's tasks run.

``assert_enqueued`` tells what has been added.

In a test with one of them, no app's engine runs tasks by itself, and none remains when the test
ends. See ``sendoff_tasks.testing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from datetime import timedelta

    from fastapi import FastAPI

    from desktop.contract.tasks import TaskDetail


class RunAll(Protocol):
    """The type of ``run_all``."""

    def __call__(self, app: FastAPI, *, within: timedelta | None = None) -> list[TaskDetail]:
        """Run the queued tasks, and those due ``within`` a time that the engine skips."""


@pytest.fixture
def run_all() -> Iterator[RunAll]:
    """Provide ``run_all(app)``, which runs the queued tasks in the test's thread."""
    from desktop.engine import testing  # imported only by tests that use the fixture

    with testing.standing_in():
        yield testing.run_all


class AssertEnqueued(Protocol):
    """The type of ``assert_enqueued``."""

    def __call__(
        self, app: FastAPI, func: Callable[..., Any] | str, /, *args: Any, **kwargs: Any
    ) -> list[TaskDetail]:
        """Return the open tasks that call ``func`` like this; fail if there is none."""


@pytest.fixture
def assert_enqueued() -> Iterator[AssertEnqueued]:
    """Provide ``assert_enqueued(app, func, …)``, which fails if no open task is this call."""
    from desktop.engine import testing

    with testing.standing_in():
        yield testing.assert_enqueued


@pytest.fixture
def inline() -> Iterator[Callable[[FastAPI], AbstractContextManager[None]]]:
    """Provide ``inline(app)``: tasks run when their request ends, which raises their errors."""
    from desktop.engine import testing

    with testing.standing_in():
        yield testing.inline
