"""What an item is made of, and what pasted text becomes in it."""

from __future__ import annotations

from email.headerregistry import Address
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.items.form.item_fields import (
    EMAIL,
    NAME,
    NUMBER,
    is_range,
    new_item,
    number_problem,
    spread,
)
from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.kit.widgets.editors import LineEdit
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.model.text import trimmed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.widgets.field import Field


def test_answers_become_the_body_of_the_api() -> None:
    values = {
        "title": " Summer concert ",
        "recipient.name": "Ada",
        "recipient.email": "ada@example.org",
        "fields.note": "two lines\nof text",
    }
    assert new_item(values, ["send_confirmation_email"], ()) == {
        "title": "Summer concert",
        "recipient": {"name": "Ada", "email": "ada@example.org"},
        "fields": {"note": "two lines\nof text"},
        "tasks": ["send_confirmation_email"],
    }
    empty = {"title": "  ", "recipient.name": "", "recipient.email": "ada@example.org"}
    assert new_item(empty, [], ()) == {"recipient": {"email": "ada@example.org"}, "tasks": []}


def test_a_number_may_be_empty_or_any_id_and_all_else_gets_a_sentence() -> None:
    for right in ("", "  ", "1", " 1205 ", str(ID_LIMIT)):
        assert number_problem(right) is None
    for wrong in ("0", "-1", "1.5", "12a", "²", "١", str(ID_LIMIT + 1), "9" * 5000):
        assert (number_problem(wrong) or "").endswith("."), wrong


TITLE = "title"
EMPTY = dict.fromkeys((NUMBER, TITLE, NAME, EMAIL), "")
EMPTY_PATHS = {"name": NAME, "email": EMAIL, "title": TITLE}
FAY = {NAME: "Moreau, Fay", EMAIL: "fay@example.org"}

WORDS = st.text(st.characters(categories=["L", "Nd", "Po"], exclude_characters="@"), min_size=1)
ADDRESSES = st.from_regex(r"[a-z]{1,9}@[a-z]{1,9}\.org", fullmatch=True)
UNSEEN = st.text(" \t\r\n\u00a0\u200b\u202a\u202c\ufeff", max_size=5)


def pasted(text: str, into: str = NAME, **before: str) -> dict[str, str]:
    """Paste into one field of a form, and return what stands in its fields."""
    texts = {**EMPTY, **{EMPTY_PATHS[key]: value for key, value in before.items()}, into: text}
    return {path: value for path, value in {**texts, **spread(texts, into)}.items() if value}


@pytest.mark.parametrize(
    "text",
    [
        '"Moreau, Fay" <fay@example.org>',
        "Moreau, Fay <fay@example.org>;",
        " 'Moreau, Fay' <mailto:fay@example.org>\r\n",
        "mailto:%22Moreau,%20Fay%22%20%3Cfay@example.org%3E?subject=Tickets&body=Hello",
    ],
)
@pytest.mark.parametrize("into", [NAME, EMAIL])
def test_a_contact_is_split_into_name_and_address(text: str, into: str) -> None:
    assert pasted(text, into) == FAY


ALONE = {NAME: "Fay", EMAIL: "fay@example.org"}
CONTACT = "Moreau, Fay <fay@example.org>"
TWO = "fay@example.org\nBcc: bob@example.org"


@pytest.mark.parametrize(
    ("text", "into", "before", "after"),
    [
        # An address alone, or a contact in the address, leaves a name that was typed.
        ("mailto:fay@example.org?subject=Tickets", EMAIL, {"name": "Fay"}, ALONE),
        ("MAILTO:fay%40example.org", EMAIL, {"name": "Fay"}, ALONE),
        ("<fay@example.org>", EMAIL, {"name": "Fay"}, ALONE),
        ("fay@example.org <fay@example.org>", EMAIL, {"name": "Fay"}, ALONE),
        (CONTACT, EMAIL, {"name": "Mrs Moreau"}, {**FAY, NAME: "Mrs Moreau"}),
        (CONTACT, NAME, {"email": "ada@example.org"}, FAY),
        ("<fay@example.org>", NAME, {}, {EMAIL: "fay@example.org"}),
        ("MAILTO:fay%40example.org", NAME, {}, {EMAIL: "fay@example.org"}),
        (TWO, EMAIL, {"name": "Max"}, {NAME: "Max", EMAIL: TWO.replace("\n", " ")}),
        # Lines and cells that are no contact are joined.
        ("Spring\r\nconcert\n", TITLE, {}, {TITLE: "Spring concert"}),
        ("Spring\tconcert", NAME, {}, {NAME: "Spring concert"}),
        # What is no single item stays.
        *(
            (text, NAME, {}, {NAME: text})
            for text in (
                "a@example.org, Fay <fay@example.org>",
                "Fay <fay@example.org>, Ada <ada@example.org>",
                "Fay < 3 Ada",
                "x" * 10_000 + "\ty",
            )
        ),
    ],
)
def test_what_is_pasted_goes_where_it_belongs(
    text: str, into: str, before: dict[str, str], after: dict[str, str]
) -> None:
    assert pasted(text, into, **before) == after


