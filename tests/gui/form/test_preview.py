"""The preview shows the mail the real backend would send, and says why when it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from desktop.client.api import Api, ApiSource
from desktop.gui.form.preview import Preview

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.items import NewItem
    from desktop.gui.jobs import Jobs
    from desktop.gui.look.theme import ThemeSource

ITEM: NewItem = {
    "title": "Summer concert",
    "recipient": {"name": "Ines Duarte", "email": "ines@example.org"},
}


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def test_it_shows_the_mail_as_it_would_go(
    host: QWidget, api: Api, jobs: Jobs, themes: ThemeSource, qtbot: QtBot
) -> None:
    preview = Preview(ApiSource(api), jobs, host, themes)
    preview.show_item(1234, ITEM)
    assert preview.isVisible()
    qtbot.waitUntil(preview.mail.isVisible)
    assert "ines@example.org" in preview.mail._head["to"].text()
    assert "Ines Duarte" in preview.mail._text.toPlainText()
    assert "1234" in preview.mail._source.toPlainText()


def test_a_refusal_is_said_in_words(
    host: QWidget, api: Api, jobs: Jobs, themes: ThemeSource, qtbot: QtBot
) -> None:
    preview = Preview(ApiSource(api), jobs, host, themes)
    preview.show_item(None, {**ITEM, "template": "nowhere"})
    qtbot.waitUntil(lambda: preview.words.text() != "Making the mail…")
    assert preview.words.isVisible()
    assert preview.mail.isHidden()


def test_without_a_backend_it_says_so(host: QWidget, jobs: Jobs, themes: ThemeSource) -> None:
    preview = Preview(ApiSource(), jobs, host, themes)
    preview.show_item(None, ITEM)
    assert "backend is coming back" in preview.words.text()
    preview.close()
    assert preview.isHidden()
