"""A kind of item says what is asked and what the answers become."""

from __future__ import annotations

import pytest

from desktop.contract.tasks import ID_LIMIT
from desktop.gui.items.form.item_kind import item, new_item, number_problem


def test_answers_become_the_body_of_the_api() -> None:
    values = {
        "title": " Summer concert ",
        "recipient.name": "Ada",
        "recipient.email": "ada@example.org",
        "fields.note": "two lines\nof text",
    }
    assert new_item(values, ["send_confirmation_email"]) == {
        "title": "Summer concert",
        "recipient": {"name": "Ada", "email": "ada@example.org"},
        "fields": {"note": "two lines\nof text"},
        "tasks": ["send_confirmation_email"],
    }


def test_what_is_empty_is_not_sent() -> None:
    values = {"title": "  ", "recipient.name": "", "recipient.email": "ada@example.org"}
    assert new_item(values, []) == {"recipient": {"email": "ada@example.org"}, "tasks": []}


@pytest.mark.parametrize("text", ["", "  ", "1", " 1205 ", str(ID_LIMIT)])
def test_a_number_may_be_empty_or_any_id(text: str) -> None:
    assert number_problem(text) is None


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "12a", "²", "١", str(ID_LIMIT + 1), "9" * 5000])
def test_what_is_no_number_of_an_item_gets_a_sentence(text: str) -> None:
    problem = number_problem(text)
    assert problem is not None
    assert problem.endswith(".")


def test_typing_starts_at_the_name_and_every_field_has_a_place_in_the_body() -> None:
    kind = item()
    paths = [field.path for field in kind.fields]
    assert kind.starts_at == "recipient.name"
    assert paths.index("recipient.email") == paths.index("recipient.name") + 1
    assert len(set(paths)) == len(paths)
