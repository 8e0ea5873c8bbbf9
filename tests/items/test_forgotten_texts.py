"""Each text of each table of the store: of nobody, of the person and gone, or left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

import pytest

from desktop.contract.do_not_send import ListOrigin, NewListEntry
from desktop.contract.items import NewItem
from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.do_not_send import add as add_to_list
from sendoff_tasks.attempts.outcomes import Failed, Held, Later
from sendoff_tasks.store.tables.pending import ActionOptions
from sendoff_tasks.submission import Idempotency, NewTask, Submission
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.bulk import BulkTasks
from sendoff_tasks.verbs.pending import act_later, give_up
from tests.engine.stepped import Stepped
from tests.items.batches.office import Office, mail, row
from tests.items.corrections import BO, TO_BO, put
from tests.items.forgotten import ADA, forget, submit, texts, traces
from tests.items.reads.letters import DONE, letter, receipt

Make = Callable[..., Stepped]


@pytest.fixture
def stepped(make: Make) -> Stepped:
    return make(letter, receipt, slots=8)


OF_NOBODY: dict[str, str] = {
    "acts": "who verb kind name tasks",
    "attempts": "outcome",
    "batch_causes": "cause",
    "batch_rows": "checked problem path outcome",
    "batches": "state key template tasks rate columns reading sends editions",
    "causes": "id cure",
    "counts": "state",
    "do_not_send": "reason origin",
    "due_times": "name",
    "events": "state",
    "functions": "name queue lane title",
    "idempotency": "body_hash",
    "items": "joined informed past",
    "log": "level deed",
    "meta": "key value",
    "pace": "waits runs",
    "pauses": "queue",
    "pending": "action tasks",
    "queues": "name action server kind enhanced",
    "scheduled_in_batches": "cause",
    "schedules": "name rule",
    "sources": "name source",
    "starts": "queue",
    "tasks": "state held reason cause",
    "tokens": "token",
}
"""Texts that have no person: states, reasons, numbers, hashes; names in programs and templates, and
of the columns of spreadsheets."""
SAID = json.dumps("x\nAda@Example.org")
OF_OWN_TASKS: dict[str, dict[str, str]] = {
    "tasks": {
        **dict.fromkeys(("title", "recipient", "why", "error", "reference"), "for ada@example.org"),
        **dict.fromkeys(
            ("key", "past_errors", "next_to", "copy_for", "edition"), "<Ada@Example.org>"
        ),
        **dict.fromkeys(("result", "addressee"), SAID),
        "progress": f"[1, 2, {SAID}]",
        "arguments": f"[[{SAID}], {{}}]",
        "handover": f'{{"what": {SAID}, "to": "", "at": 1}}',
        "reason_data": f'{{"said": {SAID}}}',
    },
    "attempts": {"error": "ada@example.org", "trace": "File x\n  ada@example.org"},
    "log": {"text": "to ada@example.org"},
    "steps": {"name": "mail ada@example.org", "result": SAID},
    "contexts": {"variables": f'{{"to": {SAID}}}'},
}
MET: dict[str, set[str]] = {
    "tasks": {"why", "error", "past_errors", "result", "progress", "handover", "reason_data"},
    "attempts": {"error", "trace"},
    "log": {"text"},
    "events": {"why"},
}
"""What the letter to another says that the person got a copy of."""
OLD = {"why": "550 for ada@example.org"}
"""What events had in older stores: of one's own tasks, attempts and log have it, too."""


BESIDE: dict[str, str] = {
    "batch_rows": (
        "item recipient identity content data answer message_id corrections origin bounced"
    ),
    "batches": "name sheet",
    "causes": "about places",
    "corrections": "body recipient address",
    "do_not_send": "address note source",
    "idempotency": "key answer",
    "items": "body words",
    "pending": "asked answer",
    "queues": "reason",
}
"""What has her beside the tasks."""


def named_in(columns: dict[str, str]) -> set[tuple[str, str]]:
    return {(table, name) for table, names in columns.items() for name in names.split()}


def put_text(stepped: Stepped, table: str, column: str, task: int, text: str) -> None:
    """Have a task, or its rows in a table, say a text."""

    def put(group: Group) -> None:
        if table == "tasks":
            record = group.read(task)
            before = group.search.of(record, None)
            group.change(record, **{column: text})
            group.search.put(record.id, before, group.search.of(record, None))
            return
        found = f"UPDATE {table} SET {column} = ? WHERE task_id = ?"  # noqa: S608
        assert group.cursor.execute(found, (text, task)).rowcount

    stepped.do(put)


def told_all(stepped: Stepped, task: int, text: str) -> None:
    """Have a task that runs tell in all ways."""
    claim = stepped.lane.running[task]
    stepped.ledger.log(claim, "info", text)
    stepped.ledger.step(claim, text, "1")
    stepped.ledger.progress(claim, 1, 2, text)
    stepped.cross(task, text, "mx")


def test_each_text_is_of_nobody_or_left_out() -> None:
    told = {(table, each) for some in (OF_OWN_TASKS, MET) for table in some for each in some[table]}
    others = named_in(OF_NOBODY), named_in(BESIDE)
    assert sorted(texts()) == sorted([*told, *others[0], *others[1]])


