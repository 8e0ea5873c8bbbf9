"""A mail is shown rendered, as text and as source, and nothing in it is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QHelpEvent, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QToolTip,
)

from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.message_view import MessageView
from desktop.mail.templates.letter import Letterhead
from desktop.mail.templates.template import Template
from tests.mail.templates.test_letter import source_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


MAIL: dict[str, Any] = {
    "from": "Box office <tickets@example.org>",
    "to": "Ines <b>Duarte</b> <ines@example.org>",
    "subject": "Your booking",
    "text": "Hello Ines",
    "html": "<p>Hello <b>Ines</b></p>",
    "source": "From: tickets@example.org\n\nHello Ines",
}


@pytest.fixture
def view(qtbot: QtBot, themes: ThemeSource) -> MessageView:
    made = MessageView()
    qtbot.addWidget(made)
    made.show_mail(MAIL)
    made.show()
    return made


def test_it_is_shown_in_two_ways_and_markup_in_the_head_is_text(view: MessageView) -> None:
    assert view.rendered.toPlainText() == "Hello Ines"
    for way, pane in (("text", view.text), ("html", view.rendered)):
        view.choice.button(way).click()
        assert pane.isVisible()
        assert pane.toPlainText() == (MAIL[way] if way != "html" else "Hello Ines")
    assert view.head["to"].text() == MAIL["to"]
    named = {label.text() for label in view.findChildren(QLabel)}
    assert {"From", "To", "Subject", "Date"} <= named
    assert "Sent" not in named  # practice mode keeps messages, too
    view.show_mail({**MAIL, "html": None})
    assert view.rendered.toPlainText() == ""


def test_files_are_named_with_their_sizes_and_a_sent_message_has_its_date(
    view: MessageView,
) -> None:
    assert view.head["files"].isHidden()
    assert view.head["at"].isHidden()
    files = [{"file": "seats.pdf", "size": 48_213}, {"file": "old.pdf", "size": None}]
    left = {**MAIL, "files": files, "at": "2026-03-01T12:30:05.431Z"}
    view.show_mail(left)
    assert view.head["files"].text() == "seats.pdf (47 KiB), old.pdf"
    assert view.head["at"].text().startswith("Sunday, March 1, 2026, ")
    view.show_mail({**left, "remade": True})
    assert view.head["at"].isHidden()


def test_nothing_a_mail_names_is_read(view: MessageView, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    address = QUrl.fromLocalFile(str(secret))
    for kind in QTextDocument.ResourceType:
        assert view.rendered.loadResource(kind.value, address) is None
    view.rendered.setHtml(f'<img src="{address.toString()}"><a href="{address.toString()}">x</a>')
    assert not view.rendered.openLinks()


@pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)\(\)")
def test_a_link_says_its_address_and_gives_it_but_is_never_followed(
    view: MessageView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    address = "https://example.org/?a=1&b=<2>"
    view.show_mail({**MAIL, "html": '<p><a href="https://example.org/?a=1&b=<2>">Your tickets</a>'})
    browser = view.rendered
    at = browser.cursorRect().center() + QPoint(4, 0)
    assert browser.anchorAt(at) == address
    tip = QHelpEvent(QEvent.Type.ToolTip, at, browser.viewport().mapToGlobal(at))
    QApplication.sendEvent(browser.viewport(), tip)
    assert QToolTip.text() == "<qt>https://example.org/?a=1&amp;b=&lt;2&gt;</qt>"
    qtbot.mouseClick(browser.viewport(), Qt.MouseButton.LeftButton, pos=at)
    actions = {action.text(): action for action in browser.createStandardContextMenu(at).actions()}
    actions["Copy &Link Location"].trigger()
    assert QGuiApplication.clipboard().text() == address
    assert opened == []
    QToolTip.hideText()


def test_of_a_letter_its_content_is_shown_on_white(view: MessageView) -> None:
    """Qt would paint the page's ground between its sections, and warn of letters of no size."""
    head = Letterhead(name="Club", colour="#0B6B57", signature="Marta")
    page = Template("letter", source_of("# Seats\n\nDear **you**"), head).render({}).html
    view.show_mail({**MAIL, "html": page})
    html = view.rendered.toHtml()
    assert view.rendered.toPlainText().split() == ["Club", "Seats", "Dear", "you", "Marta"]
    assert "#0b6b57" in html
    assert "#f5f6f8" not in html.lower()
    assert f"font-size:{round(22 * LOOK.theme.scale)}px" in html
