"""Values of an item by their path."""

from __future__ import annotations

from typing import Any

from desktop.gui.importing.rows_model import value_at, with_both, with_value


def test_a_value_is_read_and_replaced_by_its_path() -> None:
    item: Any = {"recipient": {"name": "Ada", "email": "a"}, "attachments": ["a.pdf", "b.pdf"]}
    assert value_at(item, "recipient.email") == "a"
    assert value_at(item, "attachments.1") == "b.pdf"
    assert (value_at(item, "attachments.7"), value_at(item, "fields.seats")) == ("", "")
    assert with_value(item, "recipient.email", "")["recipient"] == {"name": "Ada", "email": ""}
    assert with_value(item, "fields.seats", "4")["fields"] == {"seats": "4"}
    assert with_value(item, "attachments.0", "c.pdf")["attachments"] == ["c.pdf", "b.pdf"]
    assert "title" not in with_value(item | {"title": "Opera"}, "title", "")
    assert item["recipient"]["email"] == "a"


def test_two_changes_of_an_item_are_both_in_it() -> None:
    shown: Any = {"recipient": {"name": "Ada", "email": "a"}, "title": "Opera"}
    renamed = with_value(shown, "recipient.name", "Bo")
    for later, both in (
        ({**shown, "fields": {"seats": "4"}}, {**renamed, "fields": {"seats": "4"}}),
        ({"recipient": {"email": "b"}}, {"recipient": {"email": "b"}}),
        (
            shown | {"recipient": {"name": "Cy", "email": "a"}},
            with_value(renamed, "recipient.name", "Cy"),
        ),
        (shown, renamed),
    ):
        assert with_both(shown, renamed, later) == both
