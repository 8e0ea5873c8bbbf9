"""A backend that goes away and comes back: nothing untrue stays, and nothing is left undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QWidget

from desktop.gui.frame.room import BackendNews
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.link.connection import BackendLink, Live
from desktop.gui.link.jobs import ApiSource, Jobs
from desktop.gui.tasks.detail.foot import FootQuestion
from sendoff_tasks.model import events
from sendoff_tasks.words.table import ENGLISH
from tests.gui.desk_acts import correction
from tests.gui.tasks.table.task_source import stats
from tests.gui.test_rooms import later

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow
    from sendoff_tasks.model.events import Notice
    from sendoff_tasks.model.reasons import ReasonData
    from tests.gui.play import Play


SheetT = TypeVar("SheetT", bound=QWidget)


async def test_once_the_backend_is_back_what_was_announced_is_done_and_no_sheet_says_it_is_away(
    play: Play,
) -> None:
    first, second, task = await later(play, 3)
    rooms, window = play.program.rooms, play.window
    verbs = rooms.tasks.verbs
    verbs.grace.seconds = 600.0
    window.page.table.action_chosen.emit("cancel", [second])
    await play.until(lambda: len(play.notes()) == 1)
    (undo,) = [note.link for note in window.notes.shown]
    verbs.grace.seconds = 1.0
    window.page.table.action_chosen.emit("cancel", [first])
    await play.until(lambda: not verbs.asking)
    head = await correction(play, task)
    head.form.fields["title"].replace("Opera")
    play.window.page.table.action_chosen.emit("change_time", [task])
    (time,) = await found(play, FootQuestion)
    time.findChildren(MomentField)[0].set_moment("2126-11-23T09:00:00.000Z")
    await play.lose_backend()
    undo.click()
    for _ in range(2):
        head.send()
    time.button.click()
    window.mail.dialog.save_requested.emit({})
    away = [time.trouble, window.mail.dialog.trouble]
    assert [each.text() for each in away] == [ENGLISH.say("client", "unanswered")] * 2
    await play.until(lambda: all(each.text() == "" for each in away))
    item = play.api.task(task)["item_id"]
    assert item is not None
    await play.until(lambda: play.api.items.one(item)["item"].get("title") == "Opera")
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
    window = play.window
    window.resize(1280, 800)
    live = play.program.rooms.services.live
    empties = window.page.table.empty, window.items.empty
    live.stats({**stats(0), "batch_rows": 83, "paused_rows": 1500})
    for go, empty in zip((window.places.go_home, window.items.open), empties, strict=True):
        go()
        assert not empty.batches.isHidden()
        assert empty.batches.text() == "1,583 rows of batches are not here yet"
        empty.batches.click()
        assert window.batches.is_open
        window.places.go_home()
    live.stats(stats(0))
    assert all(each.batches.isHidden() for each in empties)


def test_what_needs_a_person_and_a_pause_are_said_in_the_title(window: AppWindow) -> None:
    live = followed(window)
    live.stats(stats(0, succeeded=9))
    assert window.windowTitle() == "Sendoff"
    live.stats(stats(0, failed=17, uncertain=1))
    assert window.windowTitle() == "Sendoff · 17 failed · 1 uncertain"
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
