"""Left-out people are counted once: by the last batch that has them."""

from __future__ import annotations

import pytest

from desktop.contract.batches import LaterRows
from desktop.engine.batches.rows import CheckedRow
from desktop.engine.store.reads.batches import left_out
from tests.engine.batches.office import Office
from tests.engine.batches.test_remembering import Member, checked

SHEET = [Member(who, email, 1) for who in ("hugo", "olga", "ben") for email in ("no address",)]
SHEET += [Member("zoe", "", 1), Member("ada", "ada@example.org", 1), Member("n1", "-", 1)]


def later(office: Office, number: int) -> tuple[LaterRows | None, list[int | None]]:
    rows = [each["data"].get("sent_later") for each in office.rows(number)]
    (listed,) = [e for e in office.batches.list()["batches"] if e["batch_id"] == number]
    told = office.batches.get(number)["left_out_later"]
    assert listed["left_out_later"] == told
    return told, rows


@pytest.mark.parametrize("key", [["email", "title"], ["number"]])
def test_who_was_corrected_and_sent_is_in_a_later_batch(office: Office, key: list[str]) -> None:
    first = office.draft(0, key=key)
    office.put(first, [checked(place, each.item) for place, each in enumerate(SHEET, 1)])
    office.start(first)
    office.finish()
    assert later(office, first) == (None, [None] * 6)
    left = [SHEET[place] for place in (0, 1, 2, 3, 5)]
    second = office.draft(0, key=key, continues=first)
    office.put(second, [checked(place, each.item) for place, each in enumerate(left, 1)])
    for place in (1, 4):
        item = left[place - 1].item
        right = {**item["recipient"], "email": f"{place}@right.example", "name": f"Dr {place}"}
        revision = office.batches.revision(second)
        fixed = checked(place, {**item, "recipient": right})
        office.batches.correct_row(second, fixed, revision).result(0)
    assert later(office, first)[0] is None
    before = office.batches.get(first)["rev"]
    office.start(second)
    assert office.batches.get(first)["rev"] > before
    once = LaterRows(count=5, first=second, last=second)
    assert later(office, first) == (once, [2, 2, 2, 2, None, 2])
    office.finish()
    assert later(office, first)[0] == once
    assert later(office, second) == (None, [None] * 5)
    third = office.draft(0, key=key)
    olga = {**SHEET[1].item["recipient"], "name": "Other"}
    office.put(third, [checked(1, {**SHEET[1].item, "recipient": olga})])
    office.start(third)
    assert later(office, first)[0] == once
    assert later(office, second)[0] is None


def test_who_was_sent_is_in_the_batch_that_sent_it_though_others_have_the_row(
    office: Office,
) -> None:
    rows = [checked(place, SHEET[place].item) for place in (1, 2)]

    def bring(*rows: CheckedRow, continues: int | None = None) -> int:
        number = office.draft(0, key=["email", "title"], continues=continues)
        office.put(number, [*rows])
        return number

    first = bring(*rows)
    office.start(first)
    office.finish()
    second = bring(*rows, continues=first)
    right = {**rows[0].item["recipient"], "email": "hugo@right.example"}
    fixed = checked(1, {**rows[0].item, "recipient": right})
    office.batches.correct_row(second, fixed, office.batches.revision(second)).result(0)
    office.start(second)
    office.finish()
    for _ in range(2):
        office.start(third := bring(*rows))
        office.finish()
    assert [each["check"] for each in office.rows(third)] == ["problem", "problem"]
    told = LaterRows(count=2, first=second, last=third)
    assert later(office, first) == (told, [second, third])
    assert [each["data"].get("left_later") for each in office.rows(first)] == [None, True]
    assert [office.batches.get(n)["left_out_again"] for n in (first, second)] == [1, 1]
    assert later(office, second) == (LaterRows(count=1, first=third, last=third), [None, third])
    assert later(office, third - 1)[1] == [third, third]


def test_a_batch_that_is_a_draft_again_has_them_no_more(office: Office) -> None:
    office.put(first := office.draft(), [checked(1, SHEET[0].item)])
    office.start(first)
    office.put(second := office.draft(), [checked(1, SHEET[0].item), checked(2, SHEET[4].item)])
    office.start(second, delay=60)
    assert later(office, first)[1] == [second]
    office.batches.delete(second).result(0)
    assert later(office, first) == (None, [None])


def test_the_rows_of_batches_with_few_are_looked_for_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One batch of a thousand bad addresses kept all others from being told."""
    monkeypatch.setattr(left_out, "LOOKED_THROUGH", 3)
    few, many = [checked(1, SHEET[0].item)], [checked(n, SHEET[0].item) for n in range(1, 4)]
    for rows in (few, few, many):
        office.put(number := office.draft(), rows)
        office.start(number)
    first, second, third = reversed(office.batches.list()["batches"])
    assert [e["left_out_later"] and e["left_out_later"]["last"] for e in (first, second)] == [3, 3]
    assert third["left_out_later"] is None