@pytest.mark.parametrize(
    ("table", "column"), [(table, each) for table, names in OF_OWN_TASKS.items() for each in names]
)
def test_an_own_task_goes_wherever_it_has_the_address(make: Make, table: str, column: str) -> None:
    stepped = make(letter, receipt, slots=8)
    submit(stepped, 1)
    own, other = (stepped.add("receipt", variables="{}") for _ in range(2))
    for number in (own, other):
        told_all(stepped, number, "for cy@example.org")
        stepped.end(number, Later("no", "trace"))
    stepped.wait(3600)
    for number in (own, other):
        stepped.end(number, DONE)
    put_text(stepped, table, column, own, OF_OWN_TASKS[table][column])
    assert forget(stepped, 1).tasks == [own]
    assert [*stepped.states()] == [other]
    assert traces(stepped) == []
    stepped.check()


@pytest.mark.parametrize(
    ("table", "column"), [(table, each) for table, names in MET.items() for each in sorted(names)]
)
def test_nothing_of_the_person_is_left_in_what_a_letter_with_a_copy_met(
    stepped: Stepped, table: str, column: str
) -> None:
    submit(stepped, 1)
    (task,) = submit(stepped, 2, "letter", body=BO | {"cc": "Lovelace <ada@example.org>"})
    told_all(stepped, task, "for Bo")
    stepped.end(task, Failed("550 5.1.1", "trace", final=True))
    put_text(stepped, table, column, task, OF_OWN_TASKS.get(table, OLD)[column])
    assert f"{table}.{column}: ada@" in traces(stepped)
    forget(stepped, 1)
    assert (traces(stepped), stepped.task(task)["to"]) == ([], TO_BO)


def test_nothing_of_the_person_is_left_beside_the_tasks(make: Make) -> None:
    stepped = make(mail, letter, receipt, slots=8)
    office, execute = Office(stepped), stepped.connection.execute
    number = office.sent(
        [row(8, recipient=ADA["recipient"]), row(9, cc="ada@example.org")], name="Lovelace.csv"
    )
    copied = BO | {"cc": "ada@example.org"}
    tasks = [*submit(stepped, 1, "letter"), *submit(stepped, 2, "letter", body=copied)]
    for task in tasks:
        stepped.end(task, Failed("550 Lovelace ada@example.org moved", "", final=True))
    submit(stepped, 3)
    other = cast("NewItem", ADA | {"title": "Ballet"})
    put(stepped, other, names=[], number=3, to="Lovelace <ada@example.org>")
    call = Submission(
        [NewTask("receipt", to="Lovelace <ada@example.org>")],
        idempotency=Idempotency("for ada@example.org", ""),
    )
    stepped.end(stepped.submit(call).task_ids[0], DONE)
    asked = ActionOptions(filter={"text": "lovelace", "state": "failed"})
    for task, key in zip(tasks, ("seen by Lovelace", "seen"), strict=True):
        once = Idempotency(key, "")
        later = stepped.do(act_later("seen", BulkTasks([task]), 3600.0, once, asked))
    ended = later.answer["pending"]["id"]
    stepped.do(lambda group: give_up(group, ended, "no Lovelace"))
    waits = ItemSubmission([NewItemRow(4, copied, [NewTask("mail", to=TO_BO)])])
    ((held,),) = stepped.submit(waits).task_ids
    stepped.end(held, Held("452 ada@example.org: too many", "", whole_queue=True))
    entry = NewListEntry(address="ada@example.org", note="Lovelace asked", source="omega.csv")
    stepped.do(lambda group: add_to_list(group, [entry], ListOrigin.FILE))
    given = (json.dumps([["recipient.email", "ada@example.org", "x"]]), "ada@example.org")
    execute("UPDATE batch_rows SET corrections = ?, origin = ?", given)
    execute("UPDATE batch_rows SET answer = ?, bounced = ?", ("451 for ada@example.org",) * 2)
    data = json.dumps({"changes": [{"field": "cc", "before": "ada@example.org", "after": None}]})
    execute("UPDATE batch_rows SET data = ?", (data,))
    own = "UPDATE batch_rows SET identity = ?, content = ?, message_id = ? WHERE row = 8"
    execute(own, ("ada@example.org",) * 3)
    execute("UPDATE batches SET sheet = name")
    execute("UPDATE causes SET places = ?", (json.dumps(["mx", "lovelace.example"]),))
    stepped.restart()
    before = {each.partition(":")[0] for each in traces(stepped)}
    assert before >= {
        f"{table}.{name}" for table, names in BESIDE.items() for name in names.split()
    }
    forget(stepped, 1)
    assert traces(stepped) == []
    stepped.restart()
    assert traces(stepped) == []
    assert [row["outcome"] for row in office.rows(number)] == ["sent", "sent"]
    assert stepped.connection.execute("SELECT name, reason FROM queues").fetchall() == [
        ("mail", "452 …: too many")
    ]
    stepped.check()
