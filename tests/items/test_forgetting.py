"""Forgetting a person, and batches that are old: what the store has left."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from sqlalchemy import Text

from desktop.contract.batches import ROW_COPY
from desktop.contract.do_not_send import ListOrigin, NewListEntry
from desktop.contract.items import NewItem
from desktop.contract.office import OfficeRefusal, office_row
from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.do_not_send import add as add_to_list
from desktop.items.forgetting import FORGOTTEN, forget_person, stop_messages
from desktop.items.person import Person, find_person
from desktop.items.reads.items import ItemSearch, read_item, read_item_detail, read_items
from desktop.items.tables.schema import metadata as items_metadata
from sendoff_tasks.attempts.outcomes import Failed, Held, Later
from sendoff_tasks.duties.scrubber import scrub_now
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.functions.registry import task as describe
from sendoff_tasks.store.tables import schema
from sendoff_tasks.store.tables.pending import ActionOptions
from sendoff_tasks.submission import Idempotency, NewTask, Submission
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.searching import SearchWords
from sendoff_tasks.verbs.bulk import BulkTasks
from sendoff_tasks.verbs.pending import act_later, give_up
from sendoff_tasks.words.table import ENGLISH
from tests.engine.stepped import Stepped
from tests.items.batches.office import Office, mail, row
from tests.items.corrections import BO, TO_BO, put
from tests.items.reads.letters import DONE, REFUSED, letter, receipt
from tests.refusing import refused

ADA = {
    "title": "Opera",
    "recipient": {"name": "Lovelace", "email": "Ada@Example.org"},
    "fields": {"seat": "Row Omega"},
}
WORDS = ("lovelace", "ada@", "omega")
Make = Callable[..., Stepped]


@pytest.fixture
def stepped(make: Make) -> Stepped:
    return make(letter, receipt, slots=8)


def submit(stepped: Stepped, number: int, *names: str, body: Any = ADA) -> list[int]:
    to = "{name} <{email}>".format(**body["recipient"])
    own = [NewTask(name, (number,), to=to) for name in names]
    rows = [NewItemRow(number, body, own)]
    return stepped.submit(ItemSubmission(rows)).task_ids[0]


def forget(stepped: Stepped, number: int) -> Person:
    person = find_person(stepped.connection, number)
    stepped.do(lambda group: forget_person(group, person))
    stepped.settle()
    return person


def traces(stepped: Stepped) -> list[str]:
    """List the columns that have one of the words."""
    found = []
    for table, column in texts():
        rows = stepped.connection.execute(f"SELECT {column} FROM {table}").fetchall()  # noqa: S608
        text = str(rows).lower()
        found += [f"{table}.{column}: {word}" for word in WORDS if word in text]
    return found


def texts() -> list[tuple[str, str]]:
    """List all columns of the store that have texts."""
    tables = [*schema.metadata.sorted_tables, *items_metadata.sorted_tables]
    return [(t.name, c.name) for t in tables for c in t.c if isinstance(c.type, Text)]


def test_numbers_times_and_verdicts_are_left_of_all_items_of_the_person(stepped: Stepped) -> None:
    (done,) = submit(stepped, 1, "letter")
    (refused,) = submit(stepped, 2, "letter", body=ADA | {"title": "Ballet"})
    submit(stepped, 3, "letter", body=BO)
    stepped.end(done, DONE)
    stepped.end(refused, REFUSED)
    before = {number: read_item(stepped.connection, number) for number in (1, 2, 3)}
    person = forget(stepped, 1)
    assert (person.items, person.tasks) == ([1, 2], [done, refused])
    for number in (1, 2):
        item = read_item_detail(stepped.connection, number)
        kept = {name: before[number][name] for name in ("created_at", "informed", "informed_at")}
        assert item == kept | {
            "item_id": number, "title": None, "recipient": None, "template": None, "fields": {},
            "tasks": [], "erased": True, "item": {}, "corrected_at": None, "versions": [],
        }  # fmt: skip
    assert read_item(stepped.connection, 3) == before[3]
    assert traces(stepped) == []
    assert read_items(stepped.connection, ItemSearch("lovelace"))["items"] == []
    assert forget(stepped, 1).tasks == []  # once more changes nothing


def test_a_message_that_waits_is_not_sent_and_nobody_was_informed(make: Make) -> None:
    stepped = make(letter, receipt, slots=0)
    submit(stepped, 1, "letter")
    forget(stepped, 1)
    assert (stepped.states(), traces(stepped)) == ({}, [])
    assert read_item(stepped.connection, 1)["informed"] == "no"


def test_what_is_stopped_is_found_again(make: Make) -> None:
    stepped = make(letter, receipt, slots=0)
    copied = BO | {"cc": "Lovelace <ada@example.org>"}
    submit(stepped, 1, "letter")
    (other,) = submit(stepped, 2, "letter", body=copied)
    person = find_person(stepped.connection, 1)
    stepped.do(lambda group: stop_messages(group, person))
    stepped.restart()
    assert stepped.states() == {1: "cancelled", other: "queued"}
    assert find_person(stepped.connection, 1).tasks == person.tasks
    assert "items.body: ada@" in traces(stepped)
    forget(stepped, 1)
    assert (stepped.states(), traces(stepped)) == ({other: "queued"}, [])


def test_while_a_message_is_sent_it_is_refused(stepped: Stepped) -> None:
    (task,) = submit(stepped, 1, "letter")
    with refused(OfficeRefusal.UNDER_WAY, title="Letter"):
        forget(stepped, 1)
    stepped.end(task, DONE)
    forget(stepped, 1)
    assert traces(stepped) == []


def test_error_that_is_told_as_data_goes_with_its_cause(stepped: Stepped) -> None:
    (own,) = submit(stepped, 1, "letter")
    copied = BO | {"cc": "Lovelace <ada@example.org>, x@example.org"}
    (other,) = submit(stepped, 2, "letter", body=copied)
    stepped.end(own, DONE)
    why = ENGLISH.say("sending", "plain_copy", server="mx", address="Lovelace ada@example.org")
    stepped.end(other, Failed(why, "", final=True))
    assert "causes.about: lovelace" in traces(stepped)
    forget(stepped, 1)
    assert traces(stepped) == []


def test_name_that_is_a_key_of_the_data_leaves_them_readable(stepped: Stepped) -> None:
    data = {"recipient": {"name": 'Data "D"', "email": "ada@example.org"}}
    (own,) = submit(stepped, 1, "letter", body=data)
    (other,) = submit(stepped, 2, "letter", body=BO | {"cc": "ada@example.org"})
    stepped.end(own, DONE)
    why = ENGLISH.say("sending", "plain_copy", server="mx", address='Data "D" ada@example.org')
    stepped.end(other, Failed(why, "", final=True))
    forget(stepped, 1)
    told = stepped.task(other)["reason_data"]["told"]
    assert (told["refusal"], told["data"]["server"]) == ("sending.plain_copy", "mx")
    assert "ata" not in told["data"]["address"]


def test_an_unknown_item_is_named(stepped: Stepped) -> None:
    with pytest.raises(UnknownId, match="no item 7"):
        find_person(stepped.connection, 7)


def test_copies_of_other_letters_to_the_person_go_too(stepped: Stepped) -> None:
    (own,) = submit(stepped, 1, "letter")
    (other,) = submit(stepped, 2, "letter", body=BO)
    for task in (own, other):
        stepped.end(task, DONE)
    copy = stepped.send_again(other, {"email": "ada@example.org"})["id"]
    stepped.end(copy, DONE)
    forget(stepped, 1)
    assert (list(stepped.states()), traces(stepped)) == ([other], [])


def send_later(stepped: Stepped, task: int, email: str) -> None:
    asked = ActionOptions(addressee={"email": email})
    stepped.do(act_later("resend", BulkTasks([task]), 5.0, asked=asked))


def test_what_waits_to_be_sent_to_the_person_is_not_sent(stepped: Stepped) -> None:
    (own,) = submit(stepped, 1, "letter")
    others = [*submit(stepped, 2, "letter", body=BO), *submit(stepped, 3, "letter", body=BO)]
    for task in (own, *others):
        stepped.end(task, DONE)
    send_later(stepped, others[0], "ADA@example.org")
    send_later(stepped, others[1], "eve@example.org")
    forget(stepped, 1)
    stepped.wait(5.0)
    assert (sorted(stepped.states()), traces(stepped)) == ([*others, max(others) + 1], [])


def test_an_action_that_was_carried_out_keeps_no_word_of_the_person(stepped: Stepped) -> None:
    (own,) = submit(stepped, 1, "letter")
    (other,) = submit(stepped, 2, "letter", body=BO)
    for task in (own, other):
        stepped.end(task, DONE)
    send_later(stepped, other, "ada@example.org")
    stepped.wait(5.0)
    stepped.end(max(stepped.states()), DONE)
    forget(stepped, 1)
    assert (list(stepped.states()), traces(stepped)) == ([other], [])


def test_an_item_that_was_corrected_to_someone_else_keeps_no_word_of_the_person(
    stepped: Stepped,
) -> None:
    submit(stepped, 1)
    submit(stepped, 2, "receipt")
    put(stepped, BO, names=[], number=1)
    stepped.end(1, DONE)
    person = forget(stepped, 2)
    assert (person.items, person.former) == ([2], [1])
    assert read_item(stepped.connection, 1)["title"] == BO["title"]
    assert traces(stepped) == []


def test_what_a_message_met_at_the_persons_address_keeps_no_word_of_the_person(
    stepped: Stepped,
) -> None:
    for number in (1, 2):
        submit(stepped, number, "letter")
    stepped.end(2, DONE)
    stepped.end(1, Later("451 Lovelace ada@example.org is being moved", ""))
    put(stepped, BO, names=["letter"], number=1)
    forget(stepped, 2)
    assert (stepped.states(), traces(stepped)) == ({1: "waiting"}, [])
    assert stepped.task(1)["to"] == TO_BO
    stepped.check()


def test_what_a_copy_to_the_person_met_keeps_no_word_of_the_person(stepped: Stepped) -> None:
    submit(stepped, 1)
    copies = [
        *submit(
            stepped, 2, "letter", body=BO | {"cc": "Lovelace <ada@example.org>, x@example.org"}
        ),
        *submit(stepped, 3, "letter", body=BO),
    ]
    for task in copies:
        claim = stepped.lane.running[task]
        stepped.ledger.log(claim, "warning", f"no copy to ada{task}@example.org: moved")
        stepped.ledger.log(claim, "warning", "no copy to ada@example.org: 550 Lovelace moved")
        stepped.end(task, DONE)
    forget(stepped, 1)
    lines = "SELECT text FROM log WHERE task_id = ? ORDER BY id"
    assert [text for (text,) in stepped.connection.execute(lines, (copies[0],))] == [
        f"no copy to ada{copies[0]}@example.org: moved",
        "no copy to –: 550 – moved",
    ]
    stepped.check()


def test_own_tasks_that_told_of_the_address_go(stepped: Stepped) -> None:
    submit(stepped, 1)
    tasks = [stepped.add("receipt", "ada@example.org"), *stepped.add_many(5, "receipt")]
    _, logs, steps, progresses, fails, other = (stepped.lane.running[task] for task in tasks)
    stepped.ledger.log(logs, "info", "for Ada@example.org")
    stepped.ledger.step(steps, "post", '"to ada@example.org"')
    stepped.ledger.progress(progresses, 1, 2, "ada@example.org")
    stepped.ledger.log(other, "info", "for nevada@example.org")
    stepped.end(fails.task_id, Later("no ada@example.org", ""))
    stepped.wait(3600)
    for task in tasks:
        stepped.end(task, DONE)
    assert forget(stepped, 1).tasks == tasks[:-1]
    assert (stepped.states(), [*stepped.connection.execute("SELECT * FROM steps")]) == (
        {other.task_id: "succeeded"},
        [],
    )


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
    "events": {"why": "to ada@example.org"},
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
    told = {(table, name) for table, names in OF_OWN_TASKS.items() for name in names}
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
    put_text(stepped, table, column, task, OF_OWN_TASKS[table][column])
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
    put(stepped, ADA | {"title": "Ballet"}, names=[], number=3, to="Lovelace <ada@example.org>")
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("info@müller.example", "INFO@MÜLLER.example"),
        ("info@müller.example", "info@xn--mller-kva.example"),
        ("JÜRGEN@example.org", "jürgen@example.org"),
        ("weiß@example.org", "Weiß@example.org"),
    ],
)
def test_an_address_is_found_however_it_is_written(stepped: Stepped, one: str, other: str) -> None:
    for number, email in enumerate((one, other, f"x{one}"), 1):
        body = {"title": "Opera", "recipient": {"name": "", "email": email}}
        submit(stepped, number, body=body)
    assert forget(stepped, 1).items == [1, 2]


def test_another_with_the_same_name_at_another_place_keeps_earlier_corrections(
    stepped: Stepped,
) -> None:
    submit(stepped, 1)
    submit(stepped, 2, body=BO | {"title": "ada@ home"})
    put(stepped, BO, names=[], number=2)
    person = forget(stepped, 1)
    assert (person.items, person.former) == ([1], [])


def test_an_item_without_an_address_is_forgotten_alone(stepped: Stepped) -> None:
    for number in (1, 2):
        stepped.submit(ItemSubmission([NewItemRow(number, {"title": "Lovelace"}, [])]))
    assert forget(stepped, 1).items == [1]
    assert read_item(stepped.connection, 2)["title"] == "Lovelace"


def test_an_erased_item_without_tasks_goes_after_three_years(stepped: Stepped) -> None:
    submit(stepped, 1)
    forget(stepped, 1)
    assert stepped.connection.execute("SELECT words FROM items").fetchall() == [(None,)]


def sent(office: Office) -> int:
    number = office.draft(0)
    ada = row(1, recipient=ADA["recipient"], fields=ADA["fields"])
    office.put(number, [ada, row(2)])
    office.send(number)
    return number


def test_the_rows_of_ended_batches_keep_their_outcome_only(office: Office) -> None:
    number = sent(office)
    counts = office.counts(number)
    (item, _) = [each["item_id"] for each in office.rows(number)]
    person = forget(office.stepped, item or 0)
    assert dict(person.rows) == {number: [1]}
    assert office.counts(number) == counts
    assert office.rows(number)[0]["item"] == {}
    assert office.batches.get(number)["sheet"] is None
    assert traces(office.stepped) == []


def test_a_row_of_another_with_the_persons_number_keeps_no_word_of_the_person(
    office: Office,
) -> None:
    office.sent([row(7, recipient=ADA["recipient"])])
    second = office.draft([row(7)])
    with pytest.raises(Conflict, match="is in the draft"):
        forget(office.stepped, 7)
    office.send(second)
    forget(office.stepped, 7)
    (left,) = office.rows(second)
    assert (left["problem"], left["item"]["recipient"]["name"]) == ("other_person", "P7")
    assert left["data"] == {"batch_id": None, "item_id": 7, "text": FORGOTTEN}
    assert traces(office.stepped) == []


def test_a_changed_row_keeps_no_earlier_word_of_the_person(office: Office) -> None:
    office.sent([row(n, recipient=ADA["recipient"]) for n in (1, 2, 3)])
    moved = [
        row(1, recipient={"name": "Bo", "email": "Ada@Example.org"}),
        row(2, recipient={"name": "Ada Lovelace-King", "email": "king@example.org"}),
    ]
    second = office.sent(moved)
    office.sent([row(1, recipient=BO["recipient"])])
    forget(office.stepped, 3)
    gone, kept = office.rows(second)
    assert gone["item"] == {}
    assert kept["item"]["recipient"]["email"] == "king@example.org"
    assert [word for word in traces(office.stepped) if "ada@" in word] == []


def test_a_left_out_row_of_the_persons_number_goes_too(office: Office) -> None:
    office.sent([row(1, recipient=ADA["recipient"])])
    second = office.draft([row(1, recipient={"name": "Lovelace", "email": "king@example.org"})])
    office.start(second, send_changed=False)
    forget(office.stepped, 1)
    assert office.rows(second)[0]["item"] == {}
    assert traces(office.stepped) == []


def test_a_row_that_was_read_as_the_persons_keeps_what_was_typed(office: Office) -> None:
    office.sent([row(1, recipient=ADA["recipient"])])
    second = office.draft([row(2, recipient=ADA["recipient"])])
    revision = office.batches.revision(second)
    office.batches.correct_row(second, row(2, recipient=BO["recipient"]), revision).result(0)
    with pytest.raises(Conflict, match="is in the draft"):
        forget(office.stepped, 1)
    office.send(second)
    assert sorted(forget(office.stepped, 1).rows) == [1, second]
    (kept,) = office.rows(second)
    assert (kept["item"]["recipient"], kept["corrections"]) == (BO["recipient"], [])
    assert traces(office.stepped) == []


def test_a_row_whose_message_went_to_the_person_keeps_its_own_values(office: Office) -> None:
    office.sent([row(1, recipient=BO["recipient"])])
    put(office.stepped, ADA, names=[], to="Lovelace <Ada@Example.org>")  # type: ignore[arg-type]
    second = office.draft([row(1, title="Ballet", recipient=BO["recipient"])])
    office.send(second, Failed("550 <ada@example.org>: no such user", "", final=True))
    put(office.stepped, BO, names=[])
    submit(office.stepped, 2)
    forget(office.stepped, 2)
    (kept,) = office.rows(second)
    assert (kept["item"]["recipient"], kept["answer"]) == (BO["recipient"], None)
    assert traces(office.stepped) == []


def test_a_draft_or_a_batch_under_way_is_named(office: Office) -> None:
    item = office.rows(sent(office))[0]["item_id"] or 0
    draft = office.draft([row(1, item=None, recipient=ADA["recipient"])])
    with pytest.raises(Conflict, match="is in the draft"):
        forget(office.stepped, item)
    office.batches.delete(draft).result(0)
    forget(office.stepped, item)


def test_what_others_share_with_the_person_stays(office: Office) -> None:
    stepped = office.stepped
    names = ("Ada King <ada@king.example>", "Lovelace <ada@example.org>")
    answers = []
    for number, to in enumerate(names):
        task = NewTask("mail", (0,), to=to, title="Opera")
        wanted = Submission([task], idempotency=Idempotency(f"call {number}", ""))
        stepped.end(stepped.submit(wanted).task_ids[0], DONE)
        answers.append(wanted)
    number = office.draft(0)
    person = {"name": "Ada Lovelace", "email": "ada@example.org"}
    office.put(number, [row(1, title="Opera", recipient=person), row(2, title="Opera")])
    office.send(number)
    name = office.batches.get(number)["name"]
    item = office.rows(number)[0]["item_id"] or 0
    forget(stepped, item)
    others, hers = (stepped.submit(each) for each in answers)
    assert (others.replayed, hers.replayed) == (True, True)
    assert others.row is not None
    assert hers.row is not None
    assert (office_row(others.row)["to"], others.row["title"]) == (names[0], "Opera")
    assert (office_row(hers.row)["to"], hers.row["title"]) == ("", "")
    assert office.batches.get(number)["name"] == name


def test_the_person_is_there_since_the_draft_was_begun(office: Office) -> None:
    number = office.draft([row(1, recipient=ADA["recipient"])])
    begun = round(office.stepped.clock.time * 1000)
    office.stepped.clock.time += 86_400
    office.send(number)
    item = office.rows(number)[0]["item_id"] or 0
    assert find_person(office.stepped.connection, item).since <= begun


def test_others_send_the_person_no_copy_any_more(office: Office) -> None:
    office.send(office.draft([row(1, recipient=ADA["recipient"])]))
    copies: dict[str, Any] = {
        "cc": "Cy <cy@x.org>, Lovelace <ada@EXAMPLE.org>",
        "bcc": "ada@example.org",
    }
    number = office.draft([row(2, **copies)])
    stepped = office.stepped
    with pytest.raises(Conflict, match="draft"):
        forget(stepped, 1)
    office.send(number)
    submit(stepped, 3, body=BO)
    put(stepped, cast("NewItem", {**BO, **copies}), number=3)
    forget(stepped, 1)
    assert traces(stepped) == []
    second, third = (read_item(stepped.connection, n) for n in (2, 3))
    assert (second["cc"], third["cc"], "bcc" in third) == ("cy@x.org", "cy@x.org", False)
    assert office.rows(number)[0]["item"]["cc"] == "cy@x.org"


def test_a_copy_to_the_sender_is_found_however_it_was_asked_for(make: Make) -> None:
    stepped = make(letter, receipt, describe(name=ROW_COPY)(lambda *_, **__: None), slots=8)
    submit(stepped, 1)
    for arguments in ({}, {"batch_id": 1, "row": 2}, {"row": "x"}):
        task = NewTask(ROW_COPY, kwargs=arguments)
        stepped.end(stepped.submit(Submission([task])).task_ids[0], DONE)
    assert forget(stepped, 1).tasks == []


@pytest.mark.usefixtures("in_file")
def test_nothing_is_left_of_a_draft_that_was_deleted(office: Office) -> None:
    stepped = office.stepped
    number = office.draft([row(n, recipient=ADA["recipient"]) for n in range(1, 30)])
    office.batches.delete(number).result(0)
    assert not stepped.core.memory.part(SearchWords).is_scrubbed
    stepped.do(scrub_now)
    files = stepped.path.parent.glob(f"{stepped.path.name}*")
    assert not any(b"lovelace" in file.read_bytes().lower() for file in files)


DAY_S = 86_400


def tidy(office: Office, days: float) -> list[int]:
    office.stepped.clock.time += days * DAY_S
    for _ in range(10):
        office.stepped.settle()
        office.stepped.clock.time += 60
    return [each["batch_id"] for each in office.batches.list()["batches"]]


def test_drafts_are_kept_thirty_days_and_the_others_a_year(office: Office) -> None:
    sent, draft = office.sent(2), office.draft(2)
    assert tidy(office, 29) == [draft, sent]
    assert tidy(office, 1.5) == [sent]
    assert tidy(office, 333) == [sent]
    assert tidy(office, 3) == []
    rows = office.stepped.connection.execute("SELECT count(*) FROM batch_rows").fetchone()
    assert rows == (0,)


def test_a_batch_with_open_rows_is_never_forgotten(office: Office) -> None:
    number = office.started(2)
    office.batches.pause(number).result(0)
    office.finish()
    waiting = office.started(
        [row(8)], run_at=round((office.stepped.clock.time + 900 * DAY_S) * 1000)
    )
    assert waiting in tidy(office, 500)
