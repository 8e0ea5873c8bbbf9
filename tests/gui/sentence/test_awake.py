"""The computer stays awake while e-mails are sent, and only then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from desktop.gui.kit.words.ages import HOUR
from desktop.gui.sentence.awake import HOLDERS, is_sending
from desktop.settings.preferences import Settings, WindowSettings
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.health import Starting
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.sentence.scenes import NOW, away, counts, held, now, outage, paused
from tests.looking import eventually
from tests.mail.server import Fault, running
from tests.settings.saved import save

if TYPE_CHECKING:
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


def running_batch(seconds: float | None = None, **leaves: Any) -> Any:
    """Return a batch whose next e-mail leaves in so many seconds, or now."""
    following = None if seconds is None else wire_time(round((NOW + seconds) * 1000))
    whole = {"next_at": following, "last_at": following, **leaves}
    return batch(1, counts={"rows": 9, "sent": 4, "open": 5}, **whole)


LIMIT: Final = {"limit": "500/h"}
SENDING: Final = {"batches": [running_batch()]}


@pytest.mark.parametrize(
    "facts",
    [
        now(counts(running=1)),
        now(**SENDING),
        now(**SENDING, notices=[outage("offline", "reports"), paused("reports")]),
        now(batches=[running_batch(50, limited_by=LIMIT)]),
        now(batches=[running_batch(HOUR - 1, limited_by=LIMIT)]),
    ],
)
def test_it_stays_awake_while_e_mails_leave_or_the_pace_alone_delays_them(facts: Any) -> None:
    assert is_sending(facts)


@pytest.mark.parametrize(
    "facts",
    [
        now(counts(queued=3, scheduled=2, waiting=4)),
        now(**SENDING, notices=[paused()]),
        now(**SENDING, notices=[paused("mail")]),
        now(counts(running=1), **SENDING, notices=[outage("offline")]),
        now(**SENDING, notices=[outage("quota")]),
        now(**SENDING, notices=[held("mail", "535 no", "mail_settings")]),
        now(counts(practice=True), **SENDING),
        now(**SENDING, is_app=True),
        away(Starting(), batches=[running_batch()]),
        now(batches=[running_batch(HOUR + 1, limited_by=LIMIT)]),
        now(batches=[running_batch(90)]),
        now(batches=[running_batch(90, limited_by={"mark": "hours"})]),
        now(batches=[running_batch(state="paused")]),
        now(batches=[running_batch(reason="unsettled", reason_data={"count": 5})]),
    ],
)
def test_it_may_sleep_while_something_else_delays_them(facts: Any) -> None:
    assert not is_sending(facts)


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


class Holders:
    """The processes that keep the computer awake: a program of the test's own starts them."""

    def __init__(self, place: Path) -> None:
        self._begun = place / "begun"
        self._begun.touch()
        program = place / HOLDERS[sys.platform][0]
        program.write_text(
            "#!/bin/sh\n"
            f'echo $$ >> "{self._begun}"\n'
            "while [ $# -gt 1 ]; do shift; done\n"
            'exec "$1"\n'
        )
        program.chmod(0o755)

    def begun(self) -> list[int]:
        """Return all that ever began."""
        return (
            [int(each) for each in self._begun.read_text().split()] if self._begun.exists() else []
        )

    def alive(self) -> list[int]:
        return [each for each in self.begun() if is_alive(each)]


@pytest.fixture
def holders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Holders:
    """Give a program that stands before the system's own one."""
    if sys.platform not in HOLDERS:
        pytest.skip("No program does it here.")
    place = tmp_path / "programs"
    place.mkdir()
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    return Holders(place)


def test_a_process_is_there_while_a_batch_is_sent_and_gone_whenever_it_stops(
    perform: Perform, data: OfficeFolder, tmp_path: Path, holders: Holders
) -> None:
    with running() as server:
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))

        async def send(play: Play) -> None:
            menu = play.window.menu
            number = bring(play, tmp_path / "members.csv", 60, rate="1/min")
            assert holders.begun() == []
            play.api.batches.start(number, new_key())
            await play.until(holders.alive)
            menu.pause_chosen.emit()
            await play.until(lambda: not holders.alive())
            menu.resume_chosen.emit()
            await play.until(holders.alive)
            server.faults |= {"greeting": Fault.DROP, "MAIL": Fault.DROP, "RSET": Fault.DROP}
            play.submit("Ada")
            await play.until(lambda: "offline" in play.told())
            await play.until(lambda: not holders.alive())
            server.faults.clear()
            play.choose("try_now")
            await play.until(holders.alive)
            menu.awake.trigger()
            await play.until(lambda: not holders.alive())
            menu.awake.trigger()
            await play.until(holders.alive)

        perform(send)
        assert not holders.alive()


def test_it_ends_with_a_killed_program(holders: Holders) -> None:
    code = (
        "from PySide6.QtCore import QCoreApplication\n"
        "from desktop.gui.sentence.awake import WakeLock\n"
        "app = QCoreApplication([])\n"
        "lock = WakeLock(app)\n"
        "lock.hold()\n"
        "app.exec()\n"
    )
    with subprocess.Popen([sys.executable, "-P", "-c", code]) as killed:
        (number,) = eventually(holders.alive)
        killed.send_signal(signal.SIGKILL)
    eventually(lambda: not is_alive(number))
