"""The items in sight are those of the store through all changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from desktop.client.items import ItemQuery
from desktop.contract.items import NONE_ASKED
from desktop.gui.items.item_table import ItemModel
from desktop.gui.link.jobs import ApiSource, Job, Ticket
from sendoff_tasks.client.errors import ClientError
from tests.gui.tasks.table.task_source import task_row
from tests.property_based import examples

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.items import Items

PAGE = 4


def item(number: int, informed: str | None = "yes", **given: Any) -> Any:
    return {
        "item_id": number,
        "created_at": "2026-11-21T09:00:00.000Z",
        "title": f"Booking {number}",
        "recipient": {"name": f"Person {number}", "email": "p@example.org"},
        "template": None,
        "fields": {},
        "tasks": [task_row(number)],
        "informed": informed,
        "informed_at": None,
        "erased": False,
        **given,
    }


class Shelf:
    """Items that answer like the API, at ``api.items``."""

    def __init__(self) -> None:
        self.kept: dict[int, Any] = {}
        self.asked = 0
        self.looks_at = 1_000
        """Items that a search looks at before it stops."""

    @property
    def items(self) -> Shelf:
        return self

    def page(self, query: ItemQuery, *, after: str | None = None, limit: int = PAGE) -> Items:
        self.asked += 1
        numbers = [
            number
            for number in sorted(self.kept, reverse=True)
            if after is None or number < int(after)
        ]
        page = [
            self.kept[number]
            for number in numbers[: self.looks_at]
            if not query.informed or self.kept[number]["informed"] in query.informed
        ][:limit]
        following = numbers[self.looks_at - 1] if len(numbers) > self.looks_at else None
        if len(page) == limit:
            following = page[-1]["item_id"]
        counts = dict(Counter(each["informed"] or NONE_ASKED for each in self.kept.values()))
        return {"items": page, "next": following, "counts": counts, "counts_are_exact": True}


class Later:
    """Jobs that wait until they are let go."""

    def __init__(self) -> None:
        self.waiting: list[Ticket] = []

    def start(self, job: Job[Any]) -> Ticket:
        self.waiting.append(ticket := Ticket(job))
        return ticket

    def go(self, *, fail: bool = False) -> None:
        waiting, self.waiting = self.waiting, []
        for ticket in waiting:
            if ticket.cancelled:
                continue
            if fail:
                ticket.job.on_failure(ClientError("gone"))  # type: ignore[misc]
            else:
                ticket.job.on_success(ticket.job.function(*ticket.job.args))  # type: ignore[misc, call-arg]


def made(shelf: Shelf, jobs: Later) -> ItemModel:
    source = ApiSource(jobs, shelf)  # type: ignore[arg-type]
    model = ItemModel(source)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


class Watching(RuleBasedStateMachine):
    """A person scrolls about while items come, change and go."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf, self.jobs = Shelf(), Later()
        for number in range(10, 31, 2):
            self.shelf.kept[number] = item(number)
        self.model = made(self.shelf, self.jobs)
        self.model.show_query(ItemQuery())
        self.jobs.go()

    numbers = st.integers(1, 40)

    @rule(number=numbers, informed=st.sampled_from(["yes", "no", None]))
    def put(self, number: int, informed: str | None) -> None:
        self.shelf.kept[number] = item(number, informed)

    @rule(numbers=st.lists(numbers, max_size=8))
    def take_away(self, numbers: list[int]) -> None:
        for number in numbers:
            self.shelf.kept.pop(number, None)

    @rule(query=st.sampled_from([ItemQuery(), ItemQuery(informed=("no",))]))
    def narrow(self, query: ItemQuery) -> None:
        self.model.show_query(query)

    @rule()
    def scroll_to_the_end(self) -> None:
        self.model.fetchMore(self.model.index(-1, -1))

    @rule(first=st.integers(0, 12))
    def look(self, first: int) -> None:
        self.model.refresh(min(first, len(self.model.rows)))

    @rule(fail=st.booleans())
    def answer(self, fail: bool) -> None:
        self.jobs.go(fail=fail)

    @precondition(lambda self: self.model.is_loaded)
    @rule(first=st.integers(0, 12))
    def what_is_in_sight_is_true(self, first: int) -> None:
        """Read in peace, the rows in sight are those of the store; those above stay in order."""
        self.jobs.go()
        first = min(first, len(self.model.rows))
        above = [each["item_id"] for each in self.model.rows[:first]]
        self.model.refresh(first)
        self.jobs.go()
        after = str(above[-1]) if above else None
        truth = self.shelf.page(self.model.query, after=after)["items"]
        assert self.model.rows[: len(above) + len(truth)][len(above) :] == truth
        numbers = [each["item_id"] for each in self.model.rows]
        assert numbers[: len(above)] == above
        assert numbers == sorted(set(numbers), reverse=True)


def test_a_search_that_stops_before_it_has_found_one_goes_on(qapp: object) -> None:
    shelf, jobs = Shelf(), Later()
    shelf.kept = {n: item(n, "no" if n in {3, 4} else "yes") for n in range(1, 30)}
    shelf.looks_at = 2
    model = made(shelf, jobs)
    model.show_query(ItemQuery(text="booking", informed=("no",)))
    jobs.go()
    assert [row["item_id"] for row in model.rows] == [4]
    model.fetchMore(QModelIndex())
    jobs.go()
    assert [row["item_id"] for row in model.rows] == [4, 3]
    model.fetchMore(QModelIndex())
    jobs.go()
    assert [row["item_id"] for row in model.rows] == [4, 3]
    assert not model.canFetchMore(QModelIndex())


def test_what_a_search_finds_only_later_is_read_then(qtbot: QtBot) -> None:
    shelf, jobs = Shelf(), Later()
    model = made(shelf, jobs)
    for ask in (model.show_query, model.want_query):
        ask(ItemQuery(text="greylisted"))
        with qtbot.waitSignal(model.outdated):
            model.read_search_again()
        ask(ItemQuery())
        with qtbot.assertNotEmitted(model.outdated):
            model.read_search_again()


def test_what_is_in_sight_follows_any_changes(qapp: QApplication) -> None:
    runs = settings(max_examples=examples(24), stateful_step_count=25, deadline=None)
    run_state_machine_as_test(Watching, settings=runs)
