"""The buttons under an item that is corrected: each says what it does, also once it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.items.corrections import CorrectionFoot

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.mark.parametrize(
    ("sends", "was_sent", "send", "word"),
    [
        (True, False, True, "Save and send"),
        (True, False, False, "Save"),
        (False, True, True, "Save and send again"),
        (False, True, False, "Save"),
    ],
)
def test_what_may_not_be_saved_names_the_button_that_was_pressed(
    qtbot: QtBot, themes: ThemeSource, *, sends: bool, was_sent: bool, send: bool, word: str
) -> None:
    foot = CorrectionFoot()
    qtbot.addWidget(foot)
    foot.offer(sends=sends, was_sent=was_sent)
    foot.begin(send=send)
    assert foot.button.text() == "Saving…"
    words = "Sendoff stopped and may not have saved this. Press “{}” again."
    assert foot.not_saved() == words.format(word)
