"""What a store knows besides its tasks: functions, counts of tasks, words, and the overview."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, false, func, literal_column, or_, select

from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.queues import Figures, Overview, Point, Queue, Span, TaskFigures
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import PendingRow
from sendoff_tasks.model.times import HOUR_MS, MINUTE_MS, wire_time
from sendoff_tasks.store.reads.vocabulary import Vocabulary, words
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN, KnownByFeature, StoppedTasks, Stops
from sendoff_tasks.store.tables.causes import (
    CAUSE,
    WIDTH,
    CauseRecord,
    by_state,
    counts_of,
    unseen,
)
from sendoff_tasks.store.tables.cursor import Source, columns, run
from sendoff_tasks.store.tables.pace import PACE_SINCE, Tally, share_of
from sendoff_tasks.store.tables.pending import LONGEST_TOLD, TELL_GIVEN, TELL_OPEN
from sendoff_tasks.store.tables.records import ALL_QUEUES, FunctionRecord, HeldQueue
from sendoff_tasks.store.tables.schema import counts, functions, pauses, queues, tasks
from sendoff_tasks.store.tables.statements import FUNCTIONS

_TABLE: Final = "(SELECT json_group_array(json_array({})) AS found FROM {})"
_SMALL: Final = (functions, counts, queues, pauses)
_TABLES: Final = (_TABLE.format(", ".join(columns(each)), each.name) for each in _SMALL)
KNOWN: Final = f"SELECT {', '.join(_TABLES)}"
"""Reads four small tables in one step, for the reason given in ``rows.read_rows``."""
_COUNTS: Final = "SELECT state, sum(n) FROM counts GROUP BY state"
_HELD: Final = "SELECT * FROM queues ORDER BY name"


class Catalogue:
    """Answers from small tables what would otherwise take a scan of all tasks."""

    def __init__(self, connection: Source, known: KnownByFeature) -> None:
        self.vocabulary = Vocabulary(connection)
        self._connection = connection
        self._known = known
        ((functions, counts, held, pauses),) = connection.execute(KNOWN).fetchall()
        self.functions = [FunctionRecord(*row) for row in json.loads(functions)]
        self._counts = {(f, s): n for f, s, n in json.loads(counts)}
        held_queues = (HeldQueue(*row) for row in json.loads(held))
        pauses_since: dict[str, int] = dict(json.loads(pauses))
        self.stops = Stops({each.name: each for each in held_queues}, pauses_since)
        stopped = self.stops.held.keys() | pauses_since.keys()
        everything = ALL_QUEUES in stopped
        self.stopped_functions = [f.id for f in self.functions if everything or f.queue in stopped]
        """The functions of which a pause or a hold lets no task start."""

    def meant(self, wanted: TaskFilter) -> list[int] | None:
        """Return the numbers of the functions a filter selects; ``None``: any function."""
        if wanted.task is None and wanted.queue is None and not wanted.called:
            return None
        return [
            f.id
            for f in self._called(wanted.called)
            if wanted.task in (None, f.name, f.title) and wanted.queue in (None, f.queue)
        ]

    def _called(self, called: str) -> list[FunctionRecord]:
        """Return the functions with exactly this name or title, else those its words begin."""
        if not called:
            return self.functions
        whole = words(called)
        same = [f for f in self.functions if whole and whole in (words(f.name), words(f.title))]
        begun = [f for f in self.functions if whole and not _unmatched(whole.split(), f)]
        return same or begun

    @cached_property
    def stopped(self) -> StoppedTasks:
        """The tasks that a hold, an outage or a pause prevents from starting."""
        return StoppedTasks(self._connection, self._known, self.stops, self.functions)

    def seen(self, functions: Collection[int] | None = None) -> dict[str, int]:
        """Count by state the tasks that a person has marked as seen; ``None``: of all functions."""
        found = select(tasks.c.state, func.count()).where(tasks.c.seen == literal_column("1"))
        if functions is not None:
            found = found.where(or_(false(), *(tasks.c.function == each for each in functions)))
        return dict(run(self._connection, found.group_by(tasks.c.state)))

    def met(self, cause: str, *, is_unseen: bool = False) -> tuple[Counter[str], Counter[str]]:
        """Count the tasks with a cause by state, and those of them counted for a stop instead.

        With ``is_unseen``, tasks marked as seen do not count.
        """
        row = self._connection.execute(CAUSE, (cause,)).fetchone()
        if row is None:
            return Counter(), Counter()
        counts = (unseen if is_unseen else by_state)(counts_of(row))
        about = json.loads(CauseRecord(*row[:WIDTH]).about)
        return Counter(counts), self.stopped.taken(cause, about, counts)

    def count_caused(
        self, cause: str, states: Collection[str] = (), *, is_unseen: bool = False
    ) -> int:
        """Count the tasks listed under a cause: those it stops, or those that met it."""
        counts, taken = self.met(cause, is_unseen=is_unseen)
        counts.subtract(taken)
        stopped = self.stopped
        if held := stopped.functions_of(cause):
            counts[State.QUEUED] += self.count(held, [State.QUEUED])
            counts[State.SCHEDULED] += sum(stopped.aside[function] for function in held)
        elif not counts and (batch := stopped.batch_of(cause)) is not None:  # no task meets a pause
            counts[State.SCHEDULED] += stopped.stopped_by_pause(batch)
        return sum(n for state, n in counts.items() if not states or state in states)

    def count(self, functions: Collection[int] | None = None, states: Collection[str] = ()) -> int:
        """Count tasks; ``None`` and ``()`` mean all functions and all states."""
        return sum(
            n
            for (function, state), n in self._counts.items()
            if (functions is None or function in functions) and (not states or state in states)
        )

    def matching(self, wanted: TaskFilter) -> int:
        """Count the tasks of a filter that asks only for states, functions and ``standing``."""
        functions = self.meant(wanted)
        count = self.count(functions, wanted.states)
        if wanted.standing is None or (wanted.states and State.QUEUED not in wanted.states):
            return count
        queued = self.count(functions, [State.QUEUED])
        own = (
            self.stopped_functions
            if functions is None
            else set(functions) & set(self.stopped_functions)
        )
        stopped = self.count(own, [State.QUEUED])
        return count - (queued - stopped if wanted.standing else stopped)

    def extent(self, condition: ColumnElement[bool], most: int) -> tuple[int, int, int]:
        """Count the tasks that meet a condition, up to ``most``; add the lowest and highest id."""
        some = select(tasks.c.id).where(condition).limit(most).subquery()
        extent: Any = select(func.count(), func.min(some.c.id), func.max(some.c.id))
        ((count, lowest, highest),) = run(self._connection, extent.select_from(some))
        return count, lowest or 1, highest or 0

    def done_in(self, paces: Mapping[str, float]) -> float | None:
        """Return in how many s the slowest queue will end all that may start; ``paces`` are per s.

        ``None`` if a queue has no pace, or if nothing is queued.
        """
        active: Counter[str] = Counter()
        queued: set[str] = set()
        for function in self.functions:
            if function.id in self.stopped_functions:
                continue
            line = self._counts.get((function.id, State.QUEUED), 0)
            active[function.queue] += line + self._counts.get((function.id, State.RUNNING), 0)
            if line:
                queued.add(function.queue)
        if not queued or not queued <= paces.keys():
            return None
        return max(active[queue] / paces[queue] for queue in queued)

    def left_over(self, asked: list[str]) -> dict[tuple[str, ...], list[int]]:
        """Group the functions found by some of the words by the words they do not match."""
        found: dict[tuple[str, ...], list[int]] = {}
        for function in self.functions:
            rest = _unmatched(asked, function)
            if len(rest) < len(asked):
                found.setdefault(rest, []).append(function.id)
        return found


def _unmatched(asked: list[str], function: FunctionRecord) -> tuple[str, ...]:
    """Return the words that begin no word of a function's title or name."""
    own = words(function.title, function.name).split()
    return tuple(w for w in asked if not any(o.startswith(w) for o in own))


