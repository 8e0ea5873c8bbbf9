"""Several causes are chosen by the keys of the tasks' table, and each is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.contract.causes import Cure
from tests.gui.causes.test_cause_view import Watched, cause

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def watched(qtbot: QtBot, themes: ThemeSource) -> Watched:
    return Watched(qtbot, themes)


def test_what_can_be_done_to_several_is_done_to_each_that_it_fits(watched: Watched) -> None:
    watched.show(
        cause("a", failed=20, waiting=2), cause("b", failed=4), cause("c", Cure.RESUME, waiting=3)
    )
    view = watched.view
    assert view.card.isVisible()
    QTest.keyClick(view.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert not view.card.isVisible()
    assert view.several.title.text() == "3 causes selected · 29 tasks"
    offered = [button.text() for button in view.several.row.buttons.values()]
    assert offered == ["Retry the 24 that failed", "Try now (2)"]
    chosen: list[tuple[str, str]] = []
    view.action_chosen.connect(lambda verb, met: chosen.append((verb, met["cause"])))
    view.several.row.buttons["retry"].click()
    assert chosen == [("retry", "a"), ("retry", "b")]
