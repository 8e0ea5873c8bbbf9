"""``python -m tests.benchmarks.small NAME…``: as the command, where options alone leave it long.

Backends are forked: most of a tiny run is the start of its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from sendoff_tasks.transaction import searching
from tests import forked
from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import programs
from tests.benchmarks.backend import busy
from tests.benchmarks.engine import cpu
from tests.benchmarks.window import start, window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.forked import Process

by_command = programs.opened


def opened(
    command: Sequence[str],
    stderr: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Process:
    """Fork a backend, but not one that a shell starts, which may open few descriptors."""
    if command[1:3] != ["-m", "desktop"]:
        return by_command(command, stderr, environment)
    error = 2 if stderr is None else stderr
    return forked.start(command[3:], stderr=error, environment=environment or {})


def less(work: busy.Work) -> busy.Work:
    """Take one of the tasks for each lane, which computes for a moment."""
    return {lane: (name, min(argument, 1_000), 1) for lane, (name, argument, _) in work.items()}


def main() -> None:
    """Run the benchmarks so."""
    with (
        patch.object(programs, "opened", opened),
        patch.object(cpu, "ROUNDS", 1_000),
        patch.object(busy, "WAITING", less(busy.WAITING)),
        patch.object(busy, "COMPUTING", less(busy.COMPUTING)),
        patch.object(window, "DRAFTS", 2),
        patch.object(start, "UNMEASURED", 0),
        patch.object(searching, "WAIT_MS", 0),  # of which "views" waits for the end
        patch.object(window, "missing", lambda: ["Xvfb"]),  # the virtual screen is that of "start"
    ):
        benchmarks.main()


if __name__ == "__main__":
    main()
