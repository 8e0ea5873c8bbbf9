"""The letter follows each key, one request at a time, and says why if it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop.contract.items import CONFIRMATION
from desktop.gui.items.form.item_fields import EMAIL, NAME

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.client.api import Api
    from desktop.gui.items.form.item_form import ItemForm
    from desktop.gui.link.jobs import ApiSource

pytestmark = pytest.mark.dressed


@pytest.fixture
def form(form: ItemForm, api: Api, asked: ApiSource) -> ItemForm:
    asked.api = api
    form.letter.ask_at(asked)
    form.letter.follow()
    return form


def says(form: ItemForm, text: str) -> bool:
    mail = form.letter.mail
    return mail is not None and mail.isVisible() and text in mail.text.toPlainText()


def test_what_is_typed_is_seen_and_what_is_missing_is_marked(
    form: ItemForm, qtbot: QtBot, api: Api
) -> None:
    """An address that is not right yet does not stop it."""
    text = "Dear {{ name }}, we confirm “{{ title }}” of {{ Year }}: {{ email }}."
    api.templates.save("Fees", {"parts": {"subject": "Fees {{ Year }}", "text": text}})
    form.message.show_templates(api.templates.all())
    form.message.choose("Fees")
    qtbot.waitUntil(lambda: says(form, "we confirm “title?” of Year?"))
    assert form.letter.mail is not None
    assert "Year?</span>" in form.letter.mail.head["subject"].text()
    qtbot.keyClicks(form.fields[NAME].editor, "Ines")
    qtbot.keyClicks(form.fields[EMAIL].editor, "ines@")
    qtbot.keyClicks(form.message.fields["fields.Year"].editor, "2027")
    qtbot.waitUntil(lambda: says(form, "Dear Ines, we confirm “title?” of 2027: ."))
    qtbot.keyClicks(form.fields[EMAIL].editor, "example.org")
    qtbot.waitUntil(lambda: says(form, ": ines@example.org."))
    assert form.fields[EMAIL].editor.hasFocus() or form.fields[NAME].editor.hasFocus()
    form.clear()
    qtbot.waitUntil(lambda: says(form, "Dear, we confirm"))


def test_one_request_is_under_way_and_the_newest_text_wins(
    form: ItemForm, qtbot: QtBot, asked: ApiSource, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: form.letter.mail is not None)
    names, preview = list[str](), api.preview

    def heard(body: dict[str, Any]) -> dict[str, Any]:
        names.append(body["item"]["recipient"].get("name", ""))
        return preview(body)

    monkeypatch.setattr(api, "preview", heard)
    for letter in "Ines Duarte":  # no event of the backend is handled between two keys
        form.fields[NAME].replace(form.fields[NAME].text() + letter)
    qtbot.waitUntil(lambda: says(form, "Ines Duarte"))
    assert len(names) <= 2
    assert names[-1] == "Ines Duarte"


def test_the_last_letter_stays_while_the_backend_is_away_and_then_follows(
    form: ItemForm, qtbot: QtBot, asked: ApiSource, api: Api
) -> None:
    form.fields[NAME].replace("Ines")
    qtbot.waitUntil(lambda: says(form, "Ines"))
    asked.api = None
    form.fields[NAME].replace("Ada")
    qtbot.waitUntil(lambda: bool(form.letter.line.text()))
    assert form.letter.line.text() == "The letter follows when Sendoff answers."
    assert says(form, "Ines")
    form.fields[NAME].replace("Bo")
    asked.api = api
    asked.go_on()
    qtbot.waitUntil(lambda: says(form, "Bo"))
    assert form.letter.line.text() == ""


def test_an_item_without_an_e_mail_and_one_that_cannot_be_made_show_none(
    form: ItemForm, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: form.letter.mail is not None)
    form.afterwards.entries[CONFIRMATION].trigger()
    assert form.letter.line.text() == "No e-mail is sent with this item."
    assert form.letter.mail is not None
    assert form.letter.mail.isHidden()
    form.afterwards.entries[CONFIRMATION].trigger()
    qtbot.waitUntil(form.letter.mail.isVisible)
    form.restore({**form.snapshot(), "template": "nowhere"})
    qtbot.waitUntil(form.letter.mail.isHidden)
    assert "nowhere" in form.letter.line.text()
    form.clear()
    QApplication.processEvents()
