"""Rows of drafts: put in, replaced, judged beside each other."""

from __future__ import annotations

import pytest

from desktop.contract.batches import RowCheck, RowProblem
from desktop.items.batches import drafting
from tests.items.batches.office import Office, row

NO_KEY = RowProblem.NO_KEY


def test_the_same_row_again_replaces_it(office: Office) -> None:
    number = office.draft(2)
    office.put(number, [row(2, problem=NO_KEY), row(3)])
    assert office.counts(number) == {"rows": 3, "ready": 2, "problems": 1}
    (bad,) = office.rows(number, checks=[RowCheck.PROBLEM])
    assert (bad["row"], bad["problem"]) == (2, "no_key")
    office.put(number, [row(2)])
    assert office.counts(number) == {"rows": 3, "ready": 3}


def test_a_key_that_stands_earlier_is_twice_and_moves_up_when_that_goes(office: Office) -> None:
    number = office.draft(1)
    office.put(number, [row(5, item=9), row(7, item=9), row(6, item=9)])
    checks = {each["row"]: (each["check"], each["data"]) for each in office.rows(number)}
    assert checks == {
        1: ("ready", {}),
        5: ("ready", {}),
        6: ("twice", {"row": 5, "key": ["number"]}),
        7: ("twice", {"row": 5, "key": ["number"]}),
    }
    office.put(number, [row(5, item=10)])
    assert office.counts(number) == {"rows": 4, "ready": 3, "twice": 1}
    assert office.batches.row(number, 7)["data"] == {"row": 6, "key": ["number"]}
    office.put(number, [row(6, item=9, problem=NO_KEY)])
    assert office.batches.row(number, 7)["check"] == "ready"


def test_with_the_address_as_key_its_case_does_not_matter(office: Office) -> None:
    number = office.draft(key=["email", "title"])
    office.put(
        number,
        [
            row(1, item=None, recipient={"email": "Ada@Example.org"}),
            row(2, item=None, recipient={"email": "ada@example.org"}),
            row(3, item=None, recipient={"email": "ada@example.org"}, title="Ballet"),
        ],
    )
    assert [each["check"] for each in office.rows(number)] == ["ready", "twice", "ready"]


def test_ten_thousand_rows_come_in_steps(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "STEP", 4)
    number = office.draft(11)
    assert office.counts(number) == {"rows": 11, "ready": 11}
    assert [each["row"] for each in office.rows(number)] == [*range(1, 12)]
