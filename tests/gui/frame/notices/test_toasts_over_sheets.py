"""Toasts in the real program: they cover nothing that can be clicked, however small it is."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QLabel

from desktop.client.api import new_key
from desktop.gui.frame.notices import toast
from desktop.gui.widgets.sheets.sheet import with_ancestors
from desktop.gui.widgets.texts import READ
from tests.gui.actions.batches.test_batch_verbs import bring
from tests.gui.actions.spreadsheets.dropping import checked, drop, members
from tests.gui.play import post

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

SIZES = ((1280, 800, 100), (1024, 640, 100), (1280, 800, 200))
"""Width, height, and how large the text is in percent."""


def in_sight(widget: QWidget, window: QWidget) -> QRect:
    """Return where a widget is in its window, without what is scrolled out of sight."""
    found = QRect(widget.mapTo(window, QPoint()), widget.size())
    for each in with_ancestors(widget.parentWidget()):
        if each is window:
            break
        found = found.intersected(QRect(each.mapTo(window, QPoint()), each.size()))
    return found


def covered(play: Play, area: QWidget) -> list[str]:
    """Name the buttons in a sheet or a view that lie under a toast."""
    places = [in_sight(each, play.window) for each in play.window.toasts.shown]
    return [
        button.accessibleName() or button.text()
        for button in area.findChildren(QAbstractButton)
        if button.isVisible()
        and button.isEnabled()
        and not any(isinstance(each, toast.Toast) for each in with_ancestors(button))
        and any(in_sight(button, play.window).intersects(place) for place in places)
    ]


def is_free(play: Play, area: QWidget) -> bool:
    return not covered(play, area)


async def look(play: Play, *sheets: Callable[[], object]) -> None:
    """Show sheets in each size, with toasts from before each was there and after."""
    window = play.window
    for (width, height, text), show in product(SIZES, sheets):
        window.themes.set_text_size(text)
        window.resize(width, height)
        window.toasts.show("Item 7 is sent in 5 s", action="&Undo")
        show()
        await play.until(lambda: [each for each in window.sheets.made if each.isVisible()])
        (sheet,) = (each for each in window.sheets.made if each.isVisible())
        window.toasts.show("The report is saved as members – report.xlsx")
        window.toasts.show("“members.csv” is kept as a draft", action="Open", undoes=False)
        await play.until(partial(is_free, play, sheet))
        for each in window.toasts.shown:
            assert window.rect().contains(in_sight(each, window))
            assert in_sight(each, window).size() == each.size()
            each.close()
        sheet.close()
    window.themes.set_text_size(100)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have toasts that do not count down: a second later each is placed once more."""
    monkeypatch.setattr(toast, "SECOND_MS", 3_600_000)


def test_no_button_of_a_sheet_lies_under_a_toast(perform: Callable[[Scene], None]) -> None:
    async def scene(play: Play) -> None:
        actions = play.program.actions
        await look(
            play,
            play.window.mail_settings.open,
            actions.open_templates,
            actions.open_schedules,
            actions.running.open,
            actions.help.open_help,
            actions.help.open_about,
        )

    perform(scene)


def test_no_button_of_the_import_lies_under_a_toast(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm")

    async def scene(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2) and sheet.card.path)
        sheet.close()
        await look(play, lambda: play.program.actions.imports.open_draft(1))
        play.window.resize(1024, 640)
        play.program.actions.imports.open_draft(1)
        await play.until(lambda: checked(sheet, 2) and sheet.card.path)
        play.window.toasts.show("The report is saved as members – report.xlsx")
        before = sheet.foot_top()
        sheet.foot_row.say("The spreadsheet has more than it should. " * 20)
        await play.until(lambda: sheet.foot_top() < before)
        await play.until(partial(is_free, play, sheet))
        sheet.close()

    perform(scene)


OWN = """
from sendoff_tasks import task
""" + "".join(
    f"""
@task(retry=1)
def broken{number}() -> None: raise OSError("off")
"""
    for number in range(9)
)


def cures(play: Play) -> list[QRect]:
    """Return where the words of causes are that can be clicked."""
    table = play.parts.causes.table
    corner = table.viewport().mapTo(play.window, QPoint())
    return [place.translated(corner) for place in table.link_places()]


def is_clear(play: Play, views: QWidget) -> bool:
    places = [in_sight(each, play.window) for each in play.window.toasts.shown]
    links = cures(play) if play.parts.causes.isVisible() else []
    return is_free(play, views) and not any(
        link.intersects(place) for link in links for place in places
    )


@pytest.mark.parametrize("view", ["tasks", "causes", "items", "batches"])
def test_nothing_to_click_on_in_a_view_lies_under_a_toast(
    perform: Callable[[Scene], None], data: DataFolder, view: str
) -> None:
    (data.tasks / "own.py").write_text(OWN)

    async def scene(play: Play) -> None:
        window = play.window
        post(play.api, "/tasks", [{"task": f"broken{number}"} for number in range(9)])
        await play.until(lambda: play.states() == ["failed"] * 9)
        play.parts.table.selectRow(0)
        window.switch.choose(view)
        await play.until(lambda: view != "causes" or play.parts.causes.model.rowCount() == 9)
        assert view != "causes" or len(cures(play)) == 9
        for width, height, text in SIZES:
            window.themes.set_text_size(text)
            window.resize(width, height)
            window.toasts.show("Item 7 is sent in 5 s", action="&Undo")
            window.toasts.show("The report is saved as members – report.xlsx")
            window.toasts.show("“members.csv” is kept as a draft", action="Open", undoes=False)
            await play.until(partial(is_clear, play, window.views))
            for each in window.toasts.shown:
                each.close()
        window.themes.set_text_size(100)

    perform(scene)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 640)])
def test_no_row_that_is_chosen_lies_under_a_toast(
    perform: Callable[[Scene], None], data: DataFolder, width: int, height: int
) -> None:
    (data.tasks / "own.py").write_text(OWN)

    async def scene(play: Play) -> None:
        window, table = play.window, play.parts.table
        window.resize(width, height)
        post(play.api, "/tasks", [{"task": "broken0"}] * 30)
        await play.until(lambda: play.states() == ["failed"] * 30)
        window.toasts.show("The report is saved as members – report.xlsx")

        def is_seen(row: int) -> bool:
            place = QRect(0, table.rowViewportPosition(row), 10_000, table.rowHeight(row))
            place &= table.viewport().rect()
            place.translate(table.viewport().mapTo(window, QPoint()))
            (said,) = (in_sight(each, window) for each in window.toasts.shown)
            return not said.intersects(place) and is_clear(play, window.views)

        for row in range(30):
            table.selectRow(row)
            await play.until(partial(is_seen, row))

    perform(scene)


def test_what_is_said_of_a_batch_does_not_lie_under_a_toast(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def scene(play: Play) -> None:
        window, card = play.window, play.parts.batches.card
        window.resize(1280, 800)
        window.switch.choose("batches")
        number = bring(play, tmp_path / "members.csv", 3, rate="1/day")
        play.api.batches.start(number, new_key())
        await play.until(lambda: "pause" in card.row.buttons)
        for _ in range(4):
            window.toasts.show("The report is saved as members – report.xlsx")
        (said,) = card.findChildren(QLabel, READ)

        def is_clear() -> bool:
            place = in_sight(said, window)
            toasts = [in_sight(each, window) for each in window.toasts.shown]
            return len(toasts) == 4 and not any(each.intersects(place) for each in toasts)

        assert said.text()
        await play.until(is_clear)

    perform(scene)
