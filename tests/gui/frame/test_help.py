"""The help in the browser: all its pages and every shortcut, or the file where there is none."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtTest import QTest

from desktop.gui.assembly import hide_item_controls
from desktop.gui.frame.help import Help, help_page, keys_of
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    import pytest

    from desktop.gui.assembly import AppWindow
    from desktop.settings.office_folder import OfficeFolder


class Read(HTMLParser):
    """What a browser finds in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links, self.places, self.text = list[str](), list[str](), ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.links.append(str(given["href"]))
        elif tag == "section":
            self.places.append(f"#{given['id']}")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_f1_opens_the_help_or_says_where_it_is(
    window: AppWindow, data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    Help(window, data)
    QTest.keyClick(window, Qt.Key.Key_F1)
    page = Read(Path(*opened).read_text(encoding="utf-8"))
    assert "Send your first e-mail" in page.text
    assert len(page.links) >= 6
    assert page.links == page.places  # and none leaves the page: it is read offline
    (note,) = window.notes.shown
    assert note.text() == say("window", "no_help", path=data.help_page)


def test_every_key_of_an_action_is_in_the_help(window: AppWindow) -> None:
    keys = keys_of(window)
    assert {
        ("Ctrl+N", "New item"),
        ("F1", "Help"),
        ("Ctrl+Return", "Submit the item"),
        ("Return", "Show the details"),
        ("Ctrl++", "Larger text"),
    } <= set(keys)
    nameless = [
        action.shortcut().toString()
        for action in window.findChildren(QAction)
        if not action.shortcut().isEmpty() and not action.text()
    ]
    assert not nameless
    shown = Read(help_page(window)).text.replace("\n", "")
    assert all(f"{each}{words}" in shown for each, words in keys)
    hide_item_controls(window)
    assert not {"Ctrl+N", "Ctrl+O", "Ctrl+T"} & set(dict(keys_of(window)))
