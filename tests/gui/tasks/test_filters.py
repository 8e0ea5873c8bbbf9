"""A filter shows as many rows as it counts, whatever narrows the list, and every task is in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.office import OfficeReason
from desktop.gui.tasks.filters import ALL, BY_REASON, FILTERS
from desktop.gui.tasks.room import count_filters
from desktop.gui.tasks.search_field import ShownTasks, parse
from desktop.items.accepting import ItemSubmission, NewItemRow
from sendoff_tasks.attempts.outcomes import Held
from sendoff_tasks.submission import NewTask, TaskOptions
from sendoff_tasks.verbs.resolve import resolve
from tests.gui.live_store import OUTCOMES, LiveStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def varied(tmp_path: Path) -> Iterator[LiveStore]:
    """Give a store with a task for each filter, and some under way, waiting and planned."""
    store = LiveStore(tmp_path / "store.db")
    engine = store.engine
    store.submit(7)
    hows = ("sent", "sent", "kept", "unknown", "full", "unsure", "unsure")
    returned, *_, settled = (store.office.end(OUTCOMES[how]) or 0 for how in hows)
    engine.change(resolve, settled, "done")
    engine.do(lambda group: group.change(group.read(returned), **CAME_BACK))
    store.act("seen", ("failed",))
    store.submit(4)
    engine.end(min(engine.lane.running), Held("No price.", ""))
    store.end("unknown")
    store.act("cancel", ("running",))
    store.end("later")
    store.submit(3)
    planned = NewTask("mail", to="Ada <ada@example.org>", options=TaskOptions(delay=600))
    engine.submit(ItemSubmission([NewItemRow(None, {"title": "Opera"}, [planned])]))
    store.pause()
    store.submit(2)
    yield store
    store.close()


CAME_BACK: Any = {"reason": OfficeReason.CAME_BACK.value, "reason_data": "{}"}


@pytest.mark.parametrize("text", ["", "opera", "to:bo", "seen:yes", "seen:no", "state:failed ada"])
@pytest.mark.parametrize("part", [{}, {"item_id": 1}, {"item_id": 4, "seen": False}])
def test_each_filter_counts_the_rows_that_it_shows(
    varied: LiveStore, text: str, part: dict[str, Any]
) -> None:
    api: Any = varied
    shown = ShownTasks(part=part, search=parse(text))
    queries = {name: shown.query("-id", each) for name, each in BY_REASON.items()}
    found = count_filters(api, shown.query("-id", ALL), queries)
    assert found.states is not None
    shown.search = shown.search.having("state")  # choosing a chip replaces the states
    for name, shown.filter in FILTERS.items():
        page = varied.page(shown.query("-id"), limit=100)
        told = found.own.get(name) or (shown.filter.count(found.states), found.states["is_exact"])
        assert told == (len(page["tasks"]), True), name
        assert page["total"] == len(page["tasks"]), name


def test_every_task_is_in_a_filter_and_only_what_needs_a_person_may_be_in_two_of_the_row(
    varied: LiveStore,
) -> None:
    shown = ShownTasks()
    rows = {}
    for name, shown.filter in FILTERS.items():
        page = varied.page(shown.query("-id"), limit=100)
        rows[name] = {row["id"] for row in page["tasks"]}
        assert rows[name], name
    whole = rows.pop("all")
    assert whole == set().union(*rows.values())
    held = rows["need_you"] & rows["waiting"]
    assert len(held) == 1
    assert rows.pop("need_you") == held | rows["failed"] | rows["uncertain"]
    assert sum(map(len, rows.values())) == len(whole)
