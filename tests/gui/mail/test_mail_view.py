"""A mail is shown rendered, as text and as source, and nothing in it is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

from desktop.gui.mail.mail_view import MailView

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.look.theme import ThemeSource

MAIL: dict[str, Any] = {
    "from": "Box office <tickets@example.org>",
    "to": "Ines <b>Duarte</b> <ines@example.org>",
    "subject": "Your booking",
    "text": "Hello Ines",
    "html": "<p>Hello <b>Ines</b></p>",
    "source": "From: tickets@example.org\n\nHello Ines",
}


@pytest.fixture
def view(qtbot: QtBot, themes: ThemeSource) -> MailView:
    made = MailView(themes)
    qtbot.addWidget(made)
    made.show_mail(MAIL)
    made.show()
    return made


def test_it_is_shown_in_three_ways(view: MailView) -> None:
    assert view._rendered.toPlainText() == "Hello Ines"
    for way, pane in (("text", view._text), ("source", view._source), ("html", view._rendered)):
        view.choice.button(way).click()
        assert pane.isVisible()
        assert pane.toPlainText() == (MAIL[way] if way != "html" else "Hello Ines")


def test_markup_in_the_head_is_text(view: MailView) -> None:
    assert view._head["to"].text() == MAIL["to"]


def test_nothing_a_mail_names_is_read(view: MailView, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    address = QUrl.fromLocalFile(str(secret))
    for kind in QTextDocument.ResourceType:
        assert view._rendered.loadResource(kind.value, address) is None
    view._rendered.setHtml(f'<img src="{address.toString()}"><a href="{address.toString()}">x</a>')
    assert not view._rendered.openLinks()


def test_a_mail_without_html_is_shown_without(view: MailView) -> None:
    view.show_mail({**MAIL, "html": None})
    assert view._rendered.toPlainText() == ""


def test_the_mail_stands_beside_its_head_where_the_room_is_wide(
    view: MailView, qtbot: QtBot
) -> None:
    for width, height, beside in ((900, 200, True), (400, 600, False), (900, 200, True)):
        view.resize(width, height)
        qtbot.waitUntil(lambda b=beside: (view._pages.x() > view.choice.x()) == b)  # type: ignore[misc]
    assert view._pages.height() == view.height()
