"""A backend that goes away and comes back: nothing untrue stays, and nothing is left undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtTest import QTest

from desktop.gui.frame.room import BackendNews
from desktop.gui.frame.views import BATCHES, ITEMS, TASKS
from desktop.gui.items.corrections import CorrectionSheet
from desktop.gui.items.task_questions import TimeSheet
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.link.connection import BackendLink, Live
from desktop.gui.link.jobs import ApiSource, Jobs
from sendoff_tasks.model import events
from sendoff_tasks.words.table import ENGLISH
from tests.gui.tasks.table.task_source import stats
from tests.gui.test_rooms import later

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow
    from sendoff_tasks.model.events import Notice
    from sendoff_tasks.model.reasons import ReasonData
    from tests.gui.play import Play


SheetT = TypeVar("SheetT", bound=Sheet)


async def test_once_the_backend_is_back_what_was_announced_is_done_and_no_sheet_says_it_is_away(
    play: Play,
) -> None:
    first, second, task = await later(play, 3)
    rooms, window = play.program.rooms, play.window
    verbs = rooms.tasks.verbs
    verbs.grace.seconds = 600.0
    window.page.table.action_chosen.emit("cancel", [second])
    await play.until(lambda: len(play.toasts()) == 1)
    (undo,) = [toast.button for toast in window.toasts.shown]
    verbs.grace.seconds = 1.0
    window.page.table.action_chosen.emit("cancel", [first])
    await play.until(lambda: not verbs.asking)
    rooms.items.correct([task])
    (correction,) = await found(play, CorrectionSheet)
    correction.form.fields["title"].set_text("Opera")
    play.window.page.table.action_chosen.emit("change_time", [task])
    (time,) = await found(play, TimeSheet)
    time.send_at.set_moment("2126-11-23T09:00:00.000Z")
    await play.lose_backend()
    undo.click()
    correction.save_button.click()
    correction.button.click()
    time.button.click()
    window.mail.sheet.save_requested.emit({})
    away = [time.trouble, window.mail.sheet.trouble]
    assert [each.text() for each in away] == [ENGLISH.say("client", "unanswered")] * 2
    await play.until(lambda: all(each.text() == "" for each in away))
    item = play.api.task(task)["item_id"]
    assert item is not None
    await play.until(lambda: play.api.items.one(item)["item"]["title"] == "Opera")
    await play.until(lambda: play.rows()[first][1] == "cancelled")
    assert play.rows()[second][1] == "scheduled"
    await play.until(lambda: not play.api.actions.pending())


async def found(play: Play, kind: type[SheetT]) -> list[SheetT]:
    """Wait for a sheet to be opened."""
    await play.until(lambda: any(each.isVisible() for each in play.window.findChildren(kind)))
    return play.window.findChildren(kind)


def followed(window: AppWindow) -> Live:
    """Give events that the window follows, without a backend."""
    live = Live(window)
    source = ApiSource(Jobs(QThreadPool(), lambda _: None))
    BackendNews(window, live, BackendLink(source, live.on_event, window))
    return live


TOLD: Notice = {"id": "", "level": "info", "text": "", "action": None, "active": True}
SINCE: ReasonData = {"queue": "mail", "since": "2026-09-21T13:33:20.000Z"}


def test_a_notice_taken_back_unheard_is_gone_after_the_next_connection(window: AppWindow) -> None:
    live = followed(window)
    refused: Notice = {**TOLD, "id": "n1", "text": "The password was refused."}
    for kind, data in (
        (events.NOTICE, refused),
        (events.NOTICE, {**refused, "id": "n2"}),
        (events.STATS, stats(0)),
        (events.DISCONNECTED, None),
        (events.CONNECTED, None),
        (events.NOTICE, {**refused, "id": "n2"}),
    ):
        live.on_event(kind, data)
        assert "n1" in live.notices
    live.on_event(events.STATS, stats(0))
    assert [*live.notices] == ["n2"]


async def test_rows_that_are_still_in_batches_are_counted_where_their_people_are_looked_for(
    play: Play,
) -> None:
    window, switch = play.window, play.window.switch
    chips = window.items.chips
    window.resize(1280, 800)
    live = play.program.rooms.services.live
    assert chips.batches.isHidden()
    live.stats({**stats(0), "batch_rows": 83, "paused_rows": 1500})
    for view, empty in ((TASKS, window.page.table.empty), (ITEMS, window.items.empty)):
        switch.choose(view)
        assert not empty.batches.isHidden()
        assert empty.batches.text() == "1,583 rows of batches are not here yet"
        empty.batches.click()
        assert switch.choice.value() == BATCHES
    switch.choose(ITEMS)
    assert (chips.batches.isVisible(), chips.batches.count) == (True, "1,583")
    assert chips.batches.accessibleName().startswith("More in batches")  # All leaves them out
    QTest.keyClick(chips.batches, Qt.Key.Key_Space)
    assert switch.choice.value() == BATCHES
    live.stats(stats(0))
    assert all(each.batches.isHidden() for each in (chips, window.page.table.empty))


def test_a_pause_is_said_in_the_title(window: AppWindow) -> None:
    live = followed(window)
    live.stats(stats(0, failed=2))
    told: Notice = {**TOLD, "reason_data": {"since": SINCE["since"]}}
    pauses = (("mail", "1 queue paused"), ("docs", "2 queues paused"), ("", "Paused"))
    for queue, words in pauses:
        reason = "queue_paused" if queue else "all_paused"
        live.notice({**told, "id": f"paused:{queue}", "reason": reason})
        assert window.windowTitle() == f"Sendoff · {words} · 2 failed"
    for queue, _ in pauses:
        live.notice({**told, "id": f"paused:{queue}", "active": False})
    assert window.windowTitle() == "Sendoff · 2 failed"
