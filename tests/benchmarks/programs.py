"""The programs a benchmark starts beside itself: servers, workers and who hands tasks in."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.forked import Process


def opened(
    command: Sequence[str],
    stderr: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Process:
    """Start a program in a group of its own, with pipes for what it hears and says."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=environment,
        start_new_session=True,
    )
