"""Answers to those who wait."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest

from desktop.engine.errors import Conflict
from desktop.engine.transaction.replies import Sleepers, ThreadReply, answer
from desktop.engine.verbs import bulk as bulk_verb
from desktop.engine.verbs.bulk import Chosen, bulk
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.pause_queue import pause
from desktop.items.item_records import ItemRecords
from tests import WITHIN
from tests.engine.stepped import Stepped

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.engine.transaction.group import Group


def test_a_thread_waits_for_its_answer() -> None:
    reply = ThreadReply()
    heard: list[int] = []
    thread = threading.Thread(target=lambda: heard.append(reply.wait()))
    thread.start()
    answer([(reply, (17, None))])
    thread.join(WITHIN)
    assert heard == [17]


def test_an_error_is_raised_where_the_answer_is_waited_for() -> None:
    reply = ThreadReply()
    answer([(reply, (None, ValueError("no room")))])
    with pytest.raises(ValueError, match="no room"):
        reply.wait()


def test_each_thread_that_wakes_up_wakes_the_next() -> None:
    sleepers, replies = Sleepers(), [ThreadReply() for _ in range(3)]
    answer(((reply, (place, None)) for place, reply in enumerate(replies)), sleepers)
    for place, reply in enumerate(replies):
        assert [*sleepers] == replies[place + 1 :], "woken one by one"
        assert reply.wait() == place
    assert not sleepers


def cancel_it(group: Group) -> None:
    cancel(group, group.read(2))


def pause_it(group: Group) -> None:
    pause(group, "work")


def add_item(group: Group) -> None:
    group.part(ItemRecords).add((7, 1, "{}", group.now, 0, None), [])


@pytest.mark.parametrize("change", [cancel_it, pause_it, add_item])
def test_what_it_changed_is_taken_back(
    stepped: Stepped, change: Callable[[Group], None], caplog: pytest.LogCaptureFixture
) -> None:
    first, second = stepped.add(delay=60), stepped.add(delay=60)

    def half(group: Group) -> None:
        change(group)
        raise Conflict("not like this")

    with caplog.at_level(logging.CRITICAL):
        refused = stepped.ask(half)
        done = stepped.ask(lambda group: cancel(group, group.read(first)))
        stepped.settle()
    with pytest.raises(Conflict, match="not like this"):
        refused.result(0)
    assert done.result(0) is None
    assert stepped.states() == {first: "cancelled", second: "scheduled"}
    assert stepped.connection.execute("SELECT count(*) FROM items").fetchone() == (0,)
    assert stepped.connection.execute("SELECT count(*) FROM pauses").fetchone() == (0,)
    stepped.check()


def test_a_refusal_before_any_change_costs_no_second_round(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepped.add()

    def refuse(group: Group) -> None:
        group.read(1)
        group.flush()
        raise Conflict("no")

    def again(*_: object) -> None:
        raise AssertionError("the group was rolled back")

    monkeypatch.setattr(stepped.core, "_each_alone", again)
    asked = [stepped.ask(lambda group: group.log(group.read(1), 0, "info", "x"))]
    asked += [stepped.ask(refuse)]
    stepped.settle()
    assert [type(each.exception(0)) for each in asked] == [type(None), Conflict]


def test_one_of_many_is_not_left_half_done(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    task = stepped.add(delay=60)

    def half(group: Group, record: Any) -> None:
        cancel(group, record)
        raise Conflict("not like this")

    monkeypatch.setitem(bulk_verb._DEEDS, "cancel", half)
    with caplog.at_level(logging.CRITICAL), pytest.raises(Conflict, match="not like this"):
        stepped.do(lambda group: bulk(group, "cancel", Chosen([task])))
    assert stepped.states() == {task: "scheduled"}
