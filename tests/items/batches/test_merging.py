"""What a person corrected in items, when their spreadsheet comes again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.contract.batches import CheckData
from desktop.engine.submission import NewTask
from desktop.items.accepting import ItemCorrection, NewItemRow
from desktop.items.correcting import correct, prepare_correction
from desktop.items.reads.items import read_item
from tests.items.batches.office import REFUSED, Office, row
from tests.items.batches.test_comparing import by_hand, checks

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
