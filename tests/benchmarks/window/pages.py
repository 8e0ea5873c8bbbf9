"""The GUI thread, and the API, with ten pages in browsers open beside the window."""

from __future__ import annotations

import subprocess
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from tests.benchmarks.backend import busy
from tests.benchmarks.backend.servers import Server, sendoff
from tests.benchmarks.figures import Figure, against, quantile
from tests.benchmarks.window.rows import fill
from tests.benchmarks.window.window import MOVES, OFFSCREEN, changes, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.benchmarks.plan import Plan

PAGES = 10
TIMES_ALONE = 1.5
"""So many times the gaps of a window alone, at most."""


def run(plan: Plan) -> list[Figure]:
    """Measure with no page, and with ten that draw nothing, by turns."""
    data_dir = plan.place("pages")
    (data_dir / "tasks").mkdir()
    (data_dir / "tasks" / "busy.py").write_text(busy.BUSY)
    with sendoff(data_dir) as server:
        fill(server, plan.rows)
        return beside(plan, server, data_dir, lambda: pages(server))


def beside(
    plan: Plan, server: Server, data_dir: Path, opened: Callable[[], AbstractContextManager[object]]
) -> list[Figure]:
    """Measure with no page, and with those that are open in a block of ``opened``."""
    found: list[tuple[list[Any], list[float]]] = [([], []), ([], [])]
    for _ in range(plan.reps):
        for place, block in enumerate((nullcontext, opened)):
            gaps, delays = found[place]
            with block():
                with changes(server):
                    gaps.append(probe(data_dir, OFFSCREEN, plan))
                server.wait_idle()
                delays.append(_busy(plan, server))
    alone, ten = found
    figures = []
    for move in ("scroll", "drag"):
        for part in ("p50", "p99", "max"):
            pair = [[each[move][part] for each in gaps] for gaps in (ten[0], alone[0])]
            what = f"offscreen, {MOVES[move]}, {PAGES} pages: gap {part}"
            most = TIMES_ALONE if part == "p99" else None
            figures.append(against(what, "ms", *pair, beside="no page", at_most=most))
    pair = [[each["watch"].get("p99", 0.0) for each in gaps] for gaps in (ten[0], alone[0])]
    if all(map(all, pair)):  # a short run may end before the first change
        figures.append(against("commit to screen, p99", "ms", *pair, beside="no page"))
    what = f"the API while every lane is busy, {PAGES} pages: p99"
    return [*figures, against(what, "ms", ten[1], alone[1], beside="no page")]


def _busy(plan: Plan, server: Server) -> float:
    busy.fill(server, busy.WAITING, plan.seconds * 2)
    times = busy.answers(server, plan.times(busy.REQUESTS_A_SECOND))
    server.call("POST", "/tasks/bulk", {"action": "cancel", "filter": {"state": "queued"}})
    server.wait_idle()
    return quantile(times, 0.99)


@contextmanager
def pages(server: Server) -> Iterator[None]:
    """Keep pages open that draw nothing."""
    command = [sys.executable, "-m", "tests.benchmarks.window.page_clients", server.url]
    command += [f"--token={server.token}", "--pages", str(PAGES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as source:
        assert source.stdout is not None
        try:
            source.stdout.readline()
            yield
            if source.poll() is not None:
                raise RuntimeError(f"the pages ended with {source.returncode}")
        finally:
            source.terminate()
