"""The settings of a draft have room for what is set, in the narrowest pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.importing.sending_form import SendingForm
from tests.gui.hands import press

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


def test_a_day_and_a_time_are_seen_whole(qtbot: QtBot, themes: ThemeSource) -> None:
    """At 1280 x 800 the day was cut."""
    form = SendingForm(themes)
    qtbot.addWidget(form)
    form.resize(355, 260)
    form.show()
    press(form.moment.begin)
    editor = form.moment.editor
    qtbot.waitUntil(lambda: editor.isVisible() and editor.width() >= editor.sizeHint().width())
