"""When two rows are about the same thing, and when they say the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.batches import BY_ADDRESS, BY_NUMBER, RowProblem
from desktop.contract.rules.templates import DEFAULT
from desktop.items.batches.identity import (
    changes_between,
    content_of,
    identity_of,
    is_another_person,
)
from desktop.items.reads.items import read_item
from tests.items.batches.office import Office, row

ADA = {"title": "Opera", "recipient": {"name": "Ada", "email": "ada@example.org"}}

texts = st.sampled_from(["", "a", "A", "1"])
bodies = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "recipient": st.fixed_dictionaries({"email": texts}, optional={"name": texts}),
        "fields": st.dictionaries(texts, texts | st.integers(), max_size=3),
        "attachments": st.lists(texts, min_size=1, max_size=2),
        "template": texts,
        "delay": st.integers(),
    },
)


def test_an_empty_key_recognizes_nothing() -> None:
    assert identity_of(BY_NUMBER, None, ADA) is None
    assert identity_of(BY_ADDRESS, None, {"title": "Opera", "item_id": 7}) is None


def test_rows_without_a_title_are_recognized_by_their_address() -> None:
    untitled = {"recipient": ADA["recipient"]}
    alone = identity_of(BY_ADDRESS, None, untitled)
    assert alone is not None
    assert alone == identity_of(BY_ADDRESS, None, {**ADA, "title": " "})
    assert alone != identity_of(BY_ADDRESS, None, ADA)


def test_template_and_kind_of_key_belong_to_it() -> None:
    several = {
        identity_of(key, template, {**ADA, "item_id": 7})
        for key in (BY_NUMBER, BY_ADDRESS)
        for template in (None, "other")
    }
    assert len(several) == 4
    assert (
        identity_of(BY_NUMBER, DEFAULT, {**ADA, "item_id": 7}) in several
    )  # as without a template


def test_only_what_the_reader_gets_is_content() -> None:
    assert content_of(ADA) == content_of({**ADA, "tasks": ["mail"], "priority": 3})
    assert content_of(ADA) != content_of({**ADA, "fields": {"seat": "A1"}})
    assert content_of(ADA) != content_of({**ADA, "attachments": ["plan.pdf"]})


@given(bodies, bodies)
def test_rows_that_say_the_same_differ_in_nothing(one: Any, other: Any) -> None:
    if content_of(one) == content_of(other):
        assert changes_between(one, other) == []
    assert changes_between(one, one) == []


def test_changes_name_what_was_and_what_is() -> None:
    after = {"title": "Ballet", "recipient": {"email": "ada@example.org"}, "fields": {"seat": 2}}
    assert changes_between(ADA, after) == [
        {"field": "title", "before": "Opera", "after": "Ballet"},
        {"field": "fields.seat", "before": None, "after": 2},
        {"field": "name", "before": "Ada", "after": None},
    ]


def named(name: str, email: str = "family@example.org") -> dict[str, Any]:
    return {"recipient": {"name": name, "email": email}}


@pytest.mark.parametrize(
    ("key", "item", "now", "check"),
    [
        (BY_ADDRESS, None, named("Ada Byron"), "problem"),
        (BY_ADDRESS, None, named("Ada"), "problem"),
        (BY_ADDRESS, None, named("Ebert, Olga M."), "changed"),
        (BY_ADDRESS, None, named("O. Ebert"), "changed"),
        (BY_ADDRESS, None, named(""), "changed"),
        (BY_NUMBER, 7, named("Ada", "ada@example.org"), "problem"),
        (BY_NUMBER, 7, named("Olga Meier"), "changed"),
        (BY_NUMBER, 7, named("Olga Ebert", "olga@example.org"), "changed"),
    ],
)
def test_an_item_is_not_overwritten_with_the_row_of_another_person(
    office: Office, key: list[str], item: int | None, now: dict[str, Any], check: str
) -> None:
    first = office.draft([row(1, item=item, **named("Olga Ebert"))], key=key)
    office.start(first)
    other = office.draft([row(1, item=item, **now)], key=key)
    (told,) = office.rows(other)
    assert told["check"] == check
    if check == "problem":
        assert told["problem"] == RowProblem.OTHER_PERSON
        assert told["data"]["text"] == "Olga Ebert <family@example.org>"
        assert told["path"] == ("item_id" if item else "recipient.email"), "it can be typed there"
    office.finish()
    later = office.draft([row(1, item=item, **now)], key=key)
    assert office.rows(later)[0]["check"] == check
    office.send(other)
    kept = read_item(office.stepped.connection, item or 1)["recipient"]
    assert kept == (named("Olga Ebert") if check == "problem" else now)["recipient"]


def test_without_names_only_the_address_tells_that_it_is_the_same_person() -> None:
    ada, zoe = ({"recipient": {"name": "", "email": f"{each}@x.org"}} for each in ("ada", "zoe"))
    assert is_another_person(ada, zoe)
    assert not is_another_person(ada, ada)
