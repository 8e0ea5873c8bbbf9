"""A line of buttons: what has no room is in a menu, and none that comes moves another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.widgets.action_row import Action, ActionRow, room
from tests.gui.hands import press, press_twice_as_fast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

WORDS = {"retry": "Retry the 24", "correct": "Correct addresses…", "report": "Save report…"}


def row_in(host: QWidget, row: ActionRow) -> None:
    QHBoxLayout(host).addLayout(row)
    row.offer([Action(verb, words, "rotate-cw") for verb, words in WORDS.items()], None)


def shown(row: ActionRow) -> list[str]:
    return [verb for verb, button in row.buttons.items() if button.isVisible()]


def test_what_has_no_room_in_the_line_is_in_the_menu(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    row = ActionRow(ALL_RIGHTS)
    row_in(host, row)
    host.resize(900, 200)
    qtbot.waitUntil(lambda: shown(row) == list(WORDS))
    host.resize(row.sizeHint().width(), 200)
    qtbot.waitUntil(lambda: row.more.isVisible())
    assert shown(row) == ["retry", "correct"]
    assert len({button.y() for button in row.buttons.values() if button.isVisible()}) == 1


def test_those_that_come_and_go_keep_to_the_line_and_move_no_other(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    row = ActionRow(ALL_RIGHTS, coming={"retry", "correct"})
    row_in(host, row)
    host.resize(900, 200)
    qtbot.waitUntil(lambda: shown(row) == list(WORDS))
    place = row.buttons["report"].geometry()
    row.offer([Action("report", WORDS["report"], "rotate-cw")], None)
    qtbot.waitUntil(lambda: shown(row) == ["report"])
    assert row.buttons["report"].geometry() == place
    row.offer([Action(verb, words, "rotate-cw") for verb, words in WORDS.items()], None)
    two = [row.buttons["correct"], row.buttons["report"], row.more]
    width = room(two, row.spacing()).width()
    host.resize(width + themes.theme.px(40), 200)
    qtbot.waitUntil(lambda: shown(row) == ["correct", "report"])
    assert {button.y() for button in row.buttons.values() if button.isVisible()} == {row.more.y()}


def test_the_second_press_of_a_double_click_does_not_undo_the_first(
    qtbot: QtBot, host: QWidget
) -> None:
    row, chosen = ActionRow(ALL_RIGHTS), list[str]()
    QHBoxLayout(host).addLayout(row)
    opposite = {"pause": "resume", "resume": "pause"}

    def act(verb: str) -> None:
        chosen.append(verb)
        row.offer([Action(opposite[verb], opposite[verb], "play")], None)

    row.chosen.connect(act)
    row.offer([Action("pause", "pause", "pause")], None)
    host.resize(900, 200)
    qtbot.waitUntil(row.buttons["pause"].isVisible)
    press(row.buttons["pause"])
    qtbot.waitUntil(row.buttons["resume"].isVisible)
    press_twice_as_fast(row.buttons["resume"])
    assert chosen == ["pause"]
    press(row.buttons["resume"])
    assert chosen == ["pause", "resume"]
