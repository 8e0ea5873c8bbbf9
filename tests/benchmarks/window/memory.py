"""Resident memory of window and backend with a long table, after scrolling through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.backend.servers import sendoff
from tests.benchmarks.figures import Figure, alone
from tests.benchmarks.window.resident import resident
from tests.benchmarks.window.rows import fill
from tests.benchmarks.window.window import OFFSCREEN, probe

if TYPE_CHECKING:
    from tests.benchmarks.plan import Plan

WINDOW_WITHIN = 120.0
BACKEND_WITHIN = 100.0
"""MiB, at a million tasks."""


def run(plan: Plan) -> list[Figure]:
    """Fill a store, start a fresh backend on it, use the window, and read both sizes."""
    data_dir = plan.place("memory")
    with sendoff(data_dir) as server:
        fill(server, plan.rows)
    windows, backends = [], []
    for _ in range(plan.reps):
        with sendoff(data_dir) as server:
            windows.append(probe(data_dir, OFFSCREEN, plan)["resident"])
            backends.append(resident(server.process.pid))
    rows = f"{plan.rows:,} tasks"
    return [
        alone(f"window, {rows}, scrolled", "MiB", windows, at_most=WINDOW_WITHIN),
        alone(f"backend, {rows}", "MiB", backends, at_most=BACKEND_WITHIN),
    ]
