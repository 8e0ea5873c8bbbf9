"""*Open…* meets a server before its window starts, and keeps the token in the keyring alone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtCore import Qt

from desktop.gui.frame import open_server
from desktop.gui.frame.open_server import Opening
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend
from sendoff_tasks.folder.tokens import add_token
from sendoff_tasks.model.problems import Access
from tests import WITHIN
from tests.settings.test_secrets import MemoryKeyring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs
    from tests.conftest import RunningBackend


@pytest.fixture(autouse=True)
def kept() -> Iterator[MemoryKeyring]:
    found = MemoryKeyring()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(fail.Keyring())


class Desk:
    """A window on this computer, a server that runs, and a person who opens it."""

    def __init__(self, window: AppWindow, home: OfficeFolder, jobs: Jobs, qtbot: QtBot) -> None:
        self.opened: list[Backend | None] = []
        self.window, self.home, self.jobs, self.qtbot = window, home, jobs, qtbot
        self.opening = Opening(window, home, None, jobs)
        window.menu.open_chosen.emit()
        self.dialog = self.opening.dialog

    def open(self, address: str, token: str = "") -> None:
        self.window.menu.open_chosen.emit()
        for field, text in ((self.dialog.address, address), (self.dialog.token, token)):
            field.set_text(text)
        self.qtbot.keyClick(self.dialog.token.editor, Qt.Key.Key_Return)

    def until_opened(self, server: Backend | None) -> None:
        self.qtbot.waitUntil(lambda: self.opened == [server])
        self.opened.clear()
        assert self.dialog.isHidden()
        assert not self.dialog.token.text()

    def until_said(self, words: str) -> None:
        fields = (self.dialog.address, self.dialog.token)
        self.qtbot.waitUntil(lambda: any(words in each.error for each in fields))


@pytest.fixture
def desk(
    window: AppWindow,
    data: OfficeFolder,
    jobs: Jobs,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    made = Desk(window, data, jobs, qtbot)
    monkeypatch.setattr(
        open_server, "open_window", lambda _home, server: made.opened.append(server)
    )
    return made


@pytest.fixture
def server(tmp_path: Path, backends: Callable[[Path], RunningBackend]) -> Backend:
    folder = OfficeFolder(tmp_path / "server")
    folder.create()
    token = add_token(folder.tokens_file, "Ada", Access.VIEWER)
    return Backend(backends(folder.root).backend.url, token, NO_PID)


def test_a_server_is_opened_by_address_and_token_and_then_by_a_click(
    desk: Desk, server: Backend, kept: MemoryKeyring
) -> None:
    desk.open("http://sendoff.example.org", "abc")
    desk.until_said("This would send the token unencrypted.")
    desk.open(f"{server.url}?token=abc", "abc")
    desk.until_said("Enter the address alone")
    desk.open(server.url)
    desk.until_said("Enter the token")
    desk.open(server.url, "wrong")
    desk.until_said("The server does not know this token.")
    assert kept.kept == {}

    desk.open(server.url.removeprefix("http://"), f" {server.token} ")
    desk.until_opened(server)
    assert kept.kept == {("sendoff", f"token for {server.url}"): server.token}
    place = desk.home.at_address(server.url)
    place.create()
    place.address_file.write_text(server.url)  # as its window does
    assert server.token not in place.address_file.read_text()

    desk.window.menu.open_chosen.emit()
    desk.qtbot.waitUntil(lambda: list(desk.dialog.rows) == [server.url])
    desk.dialog.rows[server.url].click()
    desk.until_opened(server)
    desk.window.menu.open_chosen.emit()
    desk.qtbot.waitUntil(lambda: list(desk.dialog.rows) == [server.url])
    desk.dialog.crosses[server.url].click()
    desk.qtbot.waitUntil(lambda: not desk.dialog.rows)
    assert kept.kept == {}
    desk.dialog.close()
    desk.window.menu.this_computer_chosen.emit()
    desk.until_opened(None)


def test_closing_the_dialog_takes_the_wish_back_and_some_tokens_are_for_this_run(
    desk: Desk, server: Backend, kept: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.opening._server = Backend("http://127.0.0.1:1", server.token, NO_PID)
    desk.window.cases.press("open_server", server.url)  # by a spare, with its token
    desk.until_opened(server)
    assert kept.kept == {}
    desk.opening._server = None

    asked, let_go, meet = list[str](), threading.Event(), open_server.meet_server

    def slowly(url: str, typed: str, _spare: str) -> object:
        asked.append(url)
        return meet(url, typed) if let_go.wait(WITHIN) else None

    monkeypatch.setattr(open_server, "meet_server", slowly)
    desk.open(server.url, server.token)
    desk.qtbot.waitUntil(lambda: len(asked) == 1)
    desk.dialog.close()
    desk.open(server.url, "wrong")
    let_go.set()
    desk.until_said("The server does not know this token.")
    desk.qtbot.waitUntil(lambda: not desk.jobs.under_way)
    assert desk.opened == []

    keyring.set_keyring(fail.Keyring())
    desk.open(server.url, server.token)
    desk.until_opened(server)
    notes = desk.window.notes
    assert any("keyring did not take the token" in each.text() for each in notes.shown)


def test_the_server_that_a_spare_names_is_asked_once_and_an_error_is_said_in_the_dialog(
    desk: Desk, server: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, let_go = list[str](), threading.Event()

    def fail_slowly(url: str, _typed: str, _spare: str) -> None:
        asked.append(url)
        assert let_go.wait(WITHIN)
        raise OSError("The keyring is broken.")

    monkeypatch.setattr(open_server, "meet_server", fail_slowly)
    desk.window.cases.press("open_server", server.url)
    desk.dialog.button.click()
    let_go.set()
    desk.until_said("The keyring is broken.")
    assert asked == [server.url]
    desk.dialog.button.click()
    desk.qtbot.waitUntil(lambda: asked == [server.url] * 2)


def test_another_token_for_the_own_server_is_taken_by_a_new_window_after_this_one(
    window: AppWindow, data: OfficeFolder, jobs: Jobs, qtbot: QtBot, server: Backend
) -> None:
    old = Backend(server.url, "a token that was removed", NO_PID)
    own = Opening(window, data, old, jobs)
    window.cases.press("other_token", "")
    assert own.dialog.address.text() == server.url
    qtbot.keyClicks(own.dialog.token.editor, server.token)
    with qtbot.waitSignal(own.successor_wanted) as told:
        own.dialog.button.click()
    assert told.args == [server]
