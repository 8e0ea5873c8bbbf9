"""The help and *About*: in the running program, their pages, and how a page is set."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest

from desktop import __version__
from desktop.gui.assembly import hide_item_controls
from desktop.gui.frame.help_sheets import (
    CRASH,
    KEYS_PAGE,
    HelpSheets,
    keys_of,
    library_lines,
    pages,
    without_home,
)
from desktop.gui.link.connection import Live

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Play


async def test_help_is_read_and_a_bug_report_copied(play: Play, data: OfficeFolder) -> None:
    play.submit("Ada Lovelace")
    await play.until(lambda: "succeeded" in play.states())
    QTest.keyClick(play.window, Qt.Key.Key_F1)
    sheet = play.program.rooms.frame.help.help
    assert sheet.list.hasFocus()
    assert "Send your first e-mail" in sheet.text.toPlainText()
    sheet.list.setCurrentRow(sheet.list.count() - 4)
    QTest.keyClick(sheet.list, Qt.Key.Key_Down)
    assert "Ctrl+Return" in sheet.text.toPlainText()
    QTest.keyClick(sheet.list, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    play.window.menu.about_chosen.emit()
    assert __version__ in sheet.text.toPlainText()
    assert QUrl.fromLocalFile(data.tasks).toString() in sheet.text.toMarkdown()

    def report() -> str:
        QTest.mouseClick(sheet.copy, Qt.MouseButton.LeftButton)
        return QGuiApplication.clipboard().text()

    await play.until(lambda: "Tasks: succeeded 1\n" in report())
    assert report().startswith(f"Sendoff: {__version__}\n")
    assert "Ada" not in report()
    assert play.api.backend.token not in report()


ROOT = Path(__file__).parents[3]


def test_every_key_of_an_action_is_in_the_help(window: AppWindow, data: OfficeFolder) -> None:
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
    titles = [page.title for page in pages(window, data)]
    assert len(set(titles)) == len(titles) >= 6
    keyboard = pages(window, data)[-3]
    assert keyboard.name == KEYS_PAGE
    assert all(f"| **{each}** | {words} |" in keyboard.text() for each, words in keys)
    hide_item_controls(window)
    assert not {"Ctrl+N", "Ctrl+O", "Ctrl+T"} & set(dict(keys_of(window)))


def test_every_library_is_named_with_its_licence() -> None:
    needed = set[str]()
    for folder, extra in ((ROOT, "window"), (ROOT / "desktop" / "library", "command")):
        with (folder / "pyproject.toml").open("rb") as file:
            project = tomllib.load(file)["project"]
        needed |= {*project["dependencies"], *project["optional-dependencies"][extra]}
    names = {each.partition(">")[0] for each in needed if not each.startswith("sendoff-tasks")}
    assert {name for name, _, _ in library_lines()} == names
    assert all(licence for _, _, licence in library_lines())


def test_a_path_is_told_without_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    assert without_home(Path("/home/ada/data")) == str(Path("~/data"))
    assert without_home(Path("/srv/data")) == str(Path("/srv/data"))


async def test_log_is_shown_without_addresses(play: Play, data: OfficeFolder) -> None:
    (data.logs / "window.log").write_text("to Ada <ada@example.org>, " + "x" * 40 + "\n")
    sheet = play.program.rooms.frame.help.help
    sheet.open_at("log")
    shown = sheet.text.toPlainText()
    assert "to Ada <…@…>, …" in shown
    assert "backend.log" in shown


def test_crash_report_is_offered_once_and_goes_into_the_bug_report(
    window: AppWindow, data: OfficeFolder
) -> None:
    report = data.logs / "crash-20261130-101500-window.txt"
    report.write_text("Fatal Python error: Segmentation fault\n")
    sheets = HelpSheets(window, Live(window), data, window.themes)
    assert [each.name for each in window.cases.facts] == [CRASH]
    window.cases.press("show_report", "")
    assert "Segmentation fault" in sheets.help.text.toPlainText()
    assert window.cases.facts == []
    sheets.help.copy.click()
    assert "Segmentation fault" in QGuiApplication.clipboard().text()
    HelpSheets(window, Live(window), data, window.themes)
    assert window.cases.facts == []
