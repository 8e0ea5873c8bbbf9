"""A line of buttons: what has no room is in a menu, and no button stands alone in a second line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.gui.widgets.action_row import Action, ActionRow, room

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource

WORDS = {"retry": "Retry the 24", "correct": "Correct addresses…", "report": "Save report…"}


def row_in(host: QWidget, row: ActionRow) -> None:
    QHBoxLayout(host).addLayout(row)
    row.offer([Action(verb, words, "rotate-cw") for verb, words in WORDS.items()], None)


def shown(row: ActionRow) -> list[str]:
    return [verb for verb, button in row.buttons.items() if button.isVisible()]


def test_what_has_no_room_in_the_line_is_in_the_menu(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    row = ActionRow(themes)
    row_in(host, row)
    host.resize(900, 200)
    qtbot.waitUntil(lambda: shown(row) == list(WORDS))
    host.resize(row.sizeHint().width(), 200)
    qtbot.waitUntil(lambda: row.more.isVisible())
    assert shown(row) == ["retry", "correct"]
    assert len({button.y() for button in row.buttons.values() if button.isVisible()}) == 1


def test_those_that_come_and_go_are_together_in_the_line_below(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    """One of them alone stood there."""
    row = ActionRow(themes, coming={"retry", "correct"})
    row_in(host, row)
    buttons = row.buttons
    two = room([buttons["correct"], buttons["report"]], row.spacing()).width()
    host.resize(two + themes.theme.px(40), 200)
    qtbot.waitUntil(lambda: buttons["retry"].y() > buttons["report"].y())
    assert buttons["retry"].y() == buttons["correct"].y()
    host.resize(900, 200)
    qtbot.waitUntil(lambda: buttons["retry"].y() == buttons["report"].y())
