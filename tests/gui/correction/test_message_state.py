"""What a correction says of its message stays in the sheet, for every address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.correction.message_state import MessageState
from desktop.gui.tasks.task_row import row_of
from tests.gui.tasks.task_source import task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


def test_an_address_without_a_break_makes_it_no_wider(qtbot: QtBot, themes: ThemeSource) -> None:
    address = f"{'unbroken' * 12}@{'department' * 5}.example.org"
    state = MessageState()
    qtbot.addWidget(state)
    state.show_row(row_of(task_row(1, state="succeeded", to=address, queue="mail")), themes.theme)
    state.resize(400, 200)
    state.show()
    assert address in state.words.text()
    assert state.minimumSizeHint().width() < 200
    assert state.words.height() > 2 * state.fontMetrics().height()
