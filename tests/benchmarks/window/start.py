"""From the command to the backend's ready line, and to the window's first picture; warm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.benchmarks.backend.servers import plain, sendoff
from tests.benchmarks.figures import Figure, against
from tests.journeys.screen import Screen, missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.benchmarks.plan import Plan

BACKEND_WITHIN = 0.6
WINDOW_WITHIN = 0.35
"""Seconds."""
UNMEASURED = 1
"""Times that everything starts before it counts."""
FIRST_PICTURE = b"qt.widgets.painting: Flushing"
"""What Qt itself says when it hands a painted window to the screen."""


def run(plan: Plan) -> list[Figure]:
    """Start everything unmeasured, then turn by turn with a bare part of the same kind.

    Backend and window have a folder each, which a backend has used before: that of a window which
    was killed ends a moment later.
    """
    with ExitStack() as stack:
        screen = {} if missing() else stack.enter_context(Screen()).environment()
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **screen}
        folders = plan.place("start"), plan.place("start")
        for _ in range(UNMEASURED):
            _once(*folders, environment)
        all_times = [_once(*folders, environment) for _ in range(plan.reps)]
    ready, bare_ready, shown, bare_shown = zip(*all_times, strict=True)
    return [
        against(
            "window shown after the command",
            "s",
            shown,
            bare_shown,
            beside="an empty Qt window",
            limit=WINDOW_WITHIN,
        ),
        against(
            "backend ready after the command",
            "s",
            ready,
            bare_ready,
            beside="an empty FastAPI app",
            limit=BACKEND_WITHIN,
        ),
    ]


def _once(
    data_dir: Path, window_dir: Path, environment: Mapping[str, str]
) -> tuple[float, float, float, float]:
    """Start each once."""
    ours = [sys.executable, "-m", "desktop", "--data-dir", str(window_dir)]
    bare = [sys.executable, "-m", "tests.benchmarks.window.bare_window"]
    ready, bare_ready = _ready(data_dir), _bare_ready()
    return ready, bare_ready, _shown(ours, environment), _shown(bare, environment)


def _ready(data_dir: Path) -> float:
    with sendoff(data_dir) as server:
        return server.started


def _bare_ready() -> float:
    with plain() as server:
        return server.started


def _shown(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Start a window, wait until Qt says that it was painted, and end it with its backend."""
    told = {**environment, "QT_LOGGING_RULES": "qt.widgets.painting=true"}
    told["QT_LOGGING_TO_CONSOLE"] = "1"
    began = time.monotonic()
    program = subprocess.Popen(command, env=told, stderr=subprocess.PIPE, start_new_session=True)
    assert program.stderr is not None
    with program.stderr as words:
        said = b""
        for line in words:
            said += line
            if FIRST_PICTURE in line:
                took = time.monotonic() - began
                break
        else:
            raise RuntimeError(f"{command} ended without a window: {said.decode()}")
        # Hard: what Qt says from here on would fill the pipe and stop an orderly end.
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    return took
