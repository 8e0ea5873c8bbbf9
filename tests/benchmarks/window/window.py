"""The GUI thread while a person scrolls a long table that changes 2,000 times a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.benchmarks.backend.servers import Server, sendoff
from tests.benchmarks.figures import Figure, against, alone
from tests.benchmarks.window.rows import fill
from tests.journeys.screen import Screen, missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.benchmarks.plan import Plan

CHANGES = 2_000
"""A second."""
P99_WITHIN = {"scroll": 6.0, "drag": 10.0, "batches": 6.0}
MAX_WITHIN = {"scroll": 20.0, "drag": 33.0, "batches": 20.0}
TIMES_QUIET = 2.0
"""So many times the p99 of the same run without changes, at most."""
ON_SCREEN_WITHIN = 80.0
"""Milliseconds."""
OFFSCREEN = {
    **os.environ,
    "QT_QPA_PLATFORM": "offscreen",
    # That platform warns, for each window, that it cannot pass on size hints.
    "QT_LOGGING_RULES": "default.warning=false",
}
MOVES = {
    "scroll": "scrolling at 60 Hz",
    "drag": "dragging the thumb",
    "batches": "scrolling the batches",
}
DRAFTS = 200
"""In the view of batches, beside one that is sent while it is scrolled."""
ROWS_A_SECOND = 500
"""Of that batch, at most."""


def run(plan: Plan) -> list[Figure]:
    """Measure offscreen, and on a virtual screen where there is one."""
    data_dir = plan.place("window")
    with sendoff(data_dir) as server:
        fill(server, plan.rows)
        for number in range(DRAFTS):
            server.call("POST", "/batches", {"name": f"members {number}.csv"})
        figures = _on(OFFSCREEN, "offscreen", server, data_dir, plan)
        if not missing():
            with Screen() as screen:
                figures += _on(screen.environment(), "Xvfb", server, data_dir, plan)
    return figures


def _on(
    screen: Mapping[str, str], name: str, server: Server, data_dir: Path, plan: Plan
) -> list[Figure]:
    quiet, busy = [], []
    for _ in range(plan.reps):
        quiet.append(probe(data_dir, screen, plan))
        number = _draft(server, plan.times(ROWS_A_SECOND))
        with changes(server):
            busy.append(probe(data_dir, screen, plan, number))
        server.wait_idle()
    return [*_gap_figures(name, busy, quiet), *_live_figures(name, busy)]


def _gap_figures(screen: str, busy: list[Any], quiet: list[Any]) -> list[Figure]:
    figures = []
    for move, words in MOVES.items():
        for part, limit in (("p99", P99_WITHIN[move]), ("max", MAX_WITHIN[move])):
            what = f"{screen}, {words}: gap {part}"
            ours = [found[move][part] for found in busy]
            theirs = [found[move][part] for found in quiet]
            figures.append(against(what, "ms", ours, theirs, beside="no changes", limit=limit))
            if part == "p99":
                figures.append(
                    against(what, "ms", ours, theirs, beside="no changes", at_most=TIMES_QUIET)
                )
    return figures


def _live_figures(screen: str, busy: list[Any]) -> list[Figure]:
    heard = [found["watch"]["changes"] for found in busy]
    figures = [alone(f"{screen}: changes heard", "changes/s", heard)]
    seen = [found["watch"]["p99"] for found in busy if "p99" in found["watch"]]
    if seen:  # a short run on a busy machine may end before the first change
        what = f"{screen}: commit to screen, p99"
        figures.append(alone(what, "ms", seen, at_most=ON_SCREEN_WITHIN))
    return figures


def _draft(server: Server, rows: int) -> int:
    """Make a batch of so many rows; returns its number."""
    wanted = {"name": "renewals.csv", "tasks": ["nothing"], "rate": f"{ROWS_A_SECOND}/s"}
    number: int = server.call("POST", "/batches", wanted)["batch_id"]
    people = [{"row": n, "item": _item(f"m{n}.{number}")} for n in range(1, rows + 1)]
    server.call("POST", f"/batches/{number}/rows", {"rows": people})
    return number


def _item(name: str) -> dict[str, Any]:
    """Describe an item of a person that no other draft names: one that is known is left out."""
    return {"title": "Renewal", "recipient": {"email": f"{name}@example.org"}}


def probe(data_dir: Path, screen: Mapping[str, str], plan: Plan, batch: int = 0) -> Any:
    """Open the real window on a running backend, measure it, and close it.

    The draft ``batch`` is sent while the view of batches is scrolled.
    """
    command = [sys.executable, "-m", "tests.benchmarks.window.window_probe", str(data_dir)]
    command += ["--seconds", str(plan.seconds), "--rows", str(plan.rows)]
    command += ["--batch", str(batch)]
    done = subprocess.run(command, env=dict(screen), stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


@contextmanager
def changes(server: Server) -> Iterator[None]:
    """Have the backend commit ``CHANGES`` a second."""
    command = [sys.executable, "-m", "tests.benchmarks.window.changes", server.url]
    command += [f"--token={server.token}", "--rate", str(CHANGES)]
    source = subprocess.Popen(command)
    try:
        yield
        if source.poll() is not None:
            raise RuntimeError(f"the source of changes ended with {source.returncode}")
    finally:
        source.terminate()
        source.wait()
