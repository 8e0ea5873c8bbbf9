"""The buttons of the detail: variants behind an arrow, and a menu where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtWidgets import QPushButton

from desktop.gui.kit.widgets.buttons import SplitButton
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.buttons_and_menu import ActionButtons
from desktop.gui.tasks.acting.task_actions import fitting_actions
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

WIDE = 600


@pytest.fixture
def buttons(qtbot: QtBot, themes: ThemeSource) -> ActionButtons:
    made = ActionButtons()
    qtbot.addWidget(made)
    made.offer(fitting_actions([row_of(task_row(7, "succeeded"))]))
    made.resize(WIDE, 32)
    made.show()
    return made


def in_sight(buttons: ActionButtons) -> list[str]:
    found = buttons.findChildren(QPushButton)
    return [each.text() for each in found if each.text() and each.isVisible()]


def test_send_again_has_its_variants_behind_an_arrow(qtbot: QtBot, buttons: ActionButtons) -> None:
    split = buttons.findChild(SplitButton)
    assert split is not None
    assert split.arrow.accessibleName() == "More ways: Send again"
    entries = {entry.text(): entry for entry in split.arrow.menu().actions()}
    for words, verb in (("Send to another address…", "send_to"), ("Send to me", "to_me")):
        with qtbot.waitSignal(buttons.chosen) as chosen:
            entries[words].trigger()
        assert chosen.args == [verb, [7]]
    with qtbot.waitSignal(buttons.chosen) as chosen:
        qtbot.keyClick(split.button, Qt.Key.Key_Space)
    assert chosen.args == ["resend", [7]]


def test_what_has_no_room_is_in_a_menu(
    qtbot: QtBot, buttons: ActionButtons, themes: ThemeSource
) -> None:
    assert in_sight(buttons) == ["Send again", "Correct…"]
    assert buttons.others.isHidden()
    assert buttons.minimumSizeHint().width() < buttons.sizeHint().width()
    buttons.resize(buttons.sizeHint().width() - 1, 32)
    assert in_sight(buttons) == ["Send again"]
    split = buttons.findChild(SplitButton)
    assert split is not None
    least = split.sizeHint().width() + themes.theme.px(8) + buttons.others.width()
    buttons.resize(least, 32)
    assert in_sight(buttons) == ["Send again"]
    buttons.others.menu().aboutToShow.emit()
    (entry,) = buttons.others.menu().actions()
    with qtbot.waitSignal(buttons.chosen) as chosen:
        entry.trigger()
    assert chosen.args == ["correct", [7]]
    buttons.resize(buttons.minimumSizeHint().width(), 32)
    assert in_sight(buttons) == []
    buttons.others.menu().aboutToShow.emit()
    texts = [entry.text() for entry in buttons.others.menu().actions()]
    assert (texts[0], texts[-1]) == ("Send again", "Correct…")
    buttons.resize(WIDE, 32)
    assert in_sight(buttons) == ["Send again", "Correct…"]


def test_what_settles_a_task_never_stands_where_its_opposite_was(buttons: ActionButtons) -> None:
    """*It was sent (15)* came in the place of *Send again (15)*, and was pressed in its stead."""
    buttons.resize(2 * WIDE, 32)
    sent = [row_of(task_row(n, "succeeded")) for n in range(3)]
    unsure = [row_of(task_row(n, "uncertain")) for n in range(3, 6)]
    settling: list[QRect] = []
    again: list[QRect] = []
    for rows in (sent, [*sent, *unsure], unsure, unsure[:1], sent[:1]):
        buttons.offer(fitting_actions(rows))
        buttons._row.activate()
        for widget, action in buttons.shown:
            places = settling if action.verb == "done" else again
            places.append(widget.geometry())
    assert len(settling) == 3
    assert not [one for one in settling if any(one.intersects(other) for other in again)]
    assert len({place.topLeft().toTuple() for place in settling}) == 1


def test_correct_keeps_its_place_while_the_state_changes(buttons: ActionButtons) -> None:
    places = []
    for state in ("waiting", "running", "failed", "uncertain", "scheduled"):
        buttons.offer(fitting_actions([row_of(task_row(7, state))]))
        buttons.resize(WIDE, 32)
        QCoreApplication.sendPostedEvents(buttons, QEvent.Type.LayoutRequest)
        (correct,) = (each for each, action in buttons.shown if action.verb == "correct")
        places.append(correct.geometry().right())
    assert len(set(places)) == 1, places
