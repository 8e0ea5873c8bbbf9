"""What a test in the running program says when it waits in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.gui.play import Play


async def test_a_wait_in_vain_says_what_the_window_shows(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    play.window.toasts.show("“members.csv” is kept as a draft")
    play.window.menu.mail_settings_chosen.emit()
    await play.until(lambda: bool(play.shown()["sheets"]))
    monkeypatch.setattr("tests.gui.play.WITHIN", 0.02)
    with pytest.raises(TimeoutError, match=r"Mail settings.*is kept as a draft"):
        await play.until(lambda: False)
