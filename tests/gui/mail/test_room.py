"""The mail settings in the program; and a password that is kept for the session.

That one outlives the backend that had it, and no longer.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QWidget

from desktop.client.api import Api
from desktop.contract.office import OfficeRefusal
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import ApiSource
from desktop.gui.mail.mail_settings import MailSettingsDialog
from desktop.gui.mail.room import MailSetup
from desktop.gui.tasks.table.columns import STATUS
from desktop.settings.preferences import Settings
from sendoff_tasks.client.errors import Refused
from tests.gui.hands import answer, asked, asks
from tests.gui.mail.conftest import problem, settings_with
from tests.gui.outboxes import silent_outbox
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.contract.settings import SettingsView
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play
    from tests.mail.server import Server


FOR_SESSION = {"password": "s3cret", "keep_password": "session"}


class Backend:
    """Keeps settings, and a password only in its memory."""

    def __init__(self) -> None:
        self.mail: dict[str, Any] = {}
        self.asked: list[dict[str, Any]] = []

    def settings(self) -> SettingsView:
        kept = "session" if self.mail.get("password") else None
        shown = {key: self.mail[key] for key in self.mail if key in {"host", "user", "transport"}}
        return settings_with(**shown, password_kept=kept)

    def save_settings(self, body: dict[str, Any]) -> SettingsView:
        self.asked.append(body)
        self.mail |= body["mail"]
        return self.settings()


class Desk:
    """The mail settings of a window, and the backends it meets one after the other."""

    def __init__(self, sheet: MailSettingsDialog, jobs: Jobs, qtbot: QtBot) -> None:
        self.sheet, self._qtbot = sheet, qtbot
        self._source = ApiSource(jobs)
        self.setup = MailSetup(sheet, self._source, silent_outbox(sheet, self._source))
        self.setup.serve(sheet)

    def meet(self, backend: Backend) -> None:
        self._source.api = cast("Api", backend)
        with self._qtbot.waitSignal(self.setup.changed):
            self.setup.load()

    def save(self, **mail: Any) -> None:
        with self._qtbot.waitSignal(self.setup.changed):
            self.sheet.save_requested.emit({"mail": mail})


@pytest.fixture
def desk(qtbot: QtBot, host: QWidget, themes: ThemeSource, jobs: Jobs, tmp_path: Path) -> Desk:
    return Desk(MailSettingsDialog(host), jobs, qtbot)


def test_the_next_backend_gets_it_again(desk: Desk) -> None:
    desk.meet(Backend())
    desk.save(**FOR_SESSION)
    following = Backend()
    desk.meet(following)
    assert following.asked == [{"mail": FOR_SESSION}]
    other = Backend()
    other.mail["host"] = "other.example.org"
    desk.meet(other)
    assert other.asked == []  # it is for its own server and login only
    desk.meet(following)
    shown = desk.sheet.form.password.editor.placeholderText()
    assert shown == "Kept until you quit"
    assert "s3cret" not in repr(desk.setup._password)


def test_what_was_forgotten_is_not_handed_on(desk: Desk, qtbot: QtBot) -> None:
    first = Backend()
    desk.meet(first)
    desk.save(**FOR_SESSION)
    desk.sheet.forget_requested.emit()
    qtbot.waitUntil(lambda: desk.sheet.form.password.editor.placeholderText() == "")
    assert first.asked[-1] == {"mail": {"password": ""}}
    following = Backend()
    desk.meet(following)
    assert following.asked == []


def test_it_opens_on_what_another_window_has_saved_and_keeps_what_is_typed(
    desk: Desk, qtbot: QtBot
) -> None:
    backend = Backend()
    backend.mail |= {"host": "smtp.example.org", "transport": "practice"}
    desk.meet(backend)
    form, host = desk.sheet.form, desk.sheet.form.host
    backend.mail["host"] = "other.example.org"
    desk.sheet.open_for_real()
    qtbot.waitUntil(lambda: host.text() == "other.example.org")
    assert form.is_real()
    assert not desk.sheet.has_changes()
    assert desk.sheet.close()
    backend.mail["host"] = "third.example.org"
    desk.sheet.open()
    assert not form.is_real()
    host.set_text("mine.example.org")
    with qtbot.waitSignal(desk.setup.changed):
        pass
    assert host.text() == "mine.example.org"


def test_a_password_that_another_window_forgot_stays_forgotten(desk: Desk, qtbot: QtBot) -> None:
    backend = Backend()
    desk.meet(backend)
    desk.save(**FOR_SESSION)
    backend.save_settings({"mail": {"password": ""}})
    asked = len(backend.asked)
    with qtbot.waitSignal(desk.setup.changed):
        desk.sheet.open()
    assert backend.asked[asked:] == []


def test_what_another_window_saved_is_shown_once_the_password_is_forgotten(
    desk: Desk, qtbot: QtBot
) -> None:
    backend = Backend()
    desk.meet(backend)
    desk.save(host="a.example.org", **FOR_SESSION)
    with qtbot.waitSignal(desk.setup.changed):
        desk.sheet.open()
    backend.mail["host"] = "b.example.org"
    desk.sheet.forget_requested.emit()
    qtbot.waitUntil(lambda: desk.sheet.form.host.text() == "b.example.org")
    assert desk.sheet.form.password.editor.placeholderText() == ""


def test_nothing_is_saved_before_the_settings_were_read(desk: Desk) -> None:
    desk.sheet.open()
    desk.sheet.form.practice_to.set_text("me@example.org")
    backend = Backend()
    desk._source.api = cast("Api", backend)
    desk.sheet.save_button.click()
    desk.meet(backend)
    assert desk.sheet.form.is_real()
    assert backend.asked == []


def test_one_that_was_read_before_opens_without_a_backend(desk: Desk) -> None:
    desk.meet(Backend())
    desk._source.api = None
    desk.sheet.open()
    assert desk.sheet.trouble.isHidden()


def word(play: Play, place: int = 0) -> str:
    (row,) = play.model.rows_between(place, place)
    return play.model.cells(row)[STATUS]


async def a_change_of_the_settings_elsewhere_is_said_here(
    play: Play, data: OfficeFolder, server: Server
) -> None:
    always, through = play.window.head.always, play.window.menu.through
    await play.until(lambda: "practice" in play.told() and always.text() == "Practice")
    assert not through.isVisible()
    save(data.settings_file, Settings(mail=server.settings()))
    await play.until(lambda: "practice" not in play.told() and not always.text())
    await play.until(through.isVisible)
    play.submit("Ada")
    await play.note("Item 1 will be sent in 5 s")
    play.window.notes.undo()
    save(data.settings_file, Settings())
    await play.until(lambda: "practice" in play.told() and not through.isVisible())
    assert play.window.sentence.cross.isHidden()
    play.choose("real_sending")
    sheet = play.window.mail.dialog
    assert sheet.isVisible()
    assert sheet.close()
    sheet.open()
    sheet.save_button.click()
    await play.note("The mail settings are saved")
    assert sheet.isHidden()


async def kept_messages_are_counted_shown_and_never_sent_by_one_press(
    play: Play, data: OfficeFolder, server: Server
) -> None:
    play.program.rooms.services.grace.seconds = 0.0
    for count, name in enumerate(("Ada", "Bo"), 1):
        play.submit(name)
        await play.until(lambda count=count: play.states().count("succeeded") == count)  # type: ignore[misc]
    assert word(play).startswith("Kept ")
    await play.until(lambda: {"practice", "soft kept"} <= play.told())
    assert "kept" not in play.told()
    save(data.settings_file, Settings(mail=server.settings()))
    await play.until(lambda: play.window.cases.sentence == "2 e-mails were kept in practice")
    assert {each.button.verb for each in play.window.sentence.found if each.button} == {"show_kept"}
    play.choose("show_kept")
    await play.until(lambda: play.model.is_loaded and play.has(2))
    assert play.window.page.chips.chosen.name == "kept"
    await asyncio.to_thread(play.api.retry, min(play.rows()))
    await play.until(lambda: len(server.mails) == 1)
    await play.until(lambda: play.window.cases.sentence == "1 e-mail was kept in practice")
    play.window.sentence.cross.click()
    await play.until(lambda: "kept" not in play.told())
    save(data.settings_file, Settings())
    await play.until(lambda: {"practice", "soft kept"} <= play.told())


def test_practice_is_said_and_left_with_what_it_has_kept(
    perform: Perform, data: OfficeFolder
) -> None:
    with running() as server:
        scenes = (
            a_change_of_the_settings_elsewhere_is_said_here,
            kept_messages_are_counted_shown_and_never_sent_by_one_press,
        )
        perform(*[partial(each, data=data, server=server) for each in scenes])


@pytest.mark.parametrize(
    ("chosen", "becomes"), [("Keep them here", "keep"), ("Let them wait", "hold")]
)
def test_practice_asks_what_becomes_of_what_was_submitted_for_real(
    sheet: MailSettingsDialog, saved: list[Any], chosen: str, becomes: str
) -> None:
    sheet.form.transport.button("practice").click()
    refused = problem()
    refused["refusal"], refused["data"] = OfficeRefusal.STILL_OPEN, {"count": 7}
    for _ in range(2):
        sheet.save_button.click()
        sheet.show_failure(Refused(refused))
        assert asks(say("practice", "still_open", n=7))
        answer("Keep editing")
        assert (asked(), sheet.trouble.text()) == (None, "")
    sheet.save_button.click()
    sheet.show_failure(Refused(refused))
    answer(chosen)
    assert [each.get("open") for each in saved] == [None, None, None, becomes]
    sheet.show_settings(settings_with(transport="practice"))
    assert sheet.isHidden()
