"""Queues that are paused, on hold or wait for their server, carried out by a real backend."""

from __future__ import annotations

import re
import threading
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.gui.frame import queues
from desktop.gui.frame.room import WaitingChanges
from desktop.gui.kit.lists import live_rows
from desktop.gui.link.connection import Live
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import PendingAction
from desktop.gui.tasks.table.columns import STATUS
from desktop.settings.preferences import Settings, WindowSettings
from sendoff_tasks.client.calls import new_key
from tests import WITHIN
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.desk_acts import choose, offered
from tests.gui.frame.test_head import HELD, queue
from tests.gui.outboxes import outbox_of
from tests.mail.server import Fault, running
from tests.settings.saved import save

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.model.queues import Queue
    from tests.gui.play import Perform, Play


async def test_what_is_typed_while_all_is_paused_waits_says_why_and_leaves_on_resume(
    play: Play,
) -> None:
    menu = play.window.menu
    menu.pause_chosen.emit()
    await play.until(lambda: "paused" in play.told())
    play.program.rooms.services.grace.seconds = 1.0
    play.submit("Ada")
    await play.note("Item 1 will be kept, not sent, once you resume")
    await play.until(lambda: play.states() == ["queued"])
    await play.until(lambda: "soft until_resumed" in play.told())
    play.window.page.table.selectRow(0)
    lead = play.window.page.detail.lead
    await play.until(lambda: lead.headline.text().startswith("Paused since"))
    assert lead.line.text() == "It continues when you press Resume."
    (row,) = play.model.rows_between(0, 0)
    assert play.model.cells(row)[STATUS] == "Waiting"
    assert play.model.cell_of(row, STATUS).words.startswith("Waiting · paused: Paused since")
    play.choose("resume")
    await play.until(lambda: play.states() == ["succeeded"])
    await play.until(lambda: "paused" not in play.told())
    play.api.pause("mail")  # as the page does
    await play.until(lambda: "queue_paused" in play.told())
    play.submit("Bo")
    await play.note("Item 2 will be kept, not sent, once you resume")
    await play.until(lambda: "paused" in play.told())  # there is no other queue
    play.choose("resume")
    await play.until(lambda: not {"paused", "queue_paused"} & play.told())


class Steered:
    """Notes what is paused and resumed, in order."""

    def __init__(self) -> None:
        self.asked = list[tuple[str, str | None]]()

    def pause(self, queue: str | None) -> list[Queue]:
        self.asked.append(("pause", queue))
        return []

    def resume(self, queue: str | None) -> list[Queue]:
        self.asked.append(("resume", queue))
        return []


def test_pauses_wait_for_a_backend_in_order_and_only_the_newest_of_each(
    window: AppWindow, jobs: Jobs, qtbot: QtBot
) -> None:
    source, steered = ApiSource(jobs), Steered()
    outbox = outbox_of(window, source)
    WaitingChanges(window, outbox)
    pausing = queues.Pausing(window, outbox)
    pausing.pause()
    assert [each.text() for each in window.notes.shown] == ["Waiting for Sendoff: 1 change"]
    pausing.resume(None)
    pausing.resume("own")
    pausing.pause()
    assert [each.text() for each in window.notes.shown] == ["Waiting for Sendoff: 2 changes"]
    source.api = steered  # type: ignore[assignment]
    source.go_on()
    qtbot.waitUntil(lambda: not outbox.unanswered)
    assert steered.asked == [("resume", "own"), ("pause", None)]
    assert window.notes.shown == []


AT_ONCE = WindowSettings(grace_seconds=0.0)


def test_what_came_of_it_is_said_wherever_it_was_pressed(
    perform: Perform, data: OfficeFolder, tmp_path: Path
) -> None:
    with running() as server:
        server.faults["greeting"] = Fault.DROP
        save(data.settings_file, Settings(mail=server.settings(), window=AT_ONCE))

        async def press(play: Play) -> None:
            play.submit("Ada")
            await play.until(lambda: "offline" in play.told())
            play.choose("try_now")
            note = await play.note("The mail server still cannot be reached.")
            assert re.search(r"Sendoff tries again at \d+:\d\d:\d\d", note.text())
            assert not any("Trying" in each for each in play.notes())
            play.window.notes.close(note)
            play.window.menu.pause_chosen.emit()
            await play.until(lambda: "paused" in play.told())
            play.window.menu.resume_chosen.emit()  # then the server is asked
            note = await play.note("The mail server still cannot be reached.")
            play.window.notes.close(note)
            await play.until(lambda: "paused" not in play.told())

            number = bring(play, tmp_path / "members.csv", 2)
            play.api.batches.start(number, new_key())
            play.window.batches.open()
            card = play.window.batches.card
            await play.until(lambda: "try_queue" in offered(card))
            server.faults.clear()
            choose(card, "try_queue")
            await play.until(lambda: play.api.batches.one(number)["counts"]["sent"] == 2)
            await play.until(lambda: "offline" not in play.told())

        perform(press)
    assert len(server.mails) == 3


