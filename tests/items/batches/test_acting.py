"""Actions on batches that wait, so they can be undone."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.store.reads.catalogue import read_pending
from desktop.engine.submission import Idempotency
from desktop.engine.verbs.pending import undo_pending
from desktop.items.batches import acting
from desktop.items.batches.acting import BatchAction
from tests.items.batches.office import REFUSED, Office

DELAY = 5.0


def ask(
    office: Office, action: BatchAction, number: int, key: Idempotency | None = None
) -> int | None:
    pending = office.batches.act(action, number, DELAY, key).result(0).pending
    return None if pending is None else pending["id"]


def undo(office: Office, waits: int | None) -> None:
    office.do(lambda group: undo_pending(group, waits or 0)).result(0)


def wait(office: Office, seconds: float = DELAY) -> None:
    office.stepped.clock.time += seconds
    office.stepped.settle()


def told(office: Office, *numbers: int | None) -> list[Any]:
    rows: list[Any] = office.read(read_pending, [each or 0 for each in numbers] or None)
    return rows


def test_no_row_starts_while_a_cancel_waits_and_then_all_are_cancelled(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "STEP", 3)
    number = office.draft(20)
    office.start(number)
    running = len(office.stepped.lane.running)
    waits = ask(office, "cancel", number)
    (row,) = told(office)
    assert (row["id"], row["action"], row["batch_id"]) == (waits, "cancel", number)
    assert (row["touched"], row["tasks"], row["filter"]) == (20, [], None)
    office.end()
    assert len(office.stepped.lane.running) == running - 1
    assert office.batches.get(number)["state"] == "running"
    wait(office)
    assert told(office) == []
    (done,) = told(office, waits)
    assert done["answer"]["touched"] == 19
    assert done["answer"]["stopping"] == running - 1
    office.finish()
    counts = office.counts(number)
    assert counts["sent"] + counts["cancelled"] == 20
    office.check()


def test_a_cancel_that_is_undone_changes_nothing(office: Office) -> None:
    number = office.draft(20)
    office.start(number)
    waits = ask(office, "cancel", number)
    office.finish()
    assert office.stepped.lane.running == {}
    undo(office, waits)
    assert office.stepped.lane.running
    office.finish()
    wait(office)
    assert office.counts(number)["sent"] == 20
    with pytest.raises(UnknownId):
        undo(office, waits)


@pytest.mark.parametrize("seconds", [1.0, 100.0])
def test_a_cancel_survives_a_kill_and_is_done_once(office: Office, seconds: float) -> None:
    number = office.draft(9)
    office.start(number)
    ask(office, "cancel", number)
    office.stepped.clock.time += seconds
    office.stepped.restart()
    office.stepped.settle()
    assert office.stepped.lane.running == {}
    wait(office)
    office.finish()
    assert "open" not in office.counts(number)
    assert office.counts(number)["cancelled"]
    assert told(office) == []


def test_failed_rows_are_tried_again_after_a_while_and_are_named(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "STEP", 2)
    number = office.draft(5)
    office.start(number)
    office.finish(REFUSED)
    waits = ask(office, "retry", number, Idempotency("k", "h"))
    assert ask(office, "retry", number, Idempotency("k", "h")) == waits
    assert office.stepped.lane.running == {}
    assert [each["touched"] for each in told(office)] == [5]
    wait(office, DELAY / 2)
    assert office.counts(number)["failed"] == 5
    wait(office)
    (done,) = told(office, waits)
    assert done["answer"] == {"touched": 5, "skipped": [], "ids": [1, 2, 3, 4, 5]}
    office.finish()
    assert office.counts(number)["sent"] == 5
    assert ask(office, "retry", number) is None


def test_a_draft_is_deleted_after_a_while_unless_it_is_started(office: Office) -> None:
    first, second, third = (office.draft(3) for _ in range(3))
    waits = [ask(office, "delete", number) for number in (first, second, third)]
    undo(office, waits[1])
    office.start(third)
    office.finish()
    wait(office)
    with pytest.raises(UnknownId):
        office.batches.get(first)
    assert office.batches.get(second)["state"] == "draft"
    assert office.batches.get(third)["state"] == "done"
    with pytest.raises(Conflict):
        ask(office, "delete", third)
    ask(office, "delete", second)
    with pytest.raises(Conflict):
        office.batches.act("cancel", second).result(0)
    assert len(told(office)) == 1


def test_a_later_action_on_a_batch_takes_the_place_of_an_earlier_one(office: Office) -> None:
    number = office.draft(3)
    office.start(number)
    first = ask(office, "cancel", number)
    second = ask(office, "cancel", number)
    assert [each["id"] for each in told(office)] == [second]
    office.batches.act("cancel", number).result(0)
    assert told(office) == []
    for each in (first, second):
        with pytest.raises(UnknownId):
            undo(office, each)


def test_where_nothing_is_left_to_do_nothing_is_done(office: Office) -> None:
    number = office.draft(1)
    office.start(number)
    waits = ask(office, "cancel", number)
    office.finish()
    wait(office)
    (done,) = told(office, waits)
    assert done["answer"] == {"touched": 0, "skipped": []}
    with pytest.raises(Conflict):
        ask(office, "cancel", number)
    assert ask(office, "retry", number) is None
