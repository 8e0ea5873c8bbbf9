"""Whether people were told, kept with each change of a task."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from desktop.contract.items import Addressee
from desktop.items.accepting import undo
from desktop.items.reads.items import ItemSearch, read_items
from sendoff_tasks.attempts.outcomes import Crashed, Failed, Later
from sendoff_tasks.errors import EngineError
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from tests.engine.scan import DIFFERENT
from tests.engine.stepped import Stepped, registry
from tests.items.reads.letters import (
    CY,
    DONE,
    KEPT,
    ME,
    REFUSED,
    UNSURE,
    items,
    letter,
    receipt,
    submit,
)
from tests.property_based import examples


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
    assert informed(stepped)[1] == "not_sure"  # practice does not tell what became of the first
    mine = stepped.send_again(first, ME)["id"]
    stepped.end(mine, DONE)
    assert informed(stepped)[1] == "not_sure"  # a copy to the sender informs no recipient
    other = stepped.send_again(first, CY)["id"]
    stepped.end(other, DONE)
    assert informed(stepped)[1] == "not_sure"  # nor does one to someone else
    stepped.change(retry, first)
    assert informed(stepped)[1] == "not_sure"
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
        self.pages_have_each_kind()
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

    @rule(data=st.data(), to=st.sampled_from([ME, CY, None]), delay=st.sampled_from([0, 60]))
    def resend(self, data: st.DataObject, to: Addressee | None, delay: float) -> None:
        if (task := self.any_task(data)) is not None:
            self.attempt(lambda: self.stepped.send_again(task, to, delay))

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        numbers = sorted(informed(self.stepped))
        if numbers:
            number = data.draw(st.sampled_from(numbers))
            self.attempt(lambda: self.stepped.do(lambda group: undo(group, number)))

    @invariant()
    def items_say_what_their_tasks_say(self) -> None:
        assert self.stepped.connection.execute(DIFFERENT).fetchall() == []

    def pages_have_each_kind(self) -> None:
        whole = read_items(self.stepped.connection, ItemSearch(limit=1000))
        for word, n in whole["counts"].items():
            asked = None if word == "none" else word
            meant = [each["item_id"] for each in whole["items"] if each["informed"] == asked]
            assert len(meant) == n
            if asked:
                found = items(self.stepped, informed=(asked,), limit=1000)
                assert [each["item_id"] for each in found] == meant


Informing.TestCase.settings = settings(
    max_examples=examples(6), stateful_step_count=15, deadline=None
)
TestInforming = Informing.TestCase
