"""People who share an address are told apart by their names if the person says so."""

from __future__ import annotations

import pytest

from desktop.contract.batches import BY_ADDRESS, BY_NAME
from desktop.items.batches.rows import CheckedRow
from tests.items.batches.office import Office, row
from tests.items.batches.test_comparing import checks


def family(*names: str, title: str = "") -> list[CheckedRow]:
    people = [{"name": name, "email": "berg@example.org"} for name in names]
    return [row(n, item=None, title=title, recipient=who) for n, who in enumerate(people, 1)]


def test_people_who_share_an_address_are_told_apart_by_their_names_if_asked(
    office: Office,
) -> None:
    by_address = office.draft(0, key=[*BY_ADDRESS])
    office.put(by_address, family("Anna Berg", "Otto Berg"))
    assert checks(office, by_address) == {1: "ready", 2: "twice"}
    number = office.draft(0, key=[*BY_NAME])
    office.put(number, family("Anna Berg", "Otto Berg", "otto  BERG"))
    assert checks(office, number) == {1: "ready", 2: "ready", 3: "twice"}
    office.start(number)
    office.finish()
    assert office.told(number) == {1: "sent", 2: "sent", 3: "left_out"}
    again = office.draft(0, key=[*BY_NAME])
    office.put(again, family("Anna Berg", "Otto Berg", "Paul Berg"))
    assert checks(office, again) == {1: "same", 2: "same", 3: "ready"}


@pytest.mark.parametrize(("one", "other"), [(BY_ADDRESS, BY_NAME), (BY_NAME, BY_ADDRESS)])
def test_nobody_is_sent_to_twice_because_names_count_once_and_once_not(
    office: Office, one: list[str], other: list[str]
) -> None:
    first = office.draft(0, key=[*one])
    office.put(first, family("Anna Berg"))
    office.start(first)
    office.finish()
    number = office.draft(0, key=[*other])
    office.put(number, family("Anna Berg"))
    assert checks(office, number) == {1: "same"}
    office.start(number)
    office.finish()
    assert office.told(number) == {1: "left_out"}
