"""Items by number: whether people were told, kept with each change of a task, and their pages."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from itertools import count
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
from desktop.engine.store.reads import items as reading
from desktop.engine.store.reads.items import ItemQuery, read_items
from desktop.engine.store.reads.pages import to_text
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
    return read_items(stepped.connection, ItemQuery(**wanted))["items"]


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
    counts = read_items(stepped.connection, ItemQuery())["counts"]
    assert counts == {"yes": 0, "not_sure": 0, "not_yet": 0, "no": 1, "kept": 0, "none": 0}


@pytest.mark.parametrize(("gathered", "looks"), [(10_000, (1,)), (0, (1,)), (0, (1, 2)), (0, (9,))])
def test_a_text_finds_items_by_their_tasks(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch, gathered: int, looks: tuple[int, ...]
) -> None:
    """Also where so many tasks have the words that they are not gathered."""
    monkeypatch.setattr(reading, "GATHERED", gathered)
    monkeypatch.setattr(reading, "LOOKS", looks)
    submit(stepped, 3, "letter", "receipt", title="Opera")
    submit(stepped, 1, "letter", title="Opera")
    (ballet,) = submit(stepped, 2, "letter", title="Ballet")
    stepped.end(ballet, REFUSED)
    assert [item["item_id"] for item in items(stepped, text="oper")] == [3, 1]
    assert [item["item_id"] for item in items(stepped, text="oper", after=3)] == [1]
    assert [item["item_id"] for item in items(stepped, text="2")] == [2]
    assert items(stepped, text="oper", informed=("no",)) == []
    page = read_items(stepped.connection, ItemQuery(text="ball"))
    assert [len(item["tasks"]) for item in page["items"]] == [1]
    if gathered:
        assert (page["counts"]["no"], page["counts_are_exact"]) == (1, True)


def test_what_many_old_items_have_is_found_in_few_steps(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their tasks are gathered, not looked for item by item from the newest on."""
    monkeypatch.setattr(reading, "GATHERED", 3)
    monkeypatch.setattr(reading, "LOOKS", (2, 4))
    old = [8, 3, 5, 21, 2]
    for number in old:
        submit(stepped, number, "letter", title="Opera")
    for number in range(30, 70):
        submit(stepped, number, "letter", title="Ballet")
    asked: list[str] = []
    stepped.connection.set_trace_callback(asked.append)
    assert [item["item_id"] for item in items(stepped, text="opera", limit=3)] == [21, 8, 5]
    pages = [each for each in asked if each.startswith("SELECT items.id")]
    assert len(pages) == len(reading.LOOKS) + 1
    rest = items(stepped, text="opera", limit=3, after=5)
    assert [item["item_id"] for item in rest] == [3, 2]
    up = items(stepped, text="opera", descending=False, informed=("not_yet",), after=2)
    assert [item["item_id"] for item in up] == [3, 5, 8, 21]
    assert items(stepped, text="opera", informed=("no",)) == []


PAGES = [
    (ItemQuery(after=5), ["SEARCH items USING INTEGER PRIMARY KEY (rowid<?)"]),
    (ItemQuery(after=5, informed=("no",)), ["INDEX items_by_informed (informed=? AND rowid<?)"]),
    (
        ItemQuery(after=5, batch_id=3),
        ["INDEX tasks_by_batch_item (batch_id=? AND item_id>? AND item_id<?)"],
    ),
    (
        ItemQuery(after=5, batch_id=3, informed=("no",), descending=False),
        ["INDEX tasks_by_batch_item (batch_id=? AND item_id>?)"],
    ),
    (ItemQuery(after=5, text="ada"), ["SEARCH items USING INTEGER PRIMARY KEY (rowid=?)"]),
]


@pytest.mark.parametrize(("query", "parts"), PAGES)
def test_pages_of_many_items_walk_an_index(
    stepped: Stepped, query: ItemQuery, parts: list[str]
) -> None:
    text, values = to_text(reading.FoundItems(stepped.connection, query).page(query.after, 100))
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
        whole = read_items(self.stepped.connection, ItemQuery(limit=1000))
        for word, n in whole["counts"].items():
            asked = None if word == "none" else word
            meant = [each["item_id"] for each in whole["items"] if each["informed"] == asked]
            assert len(meant) == n
            if asked:
                found = items(self.stepped, informed=(asked,), limit=1000)
                assert [each["item_id"] for each in found] == meant


Informing.TestCase.settings = settings(max_examples=6, stateful_step_count=15, deadline=None)
TestInforming = Informing.TestCase
