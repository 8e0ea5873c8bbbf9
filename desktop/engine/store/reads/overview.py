"""The overview: figures of the last hour by minute, or of the last day by hour."""

from __future__ import annotations

from typing import Final

from desktop.contract.queues import Figures, Overview, Point, Queue, Span, TaskFigures
from desktop.contract.rules.times import wire_time
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.pace import HOUR, MINUTE, PACE_SINCE, Tally, share_of
from desktop.engine.store.tables.records import FunctionRecord
from desktop.engine.store.tables.statements import FUNCTIONS

STEPS: Final = {Span.HOUR: (MINUTE, 60), Span.DAY: (HOUR, 24)}
"""The length of a point, ms, and the number of points."""


def read_overview(connection: Source, span: Span, now: int, queues: list[Queue]) -> Overview:
    """Return the figures up to ``now``, epoch ms; the current point is the last one."""
    step, count = STEPS[span]
    last = now - now % step
    first = last - (count - 1) * step
    points = {first + place * step: Tally() for place in range(count)}
    by_name: dict[str, tuple[str, Tally]] = {}
    functions = {row[0]: FunctionRecord(*row) for row in connection.execute(FUNCTIONS)}
    total = Tally()
    for at, number, *counted in connection.execute(PACE_SINCE, (step, first, last)):
        tally, function = Tally.read(counted), functions[number]
        title, of_task = by_name.get(function.name, (function.title, Tally()))
        by_name[function.name] = title, of_task
        for each in (points[at], of_task, total):
            each.add(tally)
    tasks = [
        TaskFigures(task=name, title=title, **_figures(tally))
        for name, (title, tally) in by_name.items()
    ]
    tasks.sort(key=lambda task: (-task["done"] - task["failed"], task["task"]))
    return Overview(
        span=span.value,
        since=wire_time(first),
        until=wire_time(now),
        total=_figures(total),
        points=[Point(at=wire_time(at), **_figures(each)) for at, each in points.items()],
        queues=queues,
        tasks=tasks,
    )


def _figures(tally: Tally) -> Figures:
    # A single run has an exact time; several have only the class in which they are counted.
    is_one = sum(tally.runs.values()) == 1
    run_median = float(tally.longest) if is_one else share_of(tally.runs, 0.5)
    return Figures(
        done=tally.done,
        failed=tally.failed,
        again=tally.again,
        wait_median=_seconds(share_of(tally.waits, 0.5)),
        wait_p95=_seconds(share_of(tally.waits, 0.95)),
        run_median=_seconds(run_median),
        longest=_seconds(tally.longest) if tally.runs else None,
    )


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / 1000