class Tried:
    """Answers for a queue that tries its server, at first late and with what was before."""

    def __init__(self) -> None:
        self.is_asked, self.may_answer = threading.Event(), threading.Event()

    def retry_queue(self, _: str) -> list[Queue]:
        return [queue(held={**HELD, "kind": "offline", "until": NEVER, "is_trying": True})]

    def queues(self) -> list[Queue]:
        self.is_asked.set()
        assert self.may_answer.wait(WITHIN)
        return [queue(held={**HELD, "kind": "offline", "until": NEVER})]


NEVER = "2099-01-01T00:00:00Z"


def test_what_was_read_before_a_second_press_does_not_answer_it(
    window: AppWindow, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_rows, "EVERY_MS", 600_000)  # it is read once
    asked: Any = Tried()
    source, notes = ApiSource(jobs, asked), window.notes
    trying = queues.QueueTries(window, source, outbox_of(window, source), Live(window))
    trying.try_queue("mail")
    qtbot.waitUntil(asked.is_asked.is_set)
    first = notes.shown
    trying.try_queue("mail")
    qtbot.waitUntil(lambda: notes.shown != first)  # “Trying” is said anew
    asked.may_answer.set()
    qtbot.waitUntil(lambda: not jobs.under_way)
    assert [each.text() for each in notes.shown] == ["Trying the mail server…"]


def buttons(detail: QWidget, words: str) -> list[QPushButton]:
    return [each for each in detail.findChildren(QPushButton) if each.text() == words]


def test_once_the_server_works_try_now_at_any_task_sends_all_that_waits(
    perform: Perform, data: OfficeFolder
) -> None:
    with running() as server:
        server.faults["MAIL"] = "530 5.7.0 Authentication required"
        save(data.settings_file, Settings(mail=server.settings(), window=AT_ONCE))

        async def scene(play: Play) -> None:
            detail, soft = play.window.page.detail, play.window.sentence.soft
            play.submit("Ada")
            await play.until(lambda: "mail_held" in play.told())
            play.program.rooms.services.grace.seconds = 1.0
            for count, name in enumerate(("Bo", "Cy"), 2):
                await play.until(play.window.form.is_empty)
                play.submit(name)
                await play.note(f"Item {count} will be sent once sending continues")
                await play.until(partial(play.has, count))
            await play.until(lambda: sorted(play.states()) == ["queued", "queued", "waiting"])
            play.window.menu.resume_chosen.emit()
            await play.note("still on hold")
            play.window.page.table.selectRow(0)
            await play.until(lambda: "Sending is on hold" in detail.lead.line.text())
            play.program.rooms.tasks.verbs.carry_out("try_now", [min(play.rows())])
            await play.note("Mail was tried and is still on hold.")
            await play.until(lambda: "mail_held" in play.told())  # its event may come later
            assert "530 5.7.0 Authentication required" in soft.text()
            server.faults.clear()
            await play.until(lambda: buttons(detail, "Try now"))
            (try_now,) = buttons(detail, "Try now")
            try_now.click()
            await play.until(lambda: play.states() == ["succeeded"] * 3)
            await play.until(lambda: "mail_held" not in play.told())
            await play.until(lambda: detail.lead.headline.text().startswith("Sent "))

        perform(scene)
    assert len(server.mails) == 3


def test_those_of_several_tasks_whose_queue_is_on_hold_wait_for_no_person() -> None:
    def when(left: int, queue: str, *, releases: bool) -> str:
        stops = {"mail": "" if releases else "once sending continues", "slow": "once you resume"}
        return stops.get(queue) or (f"in {left} s" if left else "")

    notes: Any = SimpleNamespace(when=when)

    def words(said: str, action: str) -> str:
        row: Any = {"touched": looked["touched"]}
        return PendingAction(action, said, row=row, answer=looked).words(notes, 5)

    looked: Any = {"touched": 6, "skipped": [], "is_exact": True}
    looked["queues"] = {"mail": 2, "slow": 1, "own": 3}
    assert words("again", "again").splitlines() == [
        "Run again · 6 tasks · in 5 s",
        "2 of them start once sending continues.",
        "1 of them starts once you resume.",
    ]
    looked["aside"] = {"batch_paused": {"own": 1}, "batch_limit": {"mail": 2}}
    assert words("again", "again").splitlines() == [
        "Run again · 6 tasks · in 5 s",
        "1 of them starts once you resume the batch.",
        "2 of them start once the batch allows.",
        "1 of them starts once you resume.",
    ]
    looked |= {"touched": 1, "queues": {"own": 1}, "aside": {"batch_paused": {"own": 1}}}
    assert words("try_now", "retry") == "Try now · 1 task · once you resume the batch"
