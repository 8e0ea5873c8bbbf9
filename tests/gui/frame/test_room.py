"""What the window says of changes that wait for Sendoff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.frame.room import WaitingChanges
from desktop.gui.link.drafts import DraftBox, DraftItem
from desktop.gui.link.jobs import ApiSource
from desktop.gui.link.outbox import Outbox, Wish

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs


def test_waiting_changes_are_told_in_one_toast_and_at_the_foot(
    window: AppWindow, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    outbox = Outbox(ApiSource(jobs), DraftBox(tmp_path), jobs, window.toasts.warn, window)
    WaitingChanges(window, outbox)

    def told() -> list[str]:
        return [each.text() for each in window.toasts.shown]

    outbox.put(Wish(lambda *_: None, kept=DraftItem(None, {}, {})), away=lambda _: None)
    saved = "Saved. 1 item or correction will be submitted when Sendoff responds again."
    qtbot.waitUntil(lambda: told() == [saved])
    assert window.strip.forecast.text() == "1 saved item or correction to be submitted"
    outbox.put(Wish(lambda *_: None))
    assert told() == [f"{saved}\nWaiting for Sendoff: 1 change"]
