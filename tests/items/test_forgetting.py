"""Forgetting a person, and batches that are old: what the store has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from desktop.contract.batches import ROW_COPY
from desktop.contract.items import NewItem
from desktop.contract.office import OfficeRefusal, office_row
from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.forgetting import FORGOTTEN, stop_messages
from desktop.items.person import find_person
from desktop.items.reads.items import ItemSearch, read_item, read_item_detail, read_items
from sendoff_tasks.attempts.outcomes import Cancelled, Failed, Later, LeftUncertain, Outcome
from sendoff_tasks.duties.scrubber import scrub_now
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.functions.registry import task as describe
from sendoff_tasks.store.tables.pending import ActionOptions
from sendoff_tasks.submission import Idempotency, NewTask, Submission
from sendoff_tasks.transaction.searching import SearchWords
from sendoff_tasks.verbs.bulk import BulkTasks
from sendoff_tasks.verbs.pending import act_later
from sendoff_tasks.words.table import ENGLISH
from tests.engine.stepped import Stepped
from tests.items.batches.office import SENT, Office, row
from tests.items.corrections import BO, TO_BO, put
from tests.items.forgotten import ADA, forget, submit, traces
from tests.items.reads.letters import DONE, REFUSED, letter, receipt
from tests.refusing import refused

Make = Callable[..., Stepped]


@pytest.fixture
def stepped(make: Make) -> Stepped:
    return make(letter, receipt, slots=8)


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


OUTCOMES: dict[str, Outcome] = {
    "sent": SENT,
    "failed": Failed("550 no such user", "", final=True),
    "uncertain": LeftUncertain("no answer", ""),
    "cancelled": Cancelled(""),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_one_whose_message_is_done_goes_while_the_batch_goes_on(
    office: Office, outcome: str
) -> None:
    ada = row(1, recipient=ADA["recipient"], fields=ADA["fields"])
    number = office.started([ada, *map(row, range(2, 9))])
    item = office.rows(number)[0]["item_id"] or 0
    office.end(Later("451 try again", ""))
    with refused(OfficeRefusal.PERSON_IN_BATCH, batch="Members"):
        forget(office.stepped, item)
    office.wait(10)
    office.end()
    if outcome == "uncertain":
        office.stepped.cross(1)
    office.stepped.end(1, OUTCOMES[outcome])
    office.batches.pause(number).result(0)
    counts, told = office.counts(number), office.told(number)
    assert (told[1], office.batches.get(number)["state"]) == (outcome, "paused")
    forget(office.stepped, item)
    assert (office.counts(number), office.told(number)) == (counts, told)
    assert traces(office.stepped) == []
    office.check()
    office.batches.resume(number).result(0)
    office.finish()
    assert office.told(number) == {1: outcome, **dict.fromkeys(range(2, 9), "sent")}
    assert office.batches.get(number)["state"] == "done"


def test_a_copy_that_is_to_come_keeps_the_person(office: Office) -> None:
    office.sent([row(1, recipient=ADA["recipient"])])
    number = office.started([row(2), row(3, cc="ada@example.org")])
    for _ in range(2):
        with refused(OfficeRefusal.PERSON_IN_BATCH, batch="Members"):
            forget(office.stepped, 1)
        office.end()
    forget(office.stepped, 1)
    assert office.rows(number)[1]["item"].get("cc") == ""
    assert traces(office.stepped) == []


def test_a_row_that_is_not_sent_keeps_nobody(office: Office) -> None:
    office.sent([row(1, recipient=ADA["recipient"])])
    rows = [row(2), row(3), row(4, item=1, recipient=ADA["recipient"])]
    number = office.started(rows, run_at=round((office.stepped.clock.time + 60) * 1000))
    assert office.told(number) == {2: "open", 3: "open", 4: "left_out"}  # soon
    forget(office.stepped, 1)
    office.wait(60)
    office.finish()
    assert office.told(number) == {2: "sent", 3: "sent", 4: "left_out"}
    assert traces(office.stepped) == []


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
