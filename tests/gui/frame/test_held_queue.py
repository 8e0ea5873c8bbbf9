"""A mail server that wants another login or is gone: what the person sees, and *Try now*."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton

from desktop.gui.tasks.acting.pending_actions import Announced
from desktop.settings.preferences import Settings, WindowSettings
from tests.mail.server import Fault, running
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def test_once_the_server_works_try_now_at_any_task_sends_all_that_waits(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    with running() as server:
        server.faults["MAIL"] = "530 5.7.0 Authentication required"
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))

        async def scene(play: Play) -> None:
            detail, notices = play.window.page.detail, play.window.notices
            play.submit("Ada")
            await play.until(lambda: "queue:mail" in notices.names())
            assert notices.text("queue:mail").startswith("Sending e-mail is on hold: ")
            play.program.rooms.services.grace.seconds = 1.0
            for count, name in enumerate(("Bo", "Cy"), 2):
                await play.until(play.window.form.is_empty)
                play.submit(name)
                await play.toast(f"Item {count} will be sent once sending continues")
                await play.until(partial(play.has, count))
            await play.until(lambda: sorted(play.states()) == ["queued", "queued", "waiting"])
            play.window.top_bar.pause.resume_chosen.emit()
            await play.toast("still on hold")
            play.window.page.table.selectRow(0)
            await play.until(lambda: "Its queue is on hold" in detail.summary.explanation.text())
            server.faults.clear()
            (try_now,) = (b for b in detail.findChildren(QPushButton) if b.text() == "Try now")
            try_now.click()
            await play.until(lambda: play.states() == ["succeeded"] * 3)
            await play.until(lambda: "queue:mail" not in notices.names())
            await play.until(lambda: detail.summary.headline.text().startswith("Sent, "))

        perform(scene)
    assert len(server.mails) == 3


def test_a_server_that_is_gone_costs_nothing_and_try_now_in_the_bar_finds_it_back(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    with running() as server:
        server.faults["greeting"] = Fault.DROP
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))

        async def scene(play: Play) -> None:
            detail, notices = play.window.page.detail, play.window.notices
            play.submit("Ada")
            await play.until(lambda: "queue:mail" in notices.names())
            assert notices.text("queue:mail").startswith("No connection to localhost since ")
            play.window.page.table.selectRow(0)
            await play.until(lambda: detail.summary.headline.text() == "Waiting for the connection")
            server.faults.clear()
            (try_now,) = (b for b in notices.findChildren(QPushButton) if b.text() == "Try now")
            try_now.click()
            await play.until(lambda: play.states() == ["succeeded"])
            await play.until(lambda: "queue:mail" not in notices.names())

        perform(scene)
    assert len(server.mails) == 1


def test_those_of_several_tasks_whose_queue_is_on_hold_wait_for_no_person() -> None:
    """They *start once you resume* was said where nothing was paused."""

    def when(left: int, queue: str, *, releases: bool) -> str:
        stops = {"mail": "" if releases else "once sending continues", "slow": "once you resume"}
        return stops.get(queue) or (f"in {left} s" if left else "")

    toasts: Any = SimpleNamespace(when=when)

    def words(said: str, action: str) -> str:
        rows: Any = {7: {"touched": looked["touched"]}}
        return Announced(said, action, rows, answer=looked).words(toasts, 5)

    looked: Any = {"touched": 6, "skipped": [], "is_exact": True}
    looked["queues"] = {"mail": 2, "slow": 1, "own": 3}
    assert words("again", "again").splitlines() == [
        "6 tasks will run again in 5 s",
        "2 of them start once sending continues.",
        "1 of them starts once you resume.",
    ]
    looked["aside"] = {"batch_paused": {"own": 1}, "batch_limit": {"mail": 2}}
    assert words("again", "again").splitlines() == [
        "6 tasks will run again in 5 s",
        "1 of them starts once you resume the batch.",
        "2 of them start once the limit of the batch allows.",
        "1 of them starts once you resume.",
    ]
    looked |= {"touched": 1, "queues": {"own": 1}, "aside": {"batch_paused": {"own": 1}}}
    assert words("try_now", "retry") == "1 task will be tried once you resume the batch"