def read_counts(connection: Source) -> dict[str, int]:
    """Return the number of tasks in each state, in constant time."""
    return {state.value: 0 for state in State} | dict(connection.execute(_COUNTS).fetchall())


def read_outlook(connection: Source, paces: Mapping[str, float]) -> tuple[int, float | None]:
    """Return how many queued tasks a pause or hold stops, and in how many s the others end.

    ``paces`` is how many tasks of a queue end a second. Takes constant time.
    """
    catalogue = Catalogue(connection, NOTHING_KNOWN)  # no batch holds a queue
    standing = catalogue.matching(TaskFilter(states=(State.QUEUED,), standing=True))
    done_in = catalogue.done_in(paces)
    return standing, None if done_in is None else round(done_in, 1)


def read_held_queues(connection: Source) -> list[HeldQueue]:
    """Return the queues that wait for a person or a fix."""
    return [HeldQueue(*row) for row in connection.execute(_HELD)]


def read_pending(connection: Source, now: int, numbers: Sequence[int] | None) -> list[PendingRow]:
    """Return the pending actions ``now`` (epoch ms), those due first before others.

    With ``numbers`` those of them, which may have been carried out.
    """
    if numbers is None:
        found = connection.execute(TELL_OPEN)
    else:
        found = connection.execute(TELL_GIVEN, (json.dumps([*numbers]),))
    return [_pending_row(now, row) for row in found.fetchall()]


def _pending_row(now: int, row: Sequence[Any]) -> PendingRow:
    number, action, runs, count, asked, due_at, done_at, answer = row
    told = None if answer is None else json.loads(answer)
    more, is_done = json.loads(asked), done_at is not None
    return PendingRow(
        id=number,
        key=more.get("key", ""),
        due_in=max(0, due_at - now) / 1000,
        tasks=json.loads(runs) if len(runs) <= LONGEST_TOLD else [],
        action=action,
        touched=count,
        filter=more.get("filter"),
        batch_id=more.get("batch_id"),
        subject=more.get("subject"),
        done=count if is_done else 0 if told is None else told["judged"],
        answer=told if is_done else None,
    )


STEPS: Final = {Span.HOUR: (MINUTE_MS, 60), Span.DAY: (HOUR_MS, 24)}
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
