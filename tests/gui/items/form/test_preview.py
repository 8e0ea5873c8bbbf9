"""The preview shows the mail the real backend would send, and says why when it cannot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.client.api import Api
from desktop.gui.items.form.preview import PreviewPane
from desktop.gui.link.jobs import ApiSource
from tests.client.conftest import Canned, answering

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.contract.items import NewItem
    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from sendoff_tasks.folder.backend_addresses import Backend

pytestmark = pytest.mark.dressed

__all__ = ["answering"]

ITEM: NewItem = {
    "title": "Summer concert",
    "recipient": {"name": "Ines Duarte", "email": "ines@example.org"},
}


@pytest.fixture
def preview(host: QWidget, asked: ApiSource, themes: ThemeSource) -> PreviewPane:
    return PreviewPane(asked, host)


def test_what_is_missing_is_marked_and_a_refusal_is_said_in_words(
    preview: PreviewPane, api: Api, asked: ApiSource, qtbot: QtBot
) -> None:
    asked.api = api
    preview.show_item(None, {**ITEM, "template": "nowhere"})
    qtbot.waitUntil(lambda: "nowhere" in preview.words.text())
    assert preview.words.isVisible()
    assert preview.mail.isHidden()
    text = "Dear {{ Year }}, we confirm “{{ title }}”."
    api.templates.save("Fees", {"parts": {"subject": "Fees {{ Year }}", "text": text}})
    preview.show_item(None, {**ITEM, "title": "", "template": "Fees"})
    qtbot.waitUntil(preview.empty.isVisible)
    assert "Year?</span>" in preview.mail.head["subject"].text()
    assert "we confirm “title?”." in preview.mail.text.toPlainText()
    assert preview.empty.text() == "Not filled in: Year, title"
    preview.show_item(None, {**ITEM, "title": "<b>1 & 2", "template": "confirmation"})
    qtbot.waitUntil(lambda: "&lt;b&gt;1 &amp; 2" in preview.mail.head["subject"].text())
    assert preview.empty.isHidden()


def test_what_was_asked_without_a_backend_appears_once_it_is_there(
    preview: PreviewPane, api: Api, asked: ApiSource, qtbot: QtBot
) -> None:
    preview.show_item(1234, ITEM)
    assert "Sendoff does not answer right now" in preview.words.text()
    asked.api = api
    asked.go_on()
    qtbot.waitUntil(preview.mail.isVisible)
    assert preview.words.isHidden()
    assert "1234" in preview.mail.text.toPlainText()
    asked.api = None
    preview.show_item(1234, ITEM)
    assert preview.words.isVisible()
    preview.close()
    asked.go_on()  # closed, it asks nothing more
    assert "Sendoff does not answer right now" in preview.words.text()


def test_it_follows_the_form_drops_stale_answers_and_says_errors_at_their_fields(
    window: AppWindow,
    asked: ApiSource,
    api: Api,
    qtbot: QtBot,
    answering: Callable[[Canned], Backend],
) -> None:
    form, preview = window.form, window.preview.sheet
    asked.api = api
    for path, text in (("recipient.name", "Ines"), ("recipient.email", "ines@example.org")):
        form.fields[path].set_text(text)
    form.preview_button.click()
    form.fields["recipient.name"].editor.setFocus()
    qtbot.keyClicks(form.fields["recipient.name"].editor, " Duarte")
    qtbot.waitUntil(lambda: "Ines Duarte" in preview.mail.text.toPlainText())

    qtbot.keyClicks(form.fields["recipient.email"].editor, "@")
    qtbot.waitUntil(lambda: "more than one @" in preview.words.text())
    assert preview.words.text().startswith("E-mail: ")
    assert "before your last change" in preview.words.text()
    assert form.fields["recipient.email"].error == ""

    form.clear()
    qtbot.waitUntil(preview.mail.isHidden)
    assert "Fill in the form" in preview.words.text()

    errors = [{"path": "recipient.email", "message": "It is taken."}]
    problem = {"type": "t", "title": "", "status": 422, "detail": "No.", "errors": errors}
    headers = {"Content-Type": "application/problem+json"}
    asked.api = Api(answering(Canned(422, json.dumps(problem).encode(), headers)))
    preview.show_item(None, ITEM)
    qtbot.waitUntil(lambda: bool(form.fields["recipient.email"].error))
    assert form.fields["recipient.email"].error == "It is taken."
    asked.api.close()
    asked.api = None


def test_the_keys_of_submit_work_beside_the_form_and_not_in_the_settings(
    window: AppWindow, qtbot: QtBot
) -> None:
    form, submitted = window.form, list[object]()
    form.submitted.connect(lambda _number, body: submitted.append(body))
    keys = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    window.page.table.setFocus()
    qtbot.keyClick(window.page.table, *keys)
    assert not form.fields["recipient.email"].error
    form.restore({"number": "", "values": {"recipient.email": "ada@example.org"}, "tasks": []})
    window.mail.sheet.open()
    qtbot.keyClick(window.mail.sheet, *keys)
    assert submitted == []
    window.mail.sheet.close()
    window.top_bar.new_item.setFocus()
    qtbot.keyClick(window.top_bar.new_item, *keys)
    assert len(submitted) == 1
