"""*Try now* says what came of it: of a server that is still away, and of one that is back."""

from __future__ import annotations

import re
import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.client.api import Api, TaskQuery, new_key
from desktop.gui.frame import queues
from desktop.gui.kit.words.ages import DAY
from desktop.gui.tasks.acting.task_actions import Everything
from desktop.settings.preferences import Settings, WindowSettings
from tests import WITHIN
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.frame.test_pausing import bar_button
from tests.gui.play import post
from tests.mail.server import Fault, running
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from desktop.contract.queues import Queue
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

AT_ONCE = WindowSettings(grace_seconds=0.0)
UNREACHABLE = """
from desktop.engine import Unreachable, task

@task(title="Parcel", queue="parcel")
def parcel() -> None:
    raise Unreachable("The depot is closed")
"""


def test_what_came_of_it_is_said_wherever_it_was_pressed(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    with running() as server:
        server.faults["greeting"] = Fault.DROP
        save(data.settings_file, Settings(mail=server.settings(), window=AT_ONCE))

        async def press(play: Play) -> None:
            notices, detail = play.window.notices, play.window.page.detail
            play.submit("Ada")
            await play.until(lambda: "queue:mail" in notices.names())
            bar_button(play, "Try now").click()
            toast = await play.toast("The mail server still cannot be reached.")
            assert re.search(r"Next try at \d+:\d\d:\d\d", toast.text())
            assert not any("Trying" in each for each in play.toasts())
            play.window.toasts.close(toast)

            play.window.page.table.selectRow(0)

            def found() -> list[QPushButton]:
                return [b for b in detail.findChildren(QPushButton) if b.text() == "Try now"]

            await play.until(found)
            found()[0].click()
            await play.toast("The mail server still cannot be reached.")

            number = bring(play, tmp_path / "members.csv", 2)
            play.api.batches.start(number, new_key())
            play.window.switch.choose("batches")
            row = play.window.batches.card.row
            await play.until(lambda: "try_queue" in row.buttons)
            server.faults.clear()
            row.buttons["try_queue"].click()
            await play.until(lambda: play.api.batches.one(number)["counts"]["sent"] == 2)

        perform(press)


def test_a_hold_that_a_try_did_not_end_is_said(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    """After a refused login, *Try now* at a task asked the server and said nothing of it."""
    with running() as server:
        server.faults["MAIL"] = "530 5.7.0 authentication required"
        save(data.settings_file, Settings(mail=server.settings(), window=AT_ONCE))

        async def press(play: Play) -> None:
            play.submit("Ada")
            await play.until(lambda: "queue:mail" in play.window.notices.names())
            play.program.rooms.tasks.verbs.carry_out("try_now", [min(play.rows())])
            toast = await play.toast("It was tried. Mail is still on hold: ")
            assert "530 5.7.0 authentication required" in toast.text()
            server.faults.clear()
            play.program.rooms.tasks.verbs.carry_out("try_now", [min(play.rows())])
            await play.until(lambda: play.states() == ["succeeded"])

        perform(press)


def test_what_came_of_it_is_told_by_the_backend_alone(
    perform: Callable[[Scene], None], data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window's clock decided, and each queue that waited for a server was taken for tried."""
    (data.tasks / "own.py").write_text(UNREACHABLE)
    tried: list[str] = []

    def trying(queue: Queue) -> str:
        tried.append(queue["name"])
        return "Trying…"

    ahead = SimpleNamespace(time=lambda: time.time() + DAY, monotonic=time.monotonic)
    monkeypatch.setattr(queues, "time", ahead)
    monkeypatch.setattr(queues, "trying_words", trying)
    with running() as server:
        server.faults["greeting"] = Fault.DROP
        save(data.settings_file, Settings(mail=server.settings(), window=AT_ONCE))

        async def press(play: Play) -> None:
            post(play.api, "/tasks", {"task": "parcel"})
            play.submit("Ada")
            await play.until(
                lambda: {"queue:mail", "queue:parcel"} <= {*play.window.notices.names()}
            )
            (mail,) = play.api.page(TaskQuery(queue="mail"))["tasks"]
            for which in ([mail["id"]], Everything(TaskQuery(queue="mail"), 1)):
                play.program.rooms.tasks.verbs.carry_out("try_now", which)
                toast = await play.toast("The mail server still cannot be reached.")
                play.window.toasts.close(toast)
            assert set(tried) <= {"mail"}

        perform(press)


def test_while_a_server_is_asked_that_is_said_and_nothing_once_it_has_answered(
    perform: Callable[[Scene], None], data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "LONGEST_S", 600)
    with running() as server:
        server.faults["DATA"] = "452 4.5.3 Daily quota exceeded"
        save(data.settings_file, Settings(mail=server.settings(), window=AT_ONCE))

        async def press(play: Play) -> None:
            notices = play.window.notices
            play.submit("Ada")
            await play.until(lambda: "queue:mail" in notices.names())
            bar_button(play, "Try now").click()
            await play.toast("The mail server still accepts no more messages. Next try at ")
            server.faults["greeting"] = Fault.SILENCE
            server.drop_all()  # a connection that is kept would do without a greeting
            server.faults.pop("DATA")
            bar_button(play, "Try now").click()
            await play.toast("Trying the mail server…")
            server.faults.clear()
            server.drop_all()
            await play.until(lambda: play.states() == ["succeeded"])
            await play.until(lambda: not any("Trying" in each for each in play.toasts()))

        perform(press)


def test_what_was_read_before_a_second_press_does_not_answer_it(
    perform: Callable[[Scene], None], data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, told = Api.queues, list[bool]()
    asked, answer = threading.Event(), threading.Event()

    def late(api: Api) -> list[Queue]:
        found = read(api)
        is_trying = any(each["held"] and each["held"]["is_trying"] for each in found)
        if not is_trying and not asked.is_set():
            asked.set()
            assert answer.wait(WITHIN)
        told.append(is_trying)
        return found

    monkeypatch.setattr(queues, "LONGEST_S", 600)
    with running() as server:
        server.faults["DATA"] = "452 4.5.3 Daily quota exceeded"
        save(data.settings_file, Settings(mail=server.settings(), window=AT_ONCE))

        async def press(play: Play) -> None:
            play.submit("Ada")
            await play.until(lambda: "queue:mail" in play.window.notices.names())
            monkeypatch.setattr(Api, "queues", late)
            server.faults["greeting"] = Fault.SILENCE
            server.drop_all()  # a connection that is kept would do without a greeting
            bar_button(play, "Try now").click()
            await play.toast("Trying the mail server…")
            server.drop_all()
            await play.until(asked.is_set)  # as soon as the bar of the used up quota went
            await play.until(lambda: "queue:mail" in play.window.notices.names())
            told.clear()
            bar_button(play, "Try now").click()
            await play.until(lambda: True in told)
            answer.set()
            await play.until(lambda: False in told and not play.program.jobs.under_way)
            assert any("Trying" in each for each in play.toasts())
            server.faults.clear()
            server.drop_all()
            await play.until(lambda: play.states() == ["succeeded"])
            await play.until(lambda: not any("Trying" in each for each in play.toasts()))

        perform(press)


def test_after_a_pause_the_server_is_asked_and_that_is_said(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    """*Resume* said that mail waits for its server, which was back; *Try now* tried nothing."""
    with running() as server:
        server.faults["greeting"] = Fault.DROP
        save(data.settings_file, Settings(mail=server.settings(), window=AT_ONCE))

        async def pause(play: Play) -> None:
            notices, card = play.window.notices, play.window.causes.card
            play.submit("Ada")
            await play.until(lambda: "queue:mail" in notices.names())
            play.window.top_bar.pause.button.click()
            await play.until(lambda: "paused:" in notices.names())
            play.window.switch.choose("causes")
            await play.until(lambda: list(card.row.buttons) == ["resume", "tasks"])
            card.row.buttons["resume"].click()
            await play.toast("The mail server still cannot be reached.")
            assert not any("continues by itself" in each for each in play.toasts())
            await play.until(lambda: "paused:" not in notices.names())
            server.faults.clear()
            await play.until(lambda: play.states() == ["succeeded"])

        perform(pause)
