"""The tray tells fine, paused and trouble, and how many tasks are to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame.notifications import TrayLook
from desktop.gui.sentence.cases import said
from desktop.gui.sentence.tray_state import PATIENCE_MS, TrayState
from sendoff_tasks.client.health import Gone, Starting
from tests.gui.sentence.scenes import away, counts, held, now, outage, paused

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow
    from desktop.gui.sentence.facts import Facts
    from tests.gui.play import Play

FINE = now(counts(queued=3))
HELD = now(counts(queued=3), notices=[held("mail", "535 no", "mail_settings")])
OFFLINE = now(counts(queued=3), notices=[outage("offline")])
PAUSED = now(counts(queued=3), notices=[paused()])


class Seen:
    """A tray, and the hand that lets its minute pass."""

    def __init__(self, window: AppWindow) -> None:
        self.tray, self.state = window.tray, TrayState(window)

    def look(self, facts: Facts) -> TrayLook:
        self.state.look_at([*said(facts)])
        return self.tray.look

    def wait(self) -> TrayLook:
        patience = self.state._patience
        assert patience.isActive()
        assert patience.interval() == PATIENCE_MS
        patience.timeout.emit()
        patience.stop()
        return self.tray.look


@pytest.mark.parametrize("facts", [HELD, OFFLINE, away(Starting()), away(Gone("", 1.0))])
def test_trouble_is_shown_after_a_minute_until_it_ends(window: AppWindow, facts: Facts) -> None:
    seen = Seen(window)
    assert seen.look(FINE) is TrayLook.FINE
    assert seen.look(facts) is TrayLook.FINE
    assert seen.look(facts) is TrayLook.FINE
    assert seen.wait() is TrayLook.TROUBLE
    assert seen.look(facts) is TrayLook.TROUBLE
    assert seen.tray.icon.toolTip().endswith(next(said(facts)).text)
    assert seen.look(FINE) is TrayLook.FINE
    assert "\n" not in seen.tray.icon.toolTip()


def test_a_hiccup_is_no_trouble(window: AppWindow) -> None:
    seen = Seen(window)
    seen.look(OFFLINE)
    seen.look(FINE)
    assert not seen.state._patience.isActive()


def test_a_pause_is_shown_at_once_and_before_an_outage(window: AppWindow) -> None:
    seen = Seen(window)
    both = now(counts(queued=3), notices=[paused(), outage("offline")])
    for facts in (PAUSED, both):
        assert seen.look(facts) is TrayLook.PAUSED
    assert seen.look(FINE) is TrayLook.FINE


async def test_its_menu_pauses_and_resumes(play: Play) -> None:
    tray = play.window.tray
    _, pause, _ = tray.menu.actions()
    assert pause.text() == "Pause sending"
    pause.trigger()
    await play.until(lambda: tray.look is TrayLook.PAUSED)
    assert pause.text() == "Resume sending"
    pause.trigger()
    await play.until(lambda: tray.look is TrayLook.FINE)