def test_rows_of_a_spreadsheet_are_not_pasted_into_a_line(qtbot: QtBot, form: ItemForm) -> None:
    line, taken = form.fields[NAME].editor, list[str]()
    assert isinstance(line, LineEdit)

    def take(text: str) -> bool:
        taken.append(text)
        return is_range(text)

    line.take_paste = take
    rows_text = "Name\tE-Mail\nFay\tfay@example.org\n"
    for text in (rows_text, "Fay"):
        QApplication.clipboard().setText(text)
        qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (taken, line.text()) == ([rows_text, "Fay"], "Fay")
    assert not is_range("Fay\tfay@example.org")
    assert not is_range("two\nlines")
    assert is_range("; ".join(f"Bo <{n}@example.org>" for n in range(4)))
    assert not is_range("; ".join(f"{n}@example.org" for n in range(3)))


@given(WORDS, ADDRESSES, UNSEEN, UNSEEN)
def test_a_contact_written_by_the_rules_comes_back_whole(
    name: str, address: str, before: str, after: str
) -> None:
    contact = Address(trimmed(name), addr_spec=address)
    assert pasted(f"{before}{contact}{after}", EMAIL)[EMAIL] == address
    if not name.startswith(("'", '"')):
        assert pasted(f"{before}{contact}{after}", NAME).get(NAME, "") == trimmed(name)


@given(st.text(), st.sampled_from([NUMBER, TITLE, NAME, EMAIL]))
def test_what_has_been_spread_stays_where_it_is(text: str, into: str) -> None:
    after = {**EMPTY, **pasted(text, into)}
    for path in (NUMBER, TITLE, NAME, EMAIL):
        assert after[path] == "" or spread(after, path) == {} or path == into


CONTROL = Qt.KeyboardModifier.ControlModifier


def paste(qtbot: QtBot, field: Field, text: str) -> None:
    QApplication.clipboard().setText(text)
    field.editor.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(field.editor, Qt.Key.Key_V, CONTROL)


MANY = "There is more than one address here."


# What is pasted as an address: what is sent, or what is said.
@pytest.mark.parametrize(
    ("text", "sent", "error"),
    [
        ("fay@example.org  ", "fay@example.org", ""),  # what cannot be seen is no error
        (" fay@example.org", "fay@example.org", ""),
        ("fay@example.org\u200b", "fay@example.org", ""),
        ("fay@example.org\r\n", "fay@example.org", ""),  # a cell of a sheet
        ("fay@gmial.com", "fay@gmial.com", ""),  # what is meant never keeps it back
        ("fay@example.org, ada@example.org", "", MANY),
        ("Fay <fay@example.org>; Ada <ada@example.org>", "", MANY),
    ],
)
def test_a_pasted_address_is_sent_or_has_a_sentence(
    form: ItemForm, qtbot: QtBot, text: str, sent: str, error: str
) -> None:
    seen = list[str]()
    form.submitted.connect(
        lambda _, body, typed: seen.extend(
            (body["recipient"]["email"], typed["values"][EMAIL], str(body.get("title")))
        )
    )
    paste(qtbot, form.number, "1300\r\n")
    paste(qtbot, form.fields[TITLE], "Spring\r\n")
    assert (form.number.text(), form.fields[TITLE].text()) == ("1300", "Spring")
    paste(qtbot, form.fields[EMAIL], text)
    form.submit()
    assert (seen, form.fields[EMAIL].error) == ([sent, sent, "Spring"] if sent else [], error)


@pytest.mark.parametrize(
    ("text", "offered", "taken"),
    [
        ("fay@gmial.com", ["fay@gmail.com"], "fay@gmail.com"),
        ("fay@x.org; ada@x.org", ["fay@x.org", "ada@x.org"], "fay@x.org"),
        ("'fay@x.org", ["fay@x.org"], "fay@x.org"),
    ],
)
def test_the_address_that_is_meant_is_offered_after_typing_and_taken_by_one_click(
    form: ItemForm, qtbot: QtBot, text: str, offered: list[str], taken: str
) -> None:
    email = form.fields[EMAIL]
    paste(qtbot, email, text)
    assert form.meant.isHidden()
    height = email.sizeHint().height()
    form.fields[TITLE].editor.setFocus(Qt.FocusReason.TabFocusReason)
    assert [link.text() for link in form.meant.links] == offered
    assert form.meant.isVisible()
    form.meant.links[0].click()
    assert (email.text(), email.error) == (taken, "")
    assert form.meant.isHidden()
    assert email.editor.hasFocus()
    assert email.sizeHint().height() == height
    email.editor.undo()
    assert email.text() == text
