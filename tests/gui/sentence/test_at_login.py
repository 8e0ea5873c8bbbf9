"""Sendoff opens with the computer if a person wants it, and then shows itself only if it has to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.frame.notifications import Tray
from desktop.gui.sentence import at_login
from desktop.settings import autostart
from desktop.settings.preferences import MailSettings, Settings, WindowSettings
from sendoff_tasks.client.calls import new_key
from tests.gui.batches.test_batch_verbs import bring
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play

NO_TRAY = pytest.mark.qt_log_ignore("systemTrayWindowChanged", "support raise", extend=True)
"""What Qt says of a tray on a screen that has none."""
OFFER = "This computer must run then, with Sendoff open."


@pytest.fixture(autouse=True)
def _own_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep entries of the test out of the session of who runs it."""
    if sys.platform != "linux":
        pytest.skip("Entries of other systems are not in a folder of the test's own.")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def later(play: Play, name: str) -> None:
    """Submit an item that is planned for later."""
    play.window.form.restore(
        {
            "number": "",
            "values": {"recipient.name": name, "recipient.email": "ada@example.org"},
            "tasks": ["send_confirmation_email"],
            "send_at": "2090-01-01T09:00:00.000Z",
        }
    )
    play.window.form.submit()


async def test_it_is_offered_once_with_the_first_e_mail_for_later(
    play: Play, data: OfficeFolder
) -> None:
    play.submit("Now")
    await play.until(lambda: play.has(1))
    assert OFFER not in play.notes()
    later(play, "Ada")
    note = await play.note(OFFER)
    assert not autostart.is_on(data.root)
    note.link.click()
    assert autostart.is_on(data.root)
    entry = play.window.menu.at_login
    assert entry.isChecked()
    entry.trigger()
    assert not autostart.is_on(data.root)
    later(play, "Bo")
    await play.until(lambda: play.has(3))
    assert OFFER not in play.notes()


async def test_it_is_offered_with_a_mail_out_for_later(play: Play, tmp_path: Path) -> None:
    number = bring(play, tmp_path / "members.csv", 2, run_at="2090-01-01T00:00:00.000Z")
    play.program.rooms.batches.tell_started(play.api.batches.start(number, new_key()))
    await play.note(OFFER)


@NO_TRAY
def test_a_hidden_start_stays_in_the_tray_until_a_login_needs_a_person(
    perform: Perform, data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tray, "is_available", staticmethod(lambda: True))
    at_once = WindowSettings(grace_seconds=0.0)

    async def begin(play: Play) -> None:
        play.submit("Ada")
        await play.until(lambda: play.states() == ["succeeded"])
        assert not play.window.isVisible()
        assert play.window.tray.icon.isVisible()
        with running() as server:
            server.faults["AUTH"] = "535 5.7.8 no"
            where: Any = {"host": "localhost", "port": server.port, "security": "none"}
            mail = MailSettings(transport="smtp", user="ada", **where)
            save(data.settings_file, Settings(mail=mail, window=at_once))
            await play.until(play.window.isVisible)
            assert play.window.tray.icon.isVisible() is False

    perform(begin, is_hidden=True)


@NO_TRAY
def test_a_hidden_start_is_minimised_where_there_is_no_tray(
    perform: Perform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_login, "TRAY_WITHIN_MS", 0)

    async def begin(play: Play) -> None:
        await play.until(play.window.isMinimized)

    perform(begin, is_hidden=True)
