"""Items by number: whether people were told, kept with each change of a task, and their pages."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import count, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from desktop.contract.items import Item
from desktop.engine.attempts.outcomes import Crashed, Failed, Later, LeftUncertain, Succeeded
from desktop.engine.errors import EngineError
from desktop.engine.functions.registry import task as describe
from desktop.engine.store.reads.items import worded_items as reading
from desktop.engine.store.reads.items.found_items import FoundItems
from desktop.engine.store.reads.items.items import read_items
from desktop.engine.store.reads.query import ItemSearch
from desktop.engine.store.reads.tasks import searches
from desktop.engine.store.reads.tasks.searches import Extent
from desktop.engine.store.tables.compiled import to_text
from desktop.engine.store.tables.item_statements import DIFFERENT
from desktop.engine.submission import NewItemRow, NewTask, Resend, Submission
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.resend import resend
from desktop.engine.verbs.resolve import resolve
from desktop.engine.verbs.retry import retry
from desktop.engine.verbs.undo import undo
from tests.engine.stepped import Stepped, registry

ME = Resend({"email": "me@example.org", "to_me": True})
DONE, KEPT = Succeeded("1"), Succeeded("1", kept=True)
REFUSED, UNSURE = Failed("550", "", final=True), LeftUncertain("no answer", "")
_NUMBERS = count(1)


@describe(reference=lambda: f"<{next(_NUMBERS)}@example.org>")
def letter(*args: Any) -> None: ...


@describe
def receipt(*args: Any) -> None: ...


@pytest.fixture
def stepped(make: Callable[..., Stepped]) -> Any:
    engine = make(letter, receipt, slots=8)
    yield engine
    engine.check()


def submit(stepped: Stepped, number: int, *names: str, title: str = "") -> list[int]:
    own = [NewTask(name, (number,), title=title or None) for name in names]
    item = NewItemRow(number, {"title": title} if title else {}, own)
    return stepped.submit(Submission(items=[item])).task_ids[0]


def items(stepped: Stepped, **wanted: Any) -> list[Item]:
    return read_items(stepped.connection, ItemSearch(**wanted))["items"]


def informed(stepped: Stepped) -> dict[int, str | None]:
    return {item["item_id"]: item["informed"] for item in items(stepped)}


def test_the_best_of_its_messages_says_whether_a_person_was_told(stepped: Stepped) -> None:
    first, second, work = submit(stepped, 1, "letter", "letter", "receipt")
    submit(stepped, 2, "receipt")
    assert informed(stepped) == {1: "not_yet", 2: None}
    stepped.end(work, DONE)
    stepped.end(first, REFUSED)
    assert informed(stepped)[1] == "not_yet"
    stepped.end(second, UNSURE)
    assert informed(stepped)[1] == "not_sure"
    stepped.change(resolve, second, "again")
    stepped.end(second, KEPT)
    assert informed(stepped)[1] == "kept"
    mine = stepped.do(lambda group: resend(group, group.read(first), ME)).id
    stepped.settle()
    stepped.end(mine, DONE)
    assert informed(stepped)[1] == "kept"  # a copy to the sender informs no recipient
    stepped.change(retry, first)
    assert informed(stepped)[1] == "not_yet"
    stepped.end(first, DONE)
    assert informed(stepped)[1] == "yes"


def test_one_whose_messages_all_failed_or_were_cancelled_was_not_told(stepped: Stepped) -> None:
    first, second = submit(stepped, 1, "letter", "letter")
    stepped.end(first, REFUSED)
    stepped.change(cancel, second)
    stepped.end(second, Failed("stopped", ""))
    assert informed(stepped) == {1: "no"}
    counts = read_items(stepped.connection, ItemSearch())["counts"]
    assert counts == {"yes": 0, "not_sure": 0, "not_yet": 0, "no": 1, "kept": 0, "none": 0}


def test_a_text_finds_items_by_their_tasks(stepped: Stepped) -> None:
    submit(stepped, 3, "letter", "receipt", title="Opera")
    submit(stepped, 1, "letter", title="Opera")
    (ballet,) = submit(stepped, 2, "letter", title="Ballet")
    stepped.end(ballet, REFUSED)
    assert [item["item_id"] for item in items(stepped, text="oper")] == [3, 1]
    assert [item["item_id"] for item in items(stepped, text="oper", after=3)] == [1]
    assert [item["item_id"] for item in items(stepped, text="2")] == [2]
    assert items(stepped, text="oper", informed=("no",)) == []
    page = read_items(stepped.connection, ItemSearch(text="ball"))
    assert [len(item["tasks"]) for item in page["items"]] == [1]
    assert (page["counts"]["no"], page["counts_are_exact"]) == (1, True)


STOPPING = {"PATIENCE": -1, "GOING_ON": -1}
WAYS: dict[str, dict[str, Any]] = {
    "gathered": {},
    "gathered, merged": {"FEW": 0, "RARE": 0, "LEG": 3},
    "sorted": {"GATHERED": 0, "SAMPLED": 2},
    "along items": {"GATHERED": 0, "SORTED": 0},
    "along items in short legs": {"GATHERED": 0, "SORTED": 0, "SHORTEST": 1, "LONGEST": 2},
    "passing over some": {"GATHERED": 0, "SORTED": 0, "SHORTEST": 1, "LONGEST": 1, "SKIPPED": 2},
    "stopping": {"GATHERED": 0, "SORTED": 0, "SHORTEST": 2, "LONGEST": 2, **STOPPING},
    "stopping while gathering": {
        "FEW": 0,
        "RARE": 0,
        "LEG": 2,
        "SHORTEST": 2,
        "LONGEST": 2,
        **STOPPING,
    },
}
"""The ways to find items by a text, each by the limits that lead to it in a small store."""


@pytest.mark.parametrize("way", WAYS)
def test_however_items_are_found_by_a_text_their_pages_are_the_same(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    numbers = [8, 3, 50, 21, 2, 34, 5, 13, 1, 40, 41, 7]
    for place, number in enumerate(numbers):
        names = ["letter", "receipt"][: 1 + place % 2]
        own = submit(stepped, number, *names, title="Opera" if place % 3 else "Ballet")
        for task in own:
            stepped.end(task, DONE if place % 4 else REFUSED)
    told = {n: "yes" if place % 4 else "no" for place, n in enumerate(numbers)}
    operas = [n for place, n in enumerate(numbers) if place % 3]
    for module, name in product((reading, searches), WAYS[way]):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, WAYS[way][name])
    for text, descending, after, informed, limit in product(
        ("opera", "lett", "let op", "opera ballet"),
        (True, False),
        (None, 21),
        ((), ("no",), ("yes",), ("no", "yes"), ("kept",)),
        (3, 100),
    ):
        having = {"opera": operas, "lett": numbers, "let op": operas}.get(text, [])
        meant = [n for n in having if not informed or told[n] in informed]
        if after is not None:
            meant = [n for n in meant if (n < after if descending else n > after)]
        query = ItemSearch(text, None, informed, after, descending, limit)
        assert walked(stepped, query) == sorted(meant, reverse=descending), query


def walked(stepped: Stepped, query: ItemSearch) -> list[int]:
    """Read page after page; one may be short, even empty, and not the last."""
    found: list[int] = []
    while True:
        page = read_items(stepped.connection, query)
        found += [item["item_id"] for item in page["items"]]
        if page["next"] is None:
            return found
        assert page["next"] != query.after
        query = replace(query, after=page["next"])


def test_items_of_a_batch_are_found_by_a_text_and_kind(stepped: Stepped) -> None:
    """Without the index of kinds, which would be walked once for each of its items."""
    query = ItemSearch(text="opera", batch_id=3, informed=("no",))
    told = plan_of(stepped, query)
    assert "tasks USING COVERING INDEX tasks_by_batch_item" in told
    assert "items USING INTEGER PRIMARY KEY (rowid=?)" in told


def plan_of(stepped: Stepped, query: ItemSearch) -> str:
    found = reading.WordedItems(stepped.connection, query)
    text, values = to_text(found.walk(9, 2, Extent(1, 9), 100))
    rows = stepped.connection.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()
    return "\n".join(row[3] for row in rows)


def test_walks_for_a_text_read_indexes_alone(stepped: Stepped) -> None:
    """Whichever is in the order of items; tasks with the words are not read one by one."""
    walks: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "tasks USING COVERING INDEX tasks_by_item (item_id>? AND item_id<?)"),
        ({"batch_id": 3}, "tasks USING COVERING INDEX tasks_by_batch_item"),
        ({"informed": ("no",)}, "items USING COVERING INDEX items_by_informed"),
    )
    for wanted, index in walks:
        told = plan_of(stepped, ItemSearch(text="opera", **wanted))
        assert index in told
        assert "TEMP B-TREE" not in told


PAGES = [
    (ItemSearch(after=5), ["SEARCH items USING INTEGER PRIMARY KEY (rowid<?)"]),
    (ItemSearch(after=5, informed=("no",)), ["INDEX items_by_informed (informed=? AND rowid<?)"]),
    (
        ItemSearch(after=5, batch_id=3),
        ["INDEX tasks_by_batch_item (batch_id=? AND item_id>? AND item_id<?)"],
    ),
    (
        ItemSearch(after=5, batch_id=3, informed=("no",), descending=False),
        ["INDEX tasks_by_batch_item (batch_id=? AND item_id>?)"],
    ),
]


@pytest.mark.parametrize(("query", "parts"), PAGES)
def test_pages_of_many_items_walk_an_index(
    stepped: Stepped, query: ItemSearch, parts: list[str]
) -> None:
    text, values = to_text(FoundItems(stepped.connection, query).page(query.after, 100))
    rows = stepped.connection.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()
    told = "\n".join(row[3] for row in rows)
    for part in parts:
        assert part in told
    assert "SCAN items" not in told
    assert "SCAN of_batch" not in told
    assert told.count("TEMP B-TREE") == 1  # of the page itself, which is short


ENDS = [DONE, KEPT, REFUSED, UNSURE, Later("451", ""), Crashed("killed")]
VERBS: list[tuple[Any, ...]] = [(cancel,), (retry,), (resolve, "done"), (resolve, "again")]


class Informing(RuleBasedStateMachine):
    """Items whose tasks end in any way, are sent again or taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "store.db"
        self.stepped = Stepped(path, registry(letter, receipt), slots=8)

    def teardown(self) -> None:
        self.stepped.check()
        self.stepped.close()
        self.folder.cleanup()

    def attempt(self, act: Callable[[], Any]) -> None:
        with suppress(EngineError):  # refused in this state
            act()
        self.stepped.settle()

    def any_task(self, data: st.DataObject) -> int | None:
        states = self.stepped.states()
        return data.draw(st.sampled_from(sorted(states))) if states else None

    @rule(names=st.lists(st.sampled_from(["letter", "receipt"]), max_size=3))
    def submit(self, names: list[str]) -> None:
        submit(self.stepped, self.stepped.core.memory.last_task + 1000, *names)

    @rule(data=st.data(), how=st.sampled_from(ENDS))
    def end(self, data: st.DataObject, how: Any) -> None:
        if running := sorted(self.stepped.lane.running):
            self.stepped.end(data.draw(st.sampled_from(running)), how)

    @rule(data=st.data(), verb=st.sampled_from(VERBS))
    def ask(self, data: st.DataObject, verb: Any) -> None:
        if (task := self.any_task(data)) is not None:
            self.attempt(lambda: self.stepped.change(verb[0], task, *verb[1:]))

    @rule(data=st.data(), wanted=st.sampled_from([ME, Resend(), Resend(delay=60)]))
    def resend(self, data: st.DataObject, wanted: Resend) -> None:
        if (task := self.any_task(data)) is not None:
            self.attempt(
                lambda: self.stepped.do(lambda group: resend(group, group.read(task), wanted))
            )

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        numbers = sorted(informed(self.stepped))
        if numbers:
            number = data.draw(st.sampled_from(numbers))
            self.attempt(lambda: self.stepped.do(lambda group: undo(group, number)))

    @invariant()
    def pages_hold_what_the_tasks_say(self) -> None:
        assert self.stepped.connection.execute(DIFFERENT).fetchall() == []
        whole = read_items(self.stepped.connection, ItemSearch(limit=1000))
        for word, n in whole["counts"].items():
            asked = None if word == "none" else word
            meant = [each["item_id"] for each in whole["items"] if each["informed"] == asked]
            assert len(meant) == n
            if asked:
                found = items(self.stepped, informed=(asked,), limit=1000)
                assert [each["item_id"] for each in found] == meant


Informing.TestCase.settings = settings(max_examples=6, stateful_step_count=15, deadline=None)
TestInforming = Informing.TestCase
