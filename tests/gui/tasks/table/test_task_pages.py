"""The sparse list: after any splice it is the list it stands for."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.gui.kit.words.task_row import Row, row_of
from desktop.gui.tasks.table import task_pages
from desktop.gui.tasks.table.task_pages import RUN, TaskPages, gap, run, sort_out
from sendoff_tasks.client.calls import PAGE, TaskQuery
from sendoff_tasks.model.events import TasksEvent
from sendoff_tasks.model.filters import Filter
from sendoff_tasks.model.reasons import Reason
from tests.gui.tasks.table.task_source import task_row


def rows(*ids: int) -> list[Row]:
    return [row_of(task_row(each)) for each in ids]


def shown(pages: TaskPages) -> list[int | None]:
    return [None if (row := pages.at(i)) is None else row.id for i in range(pages.total)]


parts = st.lists(st.tuples(st.booleans(), st.integers(1, 8)), max_size=3)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 12), parts), max_size=25))
def test_any_splices_leave_the_same_list_as_slices_of_a_plain_one(
    splices: list[tuple[int, int, list[tuple[bool, int]]]],
) -> None:
    pages, plain, following = TaskPages(), list[int | None](), 1
    for start, count, shapes in splices:
        start = min(start, len(plain))
        count = min(count, len(plain) - start)
        segments, new = [], list[int | None]()
        for loaded, size in shapes:
            ids = list(range(following, following + size))
            following += size
            segments.append(run(rows(*ids)) if loaded else gap(size))
            new += ids if loaded else [None] * size
        pages.splice(start, count, segments)
        plain[start : start + count] = new
        assert shown(pages) == plain
        assert pages.loaded == sum(each is not None for each in plain)
        for position, task_id in enumerate(plain):
            assert task_id is None or pages.find(task_id) == position


def test_neighbours_of_one_kind_are_joined() -> None:
    pages = TaskPages()
    pages.splice(0, 0, [gap(10)])
    pages.splice(3, 2, [run(rows(1, 2))])
    pages.splice(5, 1, [run(rows(3))])
    assert [segment.size for _, segment in pages.segments()] == [3, 3, 4]
    pages.splice(3, 3, [gap(3)])
    assert [segment.size for _, segment in pages.segments()] == [10]


def test_a_run_does_not_grow_past_its_limit_so_that_it_can_be_forgotten_in_parts() -> None:
    pages = TaskPages()
    for number in range(RUN + 10):
        pages.splice(0, 0, [run(rows(number + 1))])
    assert max(segment.size for _, segment in pages.segments()) <= RUN


def test_what_is_farthest_from_the_eye_is_forgotten_and_no_position_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(task_pages, "PAGES", limit := 3)
    pages = TaskPages()
    for number in range(limit + 4):
        ids = range(number * PAGE + 1, (number + 1) * PAGE + 1)
        pages.splice(pages.total, 0, [run(rows(*ids))])
    total = pages.total
    pages.forget_far_from(0, 30)
    assert pages.loaded <= PAGE * limit
    assert pages.total == total
    assert pages.at(0) is not None
    assert pages.at(total - 1) is None


def test_rows_between_two_positions_skip_what_is_not_in_memory() -> None:
    pages = TaskPages()
    pages.splice(0, 0, [run(rows(1, 2)), gap(3), run(rows(6, 7))])
    assert [(at, row.id) for at, row in pages.between(1, 5)] == [(1, 2), (5, 6)]


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
}
"""A value of each condition that the window checks itself, which the row below does not meet."""
SEARCHED: Final = {"task", "called", "text", "to", "error"}
"""Conditions that only the backend checks."""
NOT_OF_A_LIST: Final = {"since", "until", "known_at"}


def test_a_new_row_is_kept_out_by_each_condition_that_it_does_not_meet() -> None:
    assert NARROWS.keys() | SEARCHED | NOT_OF_A_LIST == {each.name for each in fields(Filter)}
    row = task_row(1, "queued", reason=Reason.QUEUE_PAUSED.value)
    event: TasksEvent = {"rows": [row], "gone": []}
    assert sort_out(event, TaskPages(), TaskQuery(), 0).arrived == [row_of(row)]
    for field, value in NARROWS.items():
        changes = sort_out(event, TaskPages(), TaskQuery(**{field: value}), 0)
        assert not changes.arrived, field
    for field in SEARCHED:
        assert sort_out(event, TaskPages(), TaskQuery(**cast("Any", {field: "x"})), 0).unsure, field
