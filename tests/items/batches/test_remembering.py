"""What was typed into one person's row is never found again in another person's."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop.contract.batches import RowProblem
from desktop.contract.rules.corrections import with_corrections
from desktop.items.batches.identity import is_well_known
from desktop.items.batches.rows import CheckedRow
from tests.engine.stepped import Stepped, registry
from tests.items.batches.office import Office, mail, row
from tests.property_based import examples

NOTHING = ("no address", "-", "")


class Member(NamedTuple):
    """A person in a spreadsheet; nothing but ``who`` says for certain who it is."""

    who: str
    email: str
    due: int

    @property
    def item(self) -> dict[str, Any]:
        """What the spreadsheet says of the person; those with the same letter have one name."""
        name = "" if self.who[0] == "n" else self.who[0]
        return {
            "title": "",
            "recipient": {"name": name, "email": self.email},
            "fields": {"due": self.due, **({} if name else {"number": self.who})},
        }


def members(who: str) -> st.SearchStrategy[list[Member]]:
    """Give the rows of some people; those of one name are in the spreadsheet together."""
    emails = [*NOTHING, f"{who}@example.org"]
    if who[0] != "n":
        emails.append("family@example.org")
    one = st.builds(Member, st.just(who), st.sampled_from(emails), st.sampled_from([1, 2]))
    if who != "p":
        return one.map(lambda member: [member])
    return st.tuples(one, st.builds(Member, st.just("p2"), st.just("-"), st.just(1))).map(list)


sheets: st.SearchStrategy[list[Member]] = st.lists(
    st.sampled_from(["ada", "bert", "n1", "n2", "p"]), unique=True
).flatmap(lambda people: st.tuples(*map(members, people)).map(lambda rows: [*chain(*rows)]))


NAMESAKES = [Member("p", "-", 1), Member("p2", "-", 1)]


class Desk:
    """Reads spreadsheets into drafts, a few rows at a time, as the backend does."""

    def __init__(self, folder: str, key: list[str]) -> None:
        self.office = Office(Stepped(Path(folder) / "store.db", registry(mail)))
        self._key = key

    def draft(self) -> int:
        return self.office.draft(0, key=self._key)

    def read(self, number: int, sheet: list[Member], at_once: int) -> None:
        batches = self.office.batches
        for begun in range(0, len(sheet), at_once):
            some = [
                checked(place + 1, member.item)
                for place, member in enumerate(sheet[begun : begun + at_once], begun)
            ]
            found = batches.corrections(number, some)
            known = found.corrections
            put = [
                checked(e.row, with_corrections(e.item, known.get(e.row, [])), known.get(e.row, []))
                for e in some
            ]
            put += [checked(e.row, dict(e.item)) for e in found.as_read]
            self.office.put(number, put)

    def correct(self, number: int, sheet: list[Member], places: set[int]) -> None:
        """Type each person's own address into some rows of a draft."""
        for place, member in enumerate(sheet, 1):
            if place in places:
                right = {**member.item["recipient"], "email": f"{member.who}@right.example"}
                fixed = checked(place, {**member.item, "recipient": right})
                revision = self.office.batches.revision(number)
                self.office.batches.correct_row(number, fixed, revision).result(0)

    def check(self, number: int, sheet: list[Member]) -> None:
        for place, member in enumerate(sheet, 1):
            email = self.office.batches.row(number, place)["item"]["recipient"]["email"]
            assert email in {member.email, f"{member.who}@right.example"}


def checked(place: int, item: dict[str, Any], corrections: Any = ()) -> CheckedRow:
    email = item["recipient"]["email"]
    problem = None if "@" in email else RowProblem.BAD_ADDRESS
    return replace(row(place, item=None, problem=problem, **item), corrections=corrections)


@settings(max_examples=examples(40), deadline=None)
@given(
    st.sampled_from([["email", "title"], ["number"]]),
    sheets,
    st.sets(st.integers(1, 6)),
    sheets,
    sheets,
    st.integers(1, 6),
)
@example(["email", "title"], [Member("ada", "-", 1)], {1}, [], [Member("bert", "-", 1)], 1)
@example(["number"], NAMESAKES, {1}, NAMESAKES, NAMESAKES, 1)
@example(["number"], NAMESAKES, {1}, [], NAMESAKES, 2)
@example(["number"], [Member("n1", "-", 1)], {1}, [Member("n2", "-", 1)], [], 1)
def test_what_was_typed_for_one_person_never_reaches_another(
    key: list[str],
    first: list[Member],
    places: set[int],
    again: list[Member],
    later: list[Member],
    at_once: int,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder, key)
        draft = desk.draft()
        desk.read(draft, first, at_once)
        desk.correct(draft, first, places)
        desk.read(draft, again, at_once)  # the same file, edited
        desk.check(draft, again)
        desk.office.start(draft)  # with the rows that are gone from the file
        desk.office.finish()
        desk.read(other := desk.draft(), later, at_once)
        desk.check(other, later)
        desk.office.stepped.close()


@pytest.mark.parametrize("key", [["email", "title"], ["number"]])
def test_the_same_person_has_it_again(tmp_path: Path, key: list[str]) -> None:
    desk = Desk(str(tmp_path), key)
    sheet = [Member("ada", "no address", 1), Member("bert", "bert@old.example", 2)]
    desk.read(draft := desk.draft(), sheet, 2)
    desk.correct(draft, sheet, {1, 2})
    desk.office.send(draft)
    desk.read(again := desk.draft(), [*reversed(sheet)], 2)
    emails = [each["item"]["recipient"]["email"] for each in desk.office.rows(again)]
    assert emails == ["bert@right.example", "ada@right.example"]
    desk.office.stepped.close()


def test_only_a_name_with_an_address_that_mail_goes_to_is_well_known() -> None:
    known = [
        is_well_known(Member(who, email, 1).item)
        for who, email in (("ada", "ada@example.org"), ("ada", "-"), ("n1", "n1@example.org"))
    ]
    assert known == [True, False, False]
