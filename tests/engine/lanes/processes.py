"""What tests of the cpu lane ask of its processes."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from typing import Any

from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.functions.arguments import plain
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.lanes.cpu import CpuLane
from tests import WITHIN
from tests.engine.book import Book, claim


def run(lane: CpuLane, book: Book, function: Callable[..., Any], *args: Any, task_id: int) -> Any:
    """Run a task to its end and give its result."""
    lane.start(claim(spec_for(function), *args, task_id=task_id))
    outcome = book.outcome(task_id)
    assert isinstance(outcome, Succeeded), outcome
    return plain(outcome.result)


def gone(pid: int) -> None:
    """Wait until a process has ended that need not be our child."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([handle], [], [], WITHIN)[0], f"{pid} is still there"
    finally:
        os.close(handle)
