"""What is submitted, corrected, run or started can be undone by anybody until its tasks start."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any, Final

import pytest

from desktop.contract.batches import BatchState
from desktop.items.accepting import (
    ItemCorrection,
    ItemSubmission,
    NewItemRow,
    accept_items,
    prepare_items,
)
from desktop.items.batches import drafting
from desktop.items.batches.drafting import StartOptions
from desktop.items.correcting import correct, prepare_correction
from desktop.items.reads.items import read_item
from sendoff_tasks.errors import Conflict, InTheWay, UnknownId
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.store.reads.catalogue import read_pending
from sendoff_tasks.submission import Idempotency, NewTask, Submission, TaskOptions
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.bulk import BulkTasks
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.change import NOW, change
from sendoff_tasks.verbs.pending import act_later, undo_pending
from sendoff_tasks.verbs.submit import accept, prepare
from tests.engine.reference.fuse import Crash
from tests.items.batches.office import Office

UNDO_FOR: Final = 8.0
KEY: Final = Idempotency("press", "hash")
Does = Callable[..., Any]
"""Prepares what can be undone; returns the verb that does it, with a key."""


def submit(office: Office, key: Idempotency = KEY) -> Any:
    row = NewItemRow(7, {"title": "Opera"}, [NewTask("mail"), NewTask("mail")])
    submission = ItemSubmission([row], key, undo_for=UNDO_FOR)
    prepared = prepare_items(submission, office.stepped.registry)
    return lambda group: accept_items(group, prepared).pending


def send_corrected(office: Office, key: Idempotency = KEY) -> Any:
    row = NewItemRow(7, {"title": "Opera"}, [NewTask("mail")])
    office.stepped.submit(ItemSubmission([row]))
    office.finish()
    corrected = NewItemRow(7, {"title": "Ballet"}, [NewTask("mail")])
    correction = ItemCorrection(corrected, "Ada <ada@example.org>", True, key, UNDO_FOR)
    prepared = prepare_correction(correction, office.stepped.registry)
    return lambda group: correct(group, prepared).pending


def run(office: Office, key: Idempotency = KEY) -> Any:
    tasks = Submission([NewTask("mail", [1]), NewTask("mail", [2])], key, UNDO_FOR)
    prepared = prepare(tasks, office.stepped.registry)
    return lambda group: accept(group, prepared).pending


def start(office: Office, key: Idempotency = KEY) -> Any:
    drafts = [each["batch_id"] for each in office.batches.list()["batches"]]
    number = drafts[0] if drafts else office.draft(3)
    office.check_drafts()
    wanted = StartOptions(undo_for=UNDO_FOR)

    def begin(group: Group) -> Any:
        drafting.start(group, number, wanted, key)
        rows = read_pending(group.cursor, group.now, None)
        return next((row for row in rows if row["action"] == "start"), None)

    return begin


DOES: Final[list[Does]] = [submit, send_corrected, run, start]
does_each = pytest.mark.parametrize("does", DOES)


def told(office: Office) -> list[Any]:
    now = round(office.stepped.clock.now() * 1000)
    return read_pending(office.stepped.connection, now, None)


def undo(office: Office, number: int) -> None:
    office.do(lambda group: undo_pending(group, number)).result(0)


def effects(office: Office) -> Any:
    """Tell what there is of items, batches and tasks that will still do something."""
    execute = office.stepped.connection.execute
    items = execute("SELECT id FROM items ORDER BY 1").fetchall()
    batches = [each["state"] for each in office.batches.list()["batches"]]
    left = [state for state in office.stepped.states().values() if state not in {"cancelled"}]
    return items, batches, left


@does_each
def test_a_deed_is_undone_as_if_it_had_not_been_done(office: Office, does: Does) -> None:
    verb = does(office)
    before = effects(office)
    row = office.do(verb).result(0)
    assert told(office) == [row]
    assert (row["key"], row["due_in"], row["answer"]) == ("press", UNDO_FOR, None)
    assert effects(office) != before
    assert not office.stepped.lane.running
    undo(office, row["id"])
    office.wait(2 * UNDO_FOR)
    assert effects(office) == before
    assert told(office) == []
    assert not office.stepped.lane.running


@does_each
def test_an_undo_survives_a_kill(office: Office, does: Does) -> None:
    verb = does(office)
    before = effects(office)
    row = office.do(verb).result(0)
    office.stepped.restart()
    assert [each["id"] for each in told(office)] == [row["id"]]
    undo(office, row["id"])
    assert effects(office) == before


@does_each
def test_its_tasks_start_once_the_undo_is_over(office: Office, does: Does) -> None:
    row = office.do(does(office)).result(0)
    office.wait(UNDO_FOR - 0.1)
    assert not office.stepped.lane.running
    office.wait(0.1)
    assert office.stepped.lane.running
    assert told(office) == []
    before = effects(office)
    with pytest.raises(Conflict) as refused:
        undo(office, row["id"])
    assert refused.value.refusal == Refusal.CARRIED_OUT
    assert effects(office) == before


@does_each
def test_an_undo_after_a_start_names_the_task(office: Office, does: Does) -> None:
    """A person may start a task at once; an undo then changes nothing."""
    row = office.do(does(office)).result(0)
    scheduled = [n for n, state in office.stepped.states().items() if state == "scheduled"]
    if not scheduled:  # rows of a batch become tasks once it may begin
        return
    office.stepped.change(change, scheduled[-1], NOW)
    before = effects(office)
    with pytest.raises(InTheWay) as refused:
        undo(office, row["id"])
    assert (refused.value.data["task_id"], refused.value.data["state"]) == (
        scheduled[-1],
        "running",
    )
    assert effects(office) == before


@does_each
def test_an_undo_that_is_repeated_changes_nothing(office: Office, does: Does) -> None:
    row = office.do(does(office)).result(0)
    undo(office, row["id"])
    before = effects(office)
    with pytest.raises(UnknownId):
        undo(office, row["id"])
    assert effects(office) == before


@does_each
def test_a_repeated_call_adds_no_second_undo(office: Office, does: Does) -> None:
    verb = does(office)
    row = office.do(verb).result(0)
    office.wait(1)
    again = office.do(verb).result(0)
    assert again["id"] == row["id"]
    assert len(told(office)) == 1
    undo(office, row["id"])
    before = effects(office)
    office.do(verb)  # its answer came too late
    assert effects(office) == before


def cut(office: Office, verb: Any, statement: int) -> bool:
    """Do something; the power is cut before a statement, or after the first COMMIT.

    Tells whether it came to the statement.
    """
    fuse = office.stepped.fuse
    fuse.set(statement)
    with suppress(Crash):
        office.do(verb)
    is_burnt = fuse.burnt
    office.stepped.restart()
    return is_burnt


@does_each
def test_a_kill_at_any_statement_leaves_a_deed_with_its_undo_or_neither(
    office: Office, does: Does
) -> None:
    for statement in count():
        verb = does(office, Idempotency(f"press {statement}", "hash"))
        before = effects(office)
        is_burnt = cut(office, verb, statement)
        assert (effects(office) == before) == (told(office) == [])
        for row in told(office):
            undo(office, row["id"])
        assert effects(office) == before
        if not is_burnt:
            return


@does_each
def test_a_kill_at_any_statement_of_an_undo_leaves_it_done_or_to_do(
    office: Office, does: Does
) -> None:
    for statement in count():
        verb = does(office, Idempotency(f"press {statement}", "hash"))
        before = effects(office)
        row = office.do(verb).result(0)
        is_burnt = cut(office, partial(undo_pending, number=row["id"]), statement)
        assert (effects(office) == before) == (told(office) == [])
        for row in told(office):
            undo(office, row["id"])
        if not is_burnt:
            return


def test_an_undo_is_not_taken_out_by_a_later_action(office: Office) -> None:
    row = office.do(submit(office)).result(0)
    tasks = [*office.stepped.states()]
    later = office.do(act_later("cancel", BulkTasks(tasks), 2.0)).result(0).answer["pending"]
    assert {each["id"] for each in told(office)} == {row["id"], later["id"]}
    office.wait(2)
    assert {*office.stepped.states().values()} == {"cancelled"}
    undo(office, row["id"])
    assert effects(office) == ([], [], [])


def test_an_undo_of_a_run_leaves_a_cancelled_task_alone(office: Office) -> None:
    row = office.do(run(office)).result(0)
    first, second = office.stepped.states()
    office.stepped.change(cancel, first)
    undo(office, row["id"])
    assert office.stepped.states() == {first: "cancelled", second: "cancelled"}


def test_a_batch_cancelled_before_it_began_can_be_a_draft_again(office: Office) -> None:
    row = office.do(start(office)).result(0)
    number = row["batch_id"]
    office.batches.act("cancel", number).result(0)
    assert office.batches.get(number)["state"] == BatchState.DONE
    undo(office, row["id"])
    assert office.batches.get(number)["state"] == BatchState.DRAFT


def test_a_batch_that_is_deleted_leaves_no_undo(office: Office) -> None:
    row = office.do(start(office)).result(0)
    office.batches.delete(row["batch_id"]).result(0)
    assert told(office) == []


def test_an_item_without_a_task_can_be_taken_back(office: Office) -> None:
    prepared = prepare_items(
        ItemSubmission([NewItemRow(None, {"title": "Opera"}, [])], undo_for=UNDO_FOR),
        office.stepped.registry,
    )
    row: Any = office.do(lambda group: accept_items(group, prepared)).result(0).pending
    assert row["subject"] == 1
    undo(office, row["id"])
    with pytest.raises(UnknownId):
        office.read(read_item, 1, ())


def test_a_jump_of_the_clock_keeps_what_is_left_of_the_undo(office: Office) -> None:
    office.do(submit(office))
    office.stepped.jump(3600)
    assert [each["due_in"] for each in told(office)] == [UNDO_FOR]
    assert not office.stepped.lane.running


def test_a_corrected_message_whose_time_has_passed_waits_for_its_undo(office: Office) -> None:
    past = TaskOptions(run_at=office.stepped.clock.now() - 60)
    office.stepped.submit(ItemSubmission([NewItemRow(7, {"title": "Opera"}, [NewTask("mail")])]))
    office.finish()
    row = NewItemRow(7, {"title": "Ballet"}, [NewTask("mail", options=past)])
    correction = ItemCorrection(row, "Ada <ada@example.org>", True, KEY, UNDO_FOR)
    prepared = prepare_correction(correction, office.stepped.registry)
    office.do(lambda group: correct(group, prepared).pending).result(0)
    office.wait(UNDO_FOR - 0.1)
    assert not office.stepped.lane.running
    office.wait(0.1)
    assert office.stepped.lane.running
