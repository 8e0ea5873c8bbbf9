"""Items as they are now."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.engine.errors import UnknownId
from desktop.engine.store.reads.pages import read_page
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.submission import NewTask, Submission, TaskOptions
from desktop.items.correcting import current_item
from tests.engine.stepped import Stepped
from tests.items.corrections import BO, put, submit


def test_the_newest_correction_counts(stepped: Stepped) -> None:
    submit(stepped, delay=60)
    put(stepped, BO)
    put(stepped, {"title": "Circus"}, to="")
    item = stepped.do(lambda group: current_item(group, 1))
    assert (item.body, item.recipient, item.corrections) == ('{"title":"Circus"}', "", 2)
    assert "Opera" in item.first
    with pytest.raises(UnknownId, match="no item 2"):
        stepped.do(lambda group: current_item(group, 2))


def test_a_loose_task_is_found_by_its_items_title_too(make: Callable[..., Stepped]) -> None:
    stepped = make()
    submit(stepped, delay=60)
    loose = [NewTask("narrow", item_id=1, options=TaskOptions(delay=60))] * 2
    stepped.submit(Submission(tasks=loose))
    stepped.submit(Submission(loose))
    put(stepped, BO)
    page = read_page(stepped.connection, Query(Filter(text="ballet"), sort="id"), "s")
    assert [row["id"] for row in page["tasks"]] == [1, 2, 3, 4, 5]
    stepped.submit(
        Submission(tasks=[NewTask("narrow", to="Cy", item_id=1, options=TaskOptions(delay=60))])
    )
    page = read_page(stepped.connection, Query(Filter(text="bo"), sort="id"), "s")
    assert [row["id"] for row in page["tasks"]] == [1, 2, 3, 4, 5, 6]
    stepped.check()
