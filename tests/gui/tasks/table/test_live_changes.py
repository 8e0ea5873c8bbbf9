"""Random lives of the windowed model: through all changes it ends true to the plain list."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desktop.client.api import TaskQuery
from desktop.gui.tasks.table.task_model import PagePurpose
from tests.gui.tasks.table.model_bench import STATES, Bench
from tests.property_based import at_most

ROWS = 300
CAUSE = "no such user"
TITLED = TaskQuery(task="Confirmation e-mail")
UNSEEN = TaskQuery(seen=False)
CAUSED = TaskQuery(cause=CAUSE, seen=False, sort="id")
QUERIES = [
    TaskQuery(),
    TaskQuery(sort="id"),
    TaskQuery(states=("queued", "running")),
    TaskQuery(states=("succeeded",), sort="id"),
    TaskQuery(text="person1"),
    TaskQuery(sort="-state"),
    TaskQuery(sort="-took"),
    TaskQuery(sort="item_id", states=("queued", "succeeded")),
    TaskQuery(sort="task"),
    TaskQuery(item_id=1007),
    TaskQuery(queue="paper"),
    TaskQuery(error="refused"),
    TaskQuery(to="person1", sort="id"),
    TITLED,
    UNSEEN,
    CAUSED,
]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("look"), st.integers(0, ROWS)),
        st.tuples(st.just("change"), st.integers(1, ROWS), st.sampled_from(STATES)),
        st.tuples(st.just("fail"), st.integers(1, ROWS), st.booleans()),
        st.tuples(st.just("refuse"), st.integers(1, ROWS), st.sampled_from(["refused", None])),
        st.tuples(st.just("new"), st.integers(1, 3)),
        st.tuples(st.just("print")),
        st.tuples(st.just("gone"), st.integers(1, ROWS)),
        st.tuples(st.just("missed"), st.integers(1, ROWS)),
        st.tuples(st.just("query"), st.sampled_from(QUERIES)),
        st.tuples(st.just("ask")),
        st.tuples(st.just("answer")),
        st.tuples(st.just("settle")),
    ),
    max_size=30,
)


def take(seen: Bench, step: tuple[Any, ...]) -> None:
    """Take one random step; some leave an answer under way while the list changes."""
    match step:
        case ("look", first):
            seen.model.watch(first, first + 30)
        case ("change", task_id, state) if task_id in seen.source.rows:
            seen.tell(seen.source.change(task_id, state))
        case ("fail", task_id, is_seen) if task_id in seen.source.rows:
            seen.tell(seen.source.change(task_id, "failed", cause=CAUSE, seen=is_seen))
        case ("refuse", task_id, error) if task_id in seen.source.rows:
            seen.tell(seen.source.change(task_id, "waiting", error=error))
        case ("print",):
            new = {"queue": "paper", "task": "print_it", "title": "Print: 7", "to": None}
            seen.tell(seen.source.change(seen.source.newest + 1, "queued", **new))
        case ("new", count):
            for _ in range(count):
                seen.tell(seen.source.change(seen.source.newest + 1, "queued"))
        case ("gone", task_id) if task_id in seen.source.rows:
            seen.tell(seen.source.remove(task_id))
        case ("missed", task_id) if task_id in seen.source.rows:
            seen.source.change(task_id, "failed")
            seen.source.remove(task_id + 1)
            seen.model.reset()
        case ("query", query):
            seen.model.set_query(query)
        case ("ask",):
            seen.jobs.ask()
        case ("answer",):
            seen.jobs.answer()
        case ("settle",):
            seen.settle()


def live_through(seen: Bench, steps: list[tuple[Any, ...]]) -> None:
    """Take all steps, let everything settle, and compare with the plain list."""
    for step in steps:
        take(seen, step)
    seen.jobs.answer()
    seen.settle()
    first = min(seen.model.window[0], max(seen.model.rowCount() - 31, 0))
    for _ in range(3):
        seen.look(first)
        seen.settle()
    seen.assert_true()


many = settings(
    deadline=None,
    max_examples=at_most(150),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
few = settings(many, max_examples=6)


@many
@given(steps=steps)
# A task that came while the first page of another order was on its way.
@example(steps=[("query", TaskQuery(sort="id")), ("ask",), ("new", 1)])
# A task that came after the newest one has gone.
@example(steps=[("look", 98), ("gone", ROWS), ("new", 1)])
# Tasks that leave a cause, outside the rows on screen and within.
@example(steps=[("fail", 3, False), ("query", CAUSED), ("answer",), ("fail", 3, True)])
@example(steps=[("query", UNSEEN), ("answer",), ("look", 98), ("fail", 3, True)])
# Tasks that a search does not find, or no longer.
@example(steps=[("query", TaskQuery(queue="paper")), ("answer",), ("new", 1)])
@example(steps=[("query", TaskQuery(to="person1")), ("answer",), ("print",)])
@example(
    steps=[
        ("refuse", 3, "refused"),
        ("query", TaskQuery(error="refused")),
        ("answer",),
        ("refuse", 3, None),
    ]
)
@example(steps=[("query", TITLED), ("answer",), ("refuse", 290, "refused")])
def test_after_any_steps_it_is_true_to_the_plain_list(qapp: object, steps: list[Any]) -> None:
    live_through(Bench(ROWS, tested=False), steps)


@few
@given(steps=steps)
def test_in_any_steps_every_signal_is_what_qt_expects(qapp: object, steps: list[Any]) -> None:
    live_through(Bench(ROWS), steps)


def test_what_is_found_only_later_comes_into_the_search(qapp: object) -> None:
    """It said that nothing matches: the words of a new error take some seconds to be found."""
    seen = Bench(20, TaskQuery(error="refused"))
    assert seen.on_screen() == []
    seen.source.change(3, "waiting", error="refused")  # it was told before it could be found
    seen.model.read_search_again()
    seen.jobs.answer()
    assert seen.on_screen() == [3]
    for query, reads in ((TaskQuery(text="person3"), 1), (TaskQuery(to="person3"), 0)):
        seen.model.set_query(query)
        seen.jobs.answer()
        before = seen.source.pages_read
        seen.model.read_search_again()
        seen.jobs.answer()
        assert seen.source.pages_read - before == reads


@pytest.mark.parametrize("purpose", PagePurpose)
def test_a_page_that_was_read_before_a_search_grew_is_read_again(
    qapp: object, purpose: PagePurpose
) -> None:
    """Its first page would have stayed without what was found while it was on its way."""
    seen = Bench(400, TaskQuery(error="no answer"))
    for number in range(1, 399):
        seen.source.change(number, "waiting", error="refused")
    if purpose is not PagePurpose.START:
        seen.model.set_query(TaskQuery(error="refused"))
        seen.jobs.answer()
    match purpose:
        case PagePurpose.START:
            seen.model.set_query(TaskQuery(error="refused"))
        case PagePurpose.AGAIN:
            seen.model.read_search_again()
        case PagePurpose.GAP:
            seen.model.watch(370, 390)
    seen.jobs.ask()
    seen.source.change(399, "waiting", error="refused")
    seen.model.read_search_again()
    seen.jobs.answer()
    assert seen.source.matching(seen.model.query)[0]["id"] == 399
    seen.assert_true()
