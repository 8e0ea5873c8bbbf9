"""Reading how it went: the last hour by minutes, or the last day by hours."""

from __future__ import annotations

from typing import Final

from desktop.contract.queues import Figures, Overview, Point, Queue, Span, TaskFigures
from desktop.contract.rules.times import wire_time
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.pace import HOUR, MINUTE, PACE_SINCE, Tally, share_of
from desktop.engine.store.tables.records import FunctionRecord
from desktop.engine.store.tables.statements import FUNCTIONS

STEPS: Final = {Span.HOUR: (MINUTE, 60), Span.DAY: (HOUR, 24)}
"""How long a point is, ms, and how many there are."""


def read_overview(connection: Source, span: Span, now: int, queues: list[Queue]) -> Overview:
    """Read what was counted up to ``now``, epoch ms; the point under way is the last one."""
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
    # Of a single run the exact time is known; of several, the class it is counted in.
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
