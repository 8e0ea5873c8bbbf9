"""*About Sendoff*, the log and the report of a crash."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from desktop import __version__
from desktop.gui.frame.about import CRASH, AboutSendoff, ReportDialog, library_lines, without_home
from desktop.gui.kit.widgets.texts import WholeLabel
from desktop.gui.link.connection import Live
from tests.gui.hands import press

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Play


ROOT = Path(__file__).parents[3]


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


async def test_versions_are_read_a_folder_opened_and_a_bug_report_copied(
    play: Play, data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    play.submit("Ada Lovelace")
    await play.until(lambda: "succeeded" in play.states())
    play.window.menu.about_chosen.emit()
    about = play.program.rooms.frame.about.about
    said = "\n".join(each.text() for each in about.findChildren(WholeLabel))
    assert f"Sendoff {__version__}\n" in said
    assert all(f"({licence})" in said for _, _, licence in library_lines())
    press(about.links["Own tasks"])
    assert [Path(each) for each in opened] == [data.tasks]

    def report() -> str:
        press(button_of(about, "Copy for a bug report"))
        return QGuiApplication.clipboard().text()

    await play.until(lambda: "Tasks: succeeded 1\n" in report())
    assert report().startswith(f"Sendoff: {__version__}\n")
    assert "Ada" not in report()
    assert play.api.backend.token not in report()


def button_of(dialog: QWidget, word: str) -> QPushButton:
    (button,) = [each for each in dialog.findChildren(QPushButton) if each.text() == word]
    return button


async def test_log_is_shown_without_addresses(play: Play, data: OfficeFolder) -> None:
    (data.logs / "window.log").write_text("to Ada <ada@example.org>, " + "x" * 40 + "\n")
    play.window.menu.about_chosen.emit()
    about = play.program.rooms.frame.about
    press(about.about.links["Show the log"])
    assert about.log.isVisible()
    shown = about.log.text.toPlainText()
    assert "to Ada <…@…>, …" in shown
    assert "backend.log" in shown


def test_crash_report_is_offered_once_and_goes_into_the_bug_report(
    window: AppWindow, data: OfficeFolder
) -> None:
    report = data.logs / "crash-20261130-101500-window.txt"
    report.write_text("Fatal Python error: Segmentation fault\n")
    about = AboutSendoff(window, Live(window), data, window.themes)
    assert [each.name for each in window.cases.facts] == [CRASH]
    window.cases.press("show_report", "")
    (dialog,) = [each for each in window.dialogs.made if isinstance(each, ReportDialog)]
    assert dialog.isVisible()
    assert "Segmentation fault" in dialog.text.toPlainText()
    assert window.cases.facts == []
    button_of(dialog, "Copy for a bug report").click()
    assert "Segmentation fault" in QGuiApplication.clipboard().text()
    dialog.close()
    assert "Show the last crash" in about.about.links
    AboutSendoff(window, Live(window), data, window.themes)
    assert window.cases.facts == []
