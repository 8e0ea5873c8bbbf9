"""The list by itself: numbers and events give the list that is read anew, without a window."""

from __future__ import annotations

import sys
from array import array
from dataclasses import fields
from typing import Any, Final, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.table.task_list import KEPT, TaskList, ranges_from_the_end
from sendoff_tasks.client.calls import PAGE, SortedFilter
from sendoff_tasks.model.events import TasksEvent
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import Reason
from tests.gui.tasks.table.model_bench import STATES
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row
from tests.property_based import examples

SIGHT: Final = 0, 20
QUERIES: Final = [
    SortedFilter(),
    SortedFilter(sort="id"),
    SortedFilter(states=("queued", "running")),
    SortedFilter(states=("failed",), seen=False, sort="id"),
    SortedFilter(text="person1"),
    SortedFilter(sort="-finished_at"),
    SortedFilter(sort="state", states=("queued", "failed")),
]
STARTED: Final = 40


class Lists(RuleBasedStateMachine):
    """A list that hears of changes once each, in order, and is read again where it is unsure."""

    def __init__(self) -> None:
        super().__init__()
        self.source = TaskSource([task_row(n, STATES[n % 7]) for n in range(1, STARTED + 1)])
        self.query, self.list = QUERIES[0], TaskList()
        self.read()

    def truth(self) -> list[int]:
        return [row["id"] for row in self.source.matching(self.query)]

    def read(self) -> None:
        self.list.begin(self.query, array("q", self.truth()), is_whole=True)
        self.unsure = False

    def hear(self, event: TasksEvent) -> None:
        changes = self.list.hear(event, *SIGHT)
        self.list.ids = self.list.spliced(changes.left, changes.arrived)
        self.unsure |= changes.unsure

    @rule(query=st.sampled_from(QUERIES))
    def ask(self, query: SortedFilter) -> None:
        self.query = query
        self.read()

    @rule(count=st.integers(1, 3))
    def add(self, count: int) -> None:
        event = TasksEvent(rows=[], gone=[])
        for _ in range(count):
            event["rows"] += self.source.change(self.source.newest + 1, "queued")["rows"]
        self.hear(event)

    @rule(task=st.integers(1, STARTED + 9), state=st.sampled_from(STATES), seen=st.booleans())
    def change(self, task: int, state: str, seen: bool) -> None:
        if task in self.source.rows:
            self.hear(self.source.change(task, state, seen=seen))

    @rule(task=st.integers(1, STARTED + 9))
    def remove(self, task: int) -> None:
        if task in self.source.rows:
            self.hear(self.source.remove(task))

    @rule(position=st.integers(0, STARTED))
    def look(self, position: int) -> None:
        wanted = self.list.missing(position, position + 20)
        self.list.put(row_of(self.source.rows[n]) for n in wanted)

    @invariant()
    def it_is_the_list_read_anew(self) -> None:
        if self.unsure:
            self.read()
        assert list(self.list.ids) == self.truth()
        for place, number in enumerate(self.list.ids):
            assert self.list.position(number) == place
            row = self.list.row(number)
            assert row is None or row.rev == self.source.rows[number]["rev"]


def test_numbers_and_events_are_the_list_read_anew() -> None:
    runs = settings(max_examples=examples(60), stateful_step_count=30, deadline=None)
    run_state_machine_as_test(Lists, settings=runs)


def listed(*ids: int, query: SortedFilter | None = None) -> TaskList:
    made = TaskList()
    made.begin(query or SortedFilter(sort="id"), array("q", ids), is_whole=True)
    return made


@settings(deadline=None)
@given(
    ids=st.sets(st.integers(1, 60)),
    left=st.sets(st.integers(0, 59)),
    arrived=st.sets(st.integers(61, 90) | st.integers(1, 60)),
)
def test_what_leaves_and_comes_at_once_is_the_sorted_rest(
    ids: set[int], left: set[int], arrived: set[int]
) -> None:
    tasks = listed(*sorted(ids))
    left = {at for at in left if at < len(ids)}
    arrived -= ids
    stays = ids - {tasks.ids[at] for at in left}
    assert list(tasks.spliced(left, arrived)) == sorted(stays | arrived)
    for first, last in ranges_from_the_end(left):
        del tasks.ids[first : last + 1]
    assert list(tasks.ids) == sorted(stays)


def test_a_block_on_screen_is_read_first_and_old_rows_are_shown_until_then() -> None:
    tasks = listed(*range(1, 3 * PAGE + 1))
    wanted = tasks.missing(PAGE + 5, PAGE + 30)
    assert wanted == [*range(PAGE + 1, 2 * PAGE + 1)]
    rows = {n: row_of(task_row(n)) for n in range(1, 3 * PAGE + 1)}
    tasks.put(rows[n] for n in wanted)
    assert tasks.missing(PAGE + 5, PAGE + 30) == [*range(1, PAGE + 1)]  # near it
    tasks.put(rows.values())
    tasks.age([PAGE + 6])
    assert tasks.row(PAGE + 6) is rows[PAGE + 6]
    assert tasks.missing(PAGE + 5, PAGE + 30) == [PAGE + 6]
    assert tasks.missing(0, -1) == []  # nothing is on screen


def test_the_oldest_rows_are_dropped_but_none_on_screen() -> None:
    tasks = listed(*range(1, KEPT + 101))
    tasks.put(row_of(task_row(n)) for n in range(1, KEPT + 101))
    tasks.forget_far_from(0, 9)
    assert len(tasks.rows) == KEPT + 10
    assert tasks.at(0) is not None
    assert tasks.at(50) is None


def test_a_million_numbers_take_no_more_than_twelve_megabytes() -> None:
    tasks = listed(query=SortedFilter())
    for start in range(1_000_000, 0, -50_000):
        tasks.ids += array("q", range(start, start - 50_000, -1))
    assert sys.getsizeof(tasks.ids) <= 12_000_000
    assert tasks.position(500_000) == 500_000


NARROWS: Final[dict[str, Any]] = {
    "states": ("failed",),
    "item_id": 7,
    "reasons": (Reason.KEPT,),
    "standing": False,
    "seen": True,
    "batch_id": 7,
    "queue": "letters",
    "cause": "a",
    "ids": (7,),
    "since": 1000.0,
    "until": 1000.0,
}
"""A value of each condition that the window checks itself, which a row below does not meet."""
SEARCHED: Final = {"task", "called", "text", "to", "error"}
"""Conditions that only the backend checks."""
NOT_OF_A_LIST: Final = {"known_at"}


def test_a_new_row_is_kept_out_by_each_condition_that_it_does_not_meet() -> None:
    assert NARROWS.keys() | SEARCHED | NOT_OF_A_LIST == {each.name for each in fields(TaskFilter)}
    paused = {"reason": Reason.QUEUE_PAUSED.value}
    for field, value in NARROWS.items():
        made = stamp(1000.0 - (field == "since"))
        row = task_row(1, "queued", created_at=made, **paused)
        event = TasksEvent(rows=[row], gone=[])
        assert listed().hear(event, *SIGHT).arrived == {1}
        narrowed = listed(query=SortedFilter(**{field: value}))
        assert not narrowed.hear(event, *SIGHT).arrived, field
    for field in SEARCHED:
        searching = listed(query=SortedFilter(**cast("Any", {field: "x"})))
        assert searching.hear(event, *SIGHT).unsure, field
