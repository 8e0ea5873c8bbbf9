"""The mail settings in the program; and a password that is kept for the session.

That one outlives the backend that had it, and no longer.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QWidget

from desktop.client.api import Api, ApiSource
from desktop.gui.mail.mail_settings import MailSettingsSheet
from desktop.gui.mail.room import MailSetup
from tests.gui.mail.conftest import settings_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from tests.gui.play import Play, Scene

FOR_SESSION = {"password": "s3cret", "keep_password": "session"}


class Backend:
    """Keeps settings, and a password only in its memory."""

    def __init__(self) -> None:
        self.mail: dict[str, Any] = {}
        self.asked: list[dict[str, Any]] = []

    def settings(self) -> dict[str, Any]:
        kept = "session" if self.mail.get("password") else None
        shown = {key: self.mail[key] for key in self.mail if key in {"host", "user"}}
        return settings_with(**shown, password_kept=kept)

    def save_settings(self, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(body)
        self.mail |= body["mail"]
        return self.settings()


class Desk:
    """The mail settings of a window, and the backends it meets one after the other."""

    def __init__(self, sheet: MailSettingsSheet, jobs: Jobs, qtbot: QtBot) -> None:
        self.sheet, self._qtbot = sheet, qtbot
        self._source = ApiSource()
        self.setup = MailSetup(sheet, self._source, jobs)
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
    return Desk(MailSettingsSheet(host), jobs, qtbot)


def test_the_next_backend_gets_it_again(desk: Desk) -> None:
    desk.meet(Backend())
    desk.save(**FOR_SESSION)
    following = Backend()
    desk.meet(following)
    assert following.asked == [{"mail": FOR_SESSION}]
    shown = desk.sheet.form.password.editor.placeholderText()
    assert shown == "Kept until you quit"
    assert "s3cret" not in repr(desk.setup._password)


def test_it_is_for_its_own_server_and_login_only(desk: Desk) -> None:
    desk.meet(Backend())
    desk.save(**FOR_SESSION)
    other = Backend()
    other.mail["host"] = "other.example.org"
    desk.meet(other)
    assert other.asked == []


def test_what_was_forgotten_is_not_handed_on(desk: Desk, qtbot: QtBot) -> None:
    first = Backend()
    desk.meet(first)
    desk.save(**FOR_SESSION)
    desk.sheet.forget_requested.emit()
    qtbot.waitUntil(lambda: desk.sheet.form.password.editor.placeholderText() == "")
    following = Backend()
    desk.meet(following)
    assert following.asked == []


def test_the_settings_are_loaded_saved_and_take_effect(perform: Callable[[Scene], None]) -> None:
    async def scene(play: Play) -> None:
        mail = play.program.rooms.mail.setup
        settings = await asyncio.to_thread(play.api.settings)
        heard: list[object] = []
        mail.changed.connect(heard.append)
        play.window.mail.sheet.save_requested.emit({"window": {"grace_seconds": 30.0}})
        await play.until(lambda: heard)
        assert play.program.rooms.services.grace.seconds == 30.0
        assert (await asyncio.to_thread(play.api.settings))["mail"] == settings["mail"]
        play.submit("Ada")
        await play.until(lambda: play.states() == ["scheduled"])
        await play.toast("will be sent in")

    perform(scene)


def test_a_bad_setting_stands_at_its_field(perform: Callable[[Scene], None]) -> None:
    async def scene(play: Play) -> None:
        sheet = play.window.mail.sheet
        sheet.open()
        settings = await asyncio.to_thread(play.api.settings)
        sheet.form.show_values({**settings["mail"], "transport": "smtp"})
        sheet.save_requested.emit({"mail": {"transport": "smtp", "host": "", "port": 70000}})
        await play.until(lambda: sheet.form.port.error)
        assert sheet.isVisible()

    perform(scene)


def test_the_stored_password_is_forgotten(
    perform: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(play: Play) -> None:
        sheet, asked = play.window.mail.sheet, []
        settings = await asyncio.to_thread(play.api.settings)

        def save(body: dict[str, Any]) -> dict[str, Any]:
            asked.append(body)
            return settings

        monkeypatch.setattr(play.api, "save_settings", save)
        sheet.open()
        sheet.form.show_values(
            {**settings["mail"], "transport": "smtp", "password_kept": "keyring"}
        )
        sheet.form.forget.click()
        await play.until(sheet.form.forget.isHidden)
        assert asked == [{"mail": {"password": ""}}]
        assert sheet.isVisible()

    perform(scene)


def test_a_test_mail_of_practice_mode_is_made(perform: Callable[[Scene], None]) -> None:
    async def scene(play: Play) -> None:
        sheet = play.window.mail.sheet
        sheet.open()
        await play.until(sheet.form.sent_from.text)
        sheet.test_to.set_text("ada@example.org")
        sheet.test_button.click()
        await play.until(lambda: sheet.result.property("role") != "soft")
        assert sheet.result.property("role") == "good", sheet.result.text()

    perform(scene)
