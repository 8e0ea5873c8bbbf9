"""Same and changed, against what was sent before and what a person corrected since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.contract.batches import BY_ADDRESS, BY_NAME, CheckData, RowProblem
from desktop.items.accepting import ItemCorrection, ItemSubmission, NewItemRow
from desktop.items.batches.drafting import StartOptions
from desktop.items.batches.rows import CheckedRow
from desktop.items.correcting import correct, prepare_correction
from desktop.items.reads.items import read_item
from sendoff_tasks.attempts.outcomes import Cancelled, Later, Succeeded
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.submission import NewTask, TaskOptions
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.change import SEEN, change
from sendoff_tasks.verbs.retry import retry
from tests.items.batches.office import REFUSED, Office, row
from tests.refusing import refused


def checks(office: Office, number: int) -> dict[int, str | None]:
    return {each["row"]: each["check"] for each in office.rows(number)}


def test_the_same_file_again_sends_nothing_and_a_changed_row_that_one(office: Office) -> None:
    first = office.sent(3)
    again = office.draft(2)
    office.put(again, [row(3, title="Ballet")])
    assert checks(office, again) == {1: "same", 2: "same", 3: "changed"}
    about = office.batches.row(again, 3)["data"]
    assert (about["batch_id"], about["row"], about["item_id"]) == (first, 3, 3)
    assert about["changes"] == [{"field": "title", "before": "Opera", "after": "Ballet"}]
    office.send(again)
    assert office.told(again) == {1: "left_out", 2: "left_out", 3: "sent"}
    assert len(office.stepped.states()) == 4
    assert read_item(office.stepped.connection, 3)["title"] == "Ballet"
    assert checks(office, office.draft(3))[3] == "changed"


@pytest.mark.parametrize("key", [["number"], ["email", "title"]])
def test_a_column_that_is_left_out_now_makes_no_row_changed(office: Office, key: list[str]) -> None:
    remark = {"Remark": "pays late", "Room": "7"}
    office.sent([row(n, fields=remark) for n in (1, 2)], key=key)
    again = office.draft(
        [row(1, fields={"Room": "7"}), row(2, fields={"Room": "8"})],
        key=key,
        columns={"Remark": None, "Room": "fields.Room"},
    )
    assert checks(office, again) == {1: "same", 2: "changed"}


def test_a_draft_tells_which_of_its_rows_would_put_older_values_back(office: Office) -> None:
    office.sent(3)
    old = office.draft([row(1, title="Ballet"), row(2, title="Ballet"), row(3, title="newer")])
    assert (office.counts(old)["changed"], office.marked(old, "newer")) == (3, 0)
    office.stepped.clock.time += 60
    office.sent([row(1, title="Tosca"), row(2, title="Ballet")])
    office.check_drafts()
    assert checks(office, old) == {1: "changed", 2: "same", 3: "changed"}
    assert office.batches.row(old, 1)["data"]["newer"] == "2027-01-15T08:01:00.000Z"
    assert "newer" not in office.batches.row(old, 3)["data"]
    assert office.marked(old, "newer") == 1


def test_a_draft_tells_which_of_its_rows_failed_before(office: Office) -> None:
    first = office.started(3)
    office.end(REFUSED)
    office.end(REFUSED)
    office.finish()
    again = office.draft(3)
    assert (office.counts(again)["same"], office.marked(again, "failed")) == (3, 2)
    office.stepped.change(change, 1, SEEN)
    assert office.marked(again, "failed") == 1
    office.batches.act("retry", first).result(0)
    office.finish()
    assert office.marked(again, "failed") == 0


def test_a_draft_tells_which_of_its_rows_would_undo_a_correction(office: Office) -> None:
    typed(office, 1, "Ada", "ada@example.com")
    old = office.draft([row(1, recipient={"name": "Ada", "email": "ada@example.net"})])
    office.stepped.clock.time += 60
    right = ItemCorrection(
        item_for(1, "Ada", "ada@example.org"), "Ada <ada@example.org>", send=False
    )
    office.stepped.do(lambda group: correct(group, prepare_correction(right, group.registry)))
    office.batches.check_again(old).result(0)
    office.check_drafts()
    assert (checks(office, old), office.marked(old, "newer")) == ({1: "changed"}, 1)


def typed(office: Office, number: int, name: str, email: str) -> None:
    office.stepped.submit(ItemSubmission([item_for(number, name, email)]))


def item_for(number: int, name: str, email: str, delay: float = 3600) -> NewItemRow:
    body = {"title": "Opera", "recipient": {"name": name, "email": email}}
    return NewItemRow(
        number, body, [NewTask("mail", to=f"{name} <{email}>", options=TaskOptions(delay=delay))]
    )


def test_a_row_never_corrects_the_item_of_another_person(office: Office) -> None:
    typed(office, 1, "Bert", "bert@example.org")
    typed(office, 2, "Ada", "ada@old.example")
    draft = office.draft()
    ada = {"name": "Ada", "email": "ada@example.org"}
    office.put(draft, [row(1, recipient=ada), row(2, recipient=ada)])
    assert checks(office, draft) == {1: "problem", 2: "changed"}
    told = office.batches.row(draft, 1)
    assert told["problem"] == RowProblem.OTHER_PERSON
    assert told["data"] == {"batch_id": None, "item_id": 1, "text": "Bert <bert@example.org>"}
    office.start(draft)
    kept = read_item(office.stepped.connection, 1)
    assert kept["recipient"] == {"name": "Bert", "email": "bert@example.org"}
    again = office.draft([row(1, title="Ballet")])
    assert checks(office, again) == {1: "problem"}


def test_another_letter_is_sent_after_the_first_one_has_left(office: Office) -> None:
    office.start(first := office.draft(1, template="renewal"))
    second = office.draft(1, template="invitation")
    assert checks(office, second) == {1: "changed"}
    changes = office.batches.row(second, 1)["data"]["changes"]
    assert changes == [{"field": "template", "before": "renewal", "after": "invitation"}]
    office.start(second)
    assert (office.told(first), office.told(second)) == ({1: "open"}, {1: "open"})
    assert len(office.stepped.states()) == 1
    office.finish()
    assert (office.told(first), office.told(second)) == ({1: "sent"}, {1: "sent"})
    assert checks(office, office.draft(1, template="renewal")) == {1: "same"}


def test_changed_rows_stay_when_a_person_says_so(office: Office) -> None:
    office.sent(1)
    again = office.draft([row(1, title="Ballet"), row(2)])
    office.start(again, send_changed=False)
    office.finish()
    assert office.told(again) == {1: "left_out", 2: "sent"}
    assert read_item(office.stepped.connection, 1)["title"] == "Opera"


def test_cancelled_rows_drafts_problems_and_undone_batches_do_not_count(office: Office) -> None:
    key = ["email", "title"]
    first = office.draft(
        [row(1, item=None), row(2, item=None, problem=RowProblem.BAD_TIME)], key=key
    )
    office.draft(1, key=key)
    office.start(first, undo_for=5)
    office.batches.act("cancel", first).result(0)
    undone = office.draft([row(3, item=None)], key=key)
    office.start(undone, undo_for=5)
    office.batches.delete(undone).result(0)
    again = office.draft([row(n, item=None) for n in (1, 2, 3)], key=key)
    assert checks(office, again) == dict.fromkeys((1, 2, 3), "ready")


def test_by_number_a_row_cancelled_before_it_left_is_sent(office: Office) -> None:
    first = office.started(2)
    office.end(REFUSED)
    office.end(Later("451", "", after=600))
    assert office.counts(first)["open"] == 1
    office.batches.act("retry", first).result(0)
    office.batches.act("cancel", first).result(0)
    assert office.end(Cancelled()) == 1
    assert office.told(first) == {1: "cancelled", 2: "cancelled"}
    again = office.draft(2)
    assert checks(office, again) == {1: "ready", 2: "ready"}
    office.send(again)
    assert office.told(again) == {1: "sent", 2: "sent"}
    assert checks(office, office.draft(2)) == {1: "same", 2: "same"}


def test_a_row_whose_task_is_cancelled_leaves_with_the_next_draft(office: Office) -> None:
    office.started(1)
    office.end(Later("451", "", after=600))
    draft = office.draft(1)
    assert checks(office, draft) == {1: "same"}
    office.stepped.change(cancel, 1)
    office.check_drafts()
    assert checks(office, draft) == {1: "ready"}


@pytest.mark.parametrize("key", [["number"], ["email", "title"]])
def test_what_practice_kept_is_sent_once_it_can_leave(office: Office, key: list[str]) -> None:
    first = office.started(1, key=key)
    office.finish(Succeeded("null", kept=True))
    assert office.told(first) == {1: "kept"}
    assert checks(office, office.draft(1, key=key)) == {1: "same"}
    office.practise(False)
    again = office.draft(1, key=key)
    assert checks(office, again) == {1: "ready"}
    office.send(again)
    assert office.told(again) == {1: "sent"}
    with refused(Refusal.REPEATED):
        office.stepped.change(retry, 1)
    assert checks(office, office.draft(1, key=key)) == {1: "same"}


def test_another_template_or_key_is_another_thing(office: Office) -> None:
    key = ["email", "title"]
    office.sent([row(1, item=None)], key=key)
    for settings in ({"key": key, "template": "other"}, {"key": ["number"]}):
        other = office.draft([row(1, item=50)], **settings)
        assert checks(office, other) == {1: "ready"}


def by_hand(office: Office, **body: Any) -> None:
    given = {"title": "Opera", "recipient": {"name": "P1", "email": "p1@example.org"}, **body}
    office.stepped.submit(ItemSubmission([NewItemRow(1, given, [NewTask("mail")])]))


def test_by_number_an_item_typed_by_hand_counts_too(office: Office) -> None:
    by_hand(office)
    office.finish()
    number = office.draft(1)
    assert checks(office, number) == {1: "same"}
    assert office.batches.row(number, 1)["data"] == {"batch_id": None, "item_id": 1}
    office.put(number, [row(1, title="Ballet")])
    assert checks(office, number) == {1: "changed"}
    office.send(number)
    assert office.counts(number)["sent"] == 1


BY_TITLE = ["email", "title"]


def shown(number: int, fee: str, plain_fee: str, **body: Any) -> CheckedRow:
    """Return a row whose sheet shows a fee and a month with number formats."""
    made = row(number, item=None, title="March 2026", fields={"Fee": fee, **body})
    return replace(made, plain={"title": "2026-03-01", "fields.Fee": plain_fee})


def test_a_number_format_makes_no_row_another_one(office: Office) -> None:
    """Rows that older versions stored have the plain values."""
    first = office.draft(key=BY_TITLE)
    plainly: dict[str, Any] = {"title": "2026-03-01", "fields": {"Fee": "12.5", "Seat": "A"}}
    office.put(first, [row(n, item=None, **plainly) for n in (1, 2, 3)])
    office.send(first)
    again = office.draft(key=BY_TITLE)
    rows = [
        shown(1, "12.50 €", "12.5", Seat="A"),
        shown(2, "12.75 €", "12.75", Seat="A"),
        shown(3, "12.50 €", "12.5", Seat="B"),
    ]
    office.put(again, rows)
    assert checks(office, again) == {1: "same", 2: "changed", 3: "changed"}
    fields = [[e["field"] for e in office.batches.row(again, n)["data"]["changes"]] for n in (2, 3)]
    assert fields == [["fields.Fee"], ["fields.Seat"]]
    office.send(again)
    assert read_item(office.stepped.connection, 3)["fields"] == {"Fee": "12.50 €", "Seat": "B"}
    assert "plain" not in office.batches.row(again, 3)["item"]
    # What was stored as shown is the same, too: with the format, with another one, and plainly.
    third = office.draft(key=BY_TITLE)
    rows = [shown(1, "12.50 €", "12.5", Seat="A"), shown(2, "EUR 12.75", "12.75", Seat="A")]
    office.put(third, [*rows, row(3, item=None, **plainly)])
    assert checks(office, third) == {1: "same", 2: "same", 3: "changed"}
    assert [e["field"] for e in office.batches.row(third, 3)["data"]["changes"]] == ["fields.Seat"]


def test_a_corrected_value_counts_whatever_was_shown_before(office: Office) -> None:
    office.sent([shown(1, "12.50 €", "12.5")], key=BY_TITLE)
    again = office.draft([shown(1, "12.50 €", "12.5")], key=BY_TITLE)
    revision = office.batches.revision(again)
    typed = replace(shown(1, "99 €", "12.5"), plain={})
    office.batches.correct_row(again, typed, revision).result(0)
    assert checks(office, again) == {1: "changed"}
    office.batches.check_again(again).result(0)
    revision, stored = office.batches.unchecked(again, 9, 0)
    (once_more,) = stored
    assert once_more.plain == {"title": "2026-03-01"}


def family(*names: str, title: str = "") -> list[CheckedRow]:
    people = [{"name": name, "email": "berg@example.org"} for name in names]
    return [row(n, item=None, title=title, recipient=who) for n, who in enumerate(people, 1)]


def test_people_who_share_an_address_are_told_apart_by_their_names_if_asked(
    office: Office,
) -> None:
    by_address = office.draft(family("Anna Berg", "Otto Berg"), key=[*BY_ADDRESS])
    assert checks(office, by_address) == {1: "ready", 2: "problem"}
    twice = office.draft(family("Anna Berg", "A. Berg"), key=[*BY_ADDRESS])
    assert checks(office, twice) == {1: "ready", 2: "twice"}
    office.put(by_address, [replace(family("Anna Berg")[0], item={"title": "Ballet"})])
    assert checks(office, by_address)[2] == "ready"
    number = office.draft(family("Anna Berg", "Otto Berg", "otto  BERG"), key=[*BY_NAME])
    assert checks(office, number) == {1: "ready", 2: "ready", 3: "twice"}
    office.send(number)
    assert office.told(number) == {1: "sent", 2: "sent", 3: "left_out"}
    again = office.draft(family("Anna Berg", "Otto Berg", "Paul Berg"), key=[*BY_NAME])
    assert checks(office, again) == {1: "same", 2: "same", 3: "ready"}


@pytest.mark.parametrize(("one", "other"), [(BY_ADDRESS, BY_NAME), (BY_NAME, BY_ADDRESS)])
def test_nobody_is_sent_to_twice_because_names_count_once_and_once_not(
    office: Office, one: list[str], other: list[str]
) -> None:
    office.sent(family("Anna Berg"), key=[*one])
    number = office.draft(family("Anna Berg"), key=[*other])
    assert checks(office, number) == {1: "same"}
    office.send(number)
    assert office.told(number) == {1: "left_out"}


WRONG = {"name": "P1", "email": "p1@example.org"}
RIGHT = {"name": "P1", "email": "p1@new.example"}
KEPT = {"field": "recipient.email", "before": WRONG["email"], "after": RIGHT["email"]}


def correct_by_hand(office: Office, **body: Any) -> None:
    """Correct the first item, and send it again; it was sent with the address that is wrong."""
    office.stepped.clock.time += 60
    said = {"title": "Opera", "recipient": RIGHT, **body}
    to = f"{said['recipient']['name']} <{said['recipient']['email']}>"
    right = ItemCorrection(NewItemRow(1, said, [NewTask("mail", to=to)]), to, send=True)
    office.stepped.do(lambda group: correct(group, prepare_correction(right, group.registry)))
    office.finish()


def again(office: Office, *, key: list[str] | None = None, **body: Any) -> int:
    """Bring the row once more, saying this."""
    return office.draft([row(1, **body)], key=key or ["number"])


def about(office: Office, number: int) -> CheckData:
    return office.batches.row(number, 1)["data"]


@pytest.mark.parametrize("key", [["number"], ["email", "title"]])
def test_a_changed_row_keeps_what_was_corrected_where_it_says_the_same(
    office: Office, key: list[str]
) -> None:
    office.start(again(office, key=key))
    office.finish(REFUSED)
    correct_by_hand(office)
    changed = again(office, key=key, fields={"seat": "7"})
    assert checks(office, changed) == {1: "changed"}
    told = about(office, changed)
    assert told["kept"] == [KEPT]
    assert told["changes"] == [{"field": "fields.seat", "before": None, "after": "7"}]
    assert "newer" not in told
    assert office.marked(changed, "newer") == 0
    office.send(changed)
    item = read_item(office.stepped.connection, 1)
    assert (item["recipient"], item["fields"]) == (RIGHT, {"seat": "7"})
    assert office.batches.row(changed, 1)["to"] == "P1 <p1@new.example>"
    same = again(office, key=key, fields={"seat": "7"})
    assert checks(office, same) == {1: "same"}
    assert about(office, same)["kept"] == [KEPT]


def test_rows_from_before_go_out_again_as_their_items_are_now(office: Office) -> None:
    office.sent(2)
    correct_by_hand(office)
    same = office.draft(2)
    assert checks(office, same) == {1: "same", 2: "same"}
    assert (about(office, same)["kept"], "kept" in office.batches.row(same, 2)["data"]) == (
        [KEPT],
        False,
    )
    office.start(same, send_same=True)
    office.finish()
    sent = {each["row"]: each["to"] for each in office.rows(same)}
    assert sent == {1: "P1 <p1@new.example>", 2: "P2 <p2@example.org>"}
    assert read_item(office.stepped.connection, 1)["recipient"] == RIGHT


def test_where_both_have_changed_a_value_that_of_the_spreadsheet_is_taken_and_told(
    office: Office,
) -> None:
    office.sent(1)
    correct_by_hand(office, title="Tosca")
    third = {"name": "P1", "email": "p1@third.example"}
    both = again(office, recipient=third)
    told = about(office, both)
    assert told["changes"] == [
        {"field": "email", "before": "p1@new.example", "after": "p1@third.example"}
    ]
    assert [each["field"] for each in told["replaced"]] == ["recipient.email"]
    assert told["kept"] == [{"field": "title", "before": "Opera", "after": "Tosca"}]
    assert told["newer"] == "2027-01-15T08:01:00.000Z"
    assert office.marked(both, "newer") == 1
    office.send(both)
    item = read_item(office.stepped.connection, 1)
    assert (item["title"], item["recipient"]) == ("Tosca", third)


def test_a_spreadsheet_that_has_the_correction_by_now_is_the_same(office: Office) -> None:
    office.sent(1)
    correct_by_hand(office)
    caught_up = again(office, recipient=RIGHT)
    assert checks(office, caught_up) == {1: "same"}
    assert "kept" not in about(office, caught_up)


def test_by_address_a_row_is_known_by_the_address_its_item_was_corrected_to(
    office: Office,
) -> None:
    key = ["email", "title"]
    office.start(again(office, key=key))
    office.finish(REFUSED)
    correct_by_hand(office)
    caught_up = again(office, key=key, recipient=RIGHT)
    assert checks(office, caught_up) == {1: "same"}
    assert about(office, caught_up) == {"batch_id": 1, "row": 1, "item_id": 1}
    changed = again(office, key=key, recipient=RIGHT, fields={"seat": "7"})
    assert checks(office, changed) == {1: "changed"}
    office.send(changed)
    assert read_item(office.stepped.connection, 1)["fields"] == {"seat": "7"}
    assert office.batches.row(changed, 1)["item_id"] == 1
    for recipient in ({**RIGHT, "name": "P1 One"}, {**RIGHT, "email": "P1@New.Example"}):
        renamed = again(office, key=key, recipient=recipient)
        assert checks(office, renamed) == {1: "changed"}
        assert about(office, renamed)["item_id"] == 1
    other = office.draft(
        [row(1, recipient=RIGHT), row(2, recipient=RIGHT, title="Ballet")],
        key=key,
        template="renewal",
    )
    assert checks(office, other) == {1: "ready", 2: "ready"}


def test_what_another_letter_said_is_no_correction(office: Office) -> None:
    office.sent(1, template="renewal")
    office.start(other := again(office, title="Gala"))
    office.finish()
    assert office.told(other) == {1: "sent"}
    changed = office.draft([row(1, fields={"seat": "7"})], template="renewal")
    assert "kept" not in about(office, changed)
    correct_by_hand(office, title="Gala")
    office.batches.check_again(changed).result()
    office.check_drafts()
    assert about(office, changed)["kept"] == [KEPT]
    office.send(changed)
    item = read_item(office.stepped.connection, 1)
    assert (item["title"], item["recipient"]) == ("Opera", RIGHT)


def test_an_item_typed_by_hand_keeps_its_correction(office: Office) -> None:
    by_hand(office)
    office.finish()
    correct_by_hand(office)
    changed = again(office, title="Ballet")
    told = about(office, changed)
    assert (told["kept"], "newer" in told) == ([KEPT], False)
    assert told["changes"] == [{"field": "title", "before": "Opera", "after": "Ballet"}]
    other = {"name": "Ada", "email": "ada@example.org"}
    correct_by_hand(office, recipient=other)
    assert checks(office, again(office, title="Ballet")) == {1: "changed"}


def test_a_correction_made_after_the_check_leaves_too(office: Office) -> None:
    office.sent(1)
    changed = again(office, title="Ballet")
    assert "kept" not in about(office, changed)
    correct_by_hand(office)
    office.send(changed)
    assert office.batches.row(changed, 1)["to"] == "P1 <p1@new.example>"
    assert about(office, changed)["kept"] == [KEPT]


def type_in(office: Office, number: int, email: str, **body: Any) -> None:
    """Type an address in the first row of a draft."""
    said = row(1, recipient={**WRONG, "email": email}, **body)
    revision = office.batches.revision(number)
    office.batches.correct_row(number, said, revision, ["recipient.email"]).result(0)
    office.check()


@pytest.mark.parametrize("key", [["number"], ["email", "title"]])
@pytest.mark.parametrize("before", [[], ["p1@third.example"]])
def test_the_address_of_the_spreadsheet_that_is_typed_back_is_the_one_that_leaves(
    office: Office, key: list[str], before: list[str]
) -> None:
    office.start(again(office, key=key))
    office.finish()
    correct_by_hand(office)
    back = again(office, key=key)
    for email in before:
        type_in(office, back, email)
    type_in(office, back, WRONG["email"])
    assert checks(office, back) == {1: "changed"}
    told = about(office, back)
    assert ("kept" in told, told["replaced"]) == (False, [KEPT])
    assert office.marked(back, "newer") == 1
    type_in(office, back, WRONG["email"], fields={"seat": "7"})
    assert "kept" not in about(office, back)
    office.send(back)
    assert read_item(office.stepped.connection, 1)["recipient"] == WRONG
    assert office.batches.row(back, 1)["to"] == "P1 <p1@example.org>"


def test_an_address_typed_back_in_an_earlier_batch_takes_no_later_correction_back(
    office: Office,
) -> None:
    office.sent(1)
    correct_by_hand(office)
    back = again(office)
    type_in(office, back, WRONG["email"])
    office.send(back)
    correct_by_hand(office)
    number = office.draft()
    (said,) = [row(1)]
    known = office.batches.corrections(number, [said]).corrections
    office.put(number, [replace(said, corrections=known.get(1, []))])
    assert checks(office, number) == {1: "same"}
    assert about(office, number)["kept"] == [KEPT]


def fee(number: int, text: str, plain: str | None) -> CheckedRow:
    made = row(number, item=None, title="Opera", fields={"Fee": text})
    return made if plain is None else replace(made, plain={"fields.Fee": plain})


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (("12.50 €", "12.5"), ("12,50 €", "12.5")),  # another language
        (("$12.50", "12.5"), ("12.5", "12.5")),  # another format
        (("03/04/2031", "2031-03-04"), ("4. März", "2031-03-04")),
        (("TRUE", "TRUE"), ("WAHR", "TRUE")),
        (("1.234", "1234"), ("1.234", "1.234")),  # a text, read in another language
        (("12,50 €", "12.5"), ("12,50 €", None)),  # one that the other language does not read
        (("03/04/2031", "2031-03-04"), ("03/04/2031", "2031-04-03")),
        (("12,50 €", "12,5"), ("12.50 €", "12.5")),  # as an older version stored it
        (("12,50 €", "12.5"), ("12.5", "12.5")),  # a text file, then a workbook
    ],
)
def test_neither_a_format_nor_a_language_changes_anybody(
    office: Office, before: tuple[str, str | None], now: tuple[str, str | None]
) -> None:
    office.sent([fee(1, *before)], key=BY_TITLE)
    assert checks(office, office.draft([fee(1, *now)], key=BY_TITLE)) == {1: "same"}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (("12.50 €", "12.5"), ("12.60 €", "12.6")),
        (("12.50 €", "12.499"), ("12.50 €", "12.501")),
        (("5,12", "5.12"), ("12,5", "12.5")),
        (("WAHR", "TRUE"), ("FALSCH", "FALSE")),
        (("1.234", "1.234"), ("1234", "1234")),
    ],
)
def test_another_value_is_changed(
    office: Office, before: tuple[str, str | None], now: tuple[str, str | None]
) -> None:
    office.sent([fee(1, *before)], key=BY_TITLE)
    assert checks(office, office.draft([fee(1, *now)], key=BY_TITLE)) == {1: "changed"}


def test_a_changed_row_of_which_practice_kept_the_e_mail_is_ready(office: Office) -> None:
    office.practise(True)
    office.started(2)
    office.finish(Succeeded("null", kept=True))
    office.practise(False)
    again = office.draft([row(1, title="Ballet"), row(2)])
    office.check_drafts()
    assert office.counts(again) == {"rows": 2, "ready": 2}  # neither has been told anything
    office.batches.start(again, StartOptions()).result(0)
    office.finish()
    assert read_item(office.stepped.connection, 1)["title"] == "Ballet"
    assert office.counts(again)["sent"] == 2
