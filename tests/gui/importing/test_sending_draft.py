"""Changes of how a draft is set up: in their order, all before it is sent, each draft by itself."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.calls import BatchCalls
from desktop.client.errors import BackendBusy, BackendGone, Refused
from desktop.contract.rules.times import wire_time
from desktop.gui.frame.notices.toasts import Toasts
from desktop.gui.importing.import_sheet import ImportSheet
from desktop.gui.importing.sending_draft import DraftToasts, batch_leaves
from desktop.gui.kit.words.file_faults import import_error
from desktop.gui.link.jobs import ApiSource
from tests import WITHIN
from tests.gui.batches.test_batch_model import batch
from tests.gui.hands import pick, press
from tests.gui.importing.dropping import (
    brought,
    checked,
    each_in,
    members,
    number_of,
    send_all,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop.contract.batches import Batch, NewBatch
    from desktop.gui.link.jobs import Jobs
    from tests.gui.play import Perform, Play


LATER = "Sendoff does not answer right now. The e-mails are sent once it does."


class Held:
    """A change that waits on its way to the backend until it is let through."""

    def __init__(self, body: NewBatch) -> None:
        self.body = body
        self.let_through = Event()


@contextmanager
def held_changes() -> Iterator[list[Held]]:
    """Hold each change on its way; those that have left, in their order."""
    changes, change = list[Held](), BatchCalls.change

    def hold(calls: BatchCalls, number: int, body: NewBatch) -> Batch:
        one = Held(body)
        changes.append(one)
        assert one.let_through.wait(WITHIN)
        return change(calls, number, body)

    with patch.object(BatchCalls, "change", hold):
        yield changes


def limit(sheet: ImportSheet, most: str) -> None:
    sheet.source.sending.most.replace(most)


async def left(play: Play, sheet: ImportSheet) -> None:
    """Wait until the sheet has told the last change of it."""
    await play.until(lambda: not sheet._pause.isActive())


async def one_at_a_time_also_after_the_sheet_was_closed(play: Play, folder: Path) -> None:
    path = members(folder, "Ada;ada@example.org;Opera;Wien")
    imports, read = play.program.rooms.importing.imports, list[object]()
    sheet = await brought(play, path, 1)
    number = number_of(sheet)
    imports.reading.ended.connect(read.append)
    with held_changes() as held:
        limit(sheet, "100")
        await play.until(lambda: held)
        ort = sheet.source.columns_form.choices["Ort"]
        pick(ort, "")
        await left(play, sheet)
        limit(sheet, "500")
        sheet.foot_row.send.click()
        held[0].let_through.set()
        await play.until(lambda: len(held) == 2)
        assert held[1].body["rate"] == "500/day"
        assert held[1].body["columns"]["Ort"] is None
        held[1].let_through.set()
        await play.until(lambda: read and checked(sheet, 1))
        assert sheet.isVisible(), "rows that were read again are seen before they are sent"
        limit(sheet, "600")
        await play.until(lambda: len(held) == 3)
        limit(sheet, "700")
        await left(play, sheet)
        sheet.close()
        held[2].let_through.set()
        await play.until(lambda: len(held) == 4)
        held[3].let_through.set()
        await play.until(lambda: play.api.batches.one(number)["rate"] == "700/day")
    assert play.api.batches.one(number)["columns"]["Ort"] is None
    assert len(held) == 4


async def a_change_made_while_the_backend_is_away_comes_before_send(
    play: Play, folder: Path
) -> None:
    path = members(folder, "Ada;ada@example.org;Opera;Wien", "Bo;bo@example.org;Opera;Ulm")
    sheet = await brought(play, path, 2)
    number = number_of(sheet)
    play.program.rooms.services.grace.seconds = 600.0  # it is not sent by then
    await play.lose_backend()
    limit(sheet, "500")
    sheet.foot_row.send.click()
    assert sheet.foot_row.words.text() == LATER
    assert sheet.foot_row.send.text() == "Sending…"
    await play.until(sheet.isHidden)
    await play.toast("2 e-mails will be kept, not sent")
    assert play.api.batches.one(number)["rate"] == "500/day"


async def send_takes_effect_once_a_backend_that_is_frozen_answers(play: Play, folder: Path) -> None:
    path = members(folder, "Cy;cy@example.org;Opera;Wien")
    sheet = await brought(play, path, 1)
    number = number_of(sheet)
    play.program.rooms.services.grace.seconds = 600.0  # as above
    backend = play.api.backend.pid
    os.kill(backend, signal.SIGSTOP)
    try:
        keys = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(sheet.rows.table, *keys)
        assert sheet.foot_row.send.text() == "Sending…"
        QTest.keyClick(sheet.rows.table, *keys)  # which is no second time
        sheet.close()
        await play.toast("“members.csv” is sent once Sendoff answers")
    finally:
        os.kill(backend, signal.SIGCONT)
    await play.toast("1 e-mail will be kept, not sent")
    assert play.api.batches.one(number)["state"] != "draft"


async def a_change_that_failed_is_made_before_the_draft_is_sent(play: Play, folder: Path) -> None:
    path = members(folder, "Di;di@example.org;Opera;Wien")
    tried, change = [0], BatchCalls.change

    def be_busy(calls: BatchCalls, number: int, body: NewBatch) -> Batch:
        tried[0] += 1
        if tried[0] == 1:
            raise BackendBusy("Sendoff is busy.", 1.0)
        return change(calls, number, body)

    with patch.object(BatchCalls, "change", be_busy):
        sheet = await brought(play, path, 1)
        number = number_of(sheet)
        limit(sheet, "500")
        await play.until(lambda: sheet.foot_row.words.text() == "Sendoff is busy.")
        await send_all(play, sheet)
        assert play.api.batches.one(number)["rate"] == "500/day"


async def why_it_was_refused_is_said_until_the_person_goes_on(play: Play, folder: Path) -> None:
    def refuse(*_calls: Any, **_options: Any) -> Batch:
        raise Refused({"type": "", "title": "", "status": 409, "detail": "1 row is unchecked."})

    sheet = await brought(play, members(folder, "Ed;ed@example.org;Opera;Wien"), 1)
    foot = sheet.foot_row
    with patch.object(BatchCalls, "start", refuse):
        press(foot.send)
        await play.until(lambda: foot.words.text() == "1 row is unchecked.")
    play.program.rooms.importing.imports.starting.follow()
    await play.until(lambda: not play.program.jobs.under_way)
    assert (foot.words.text(), foot.send.text()) == ("1 row is unchecked.", "Send 1")
    limit(sheet, "5000")
    assert "unchecked" not in foot.words.text()
    await send_all(play, sheet)


def test_a_draft_is_sent_as_it_was_set_up(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        a_change_that_failed_is_made_before_the_draft_is_sent,
        why_it_was_refused_is_said_until_the_person_goes_on,
        send_takes_effect_once_a_backend_that_is_frozen_answers,
        a_change_made_while_the_backend_is_away_comes_before_send,
    )
    perform(*each_in(tmp_path, *scenes))


async def a_late_failure_of_an_earlier_draft_changes_nothing_in_the_next(
    play: Play, folder: Path
) -> None:
    (folder / "second").mkdir()
    first = members(folder, "Bo;bo@example.org;Opera;Wien")
    second = members(folder / "second", "Cy;cy@example.org;Opera;Ulm")
    lost, started, start = Event(), list[int](), BatchCalls.start

    def lose(calls: BatchCalls, number: int, key: str, **options: Any) -> Batch:
        started.append(number)
        batch = start(calls, number, key, **options)
        if len(started) == 1:
            assert lost.wait(WITHIN)
            raise BackendGone
        return batch

    jobs = play.program.rooms.importing.imports._jobs
    sheet = await brought(play, first, 1)
    before, earlier = set(jobs.under_way), number_of(sheet)
    with patch.object(BatchCalls, "start", lose), held_changes() as held:
        sheet.foot_row.send.click()
        (asked,) = set(jobs.under_way) - before
        await play.until(sheet.isHidden)  # an event says that it was started
        await brought(play, second, 1)
        number = number_of(sheet)
        limit(sheet, "500")
        await play.until(lambda: held)
        lost.set()
        await play.until(lambda: asked not in jobs.under_way)
        assert sheet.foot_row.words.text() != import_error(BackendGone())
        sheet.foot_row.send.click()
        limit(sheet, "600")
        await left(play, sheet)
        assert started == [earlier]
        held[0].let_through.set()
        await play.until(lambda: len(held) == 2)
        held[1].let_through.set()
        await play.until(sheet.isHidden)
    assert started == [earlier, number]
    batch = await asyncio.to_thread(play.api.batches.one, number)
    assert batch["rate"] == "600/day"


def test_changes_of_a_draft_are_made(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        one_at_a_time_also_after_the_sheet_was_closed,
        a_late_failure_of_an_earlier_draft_changes_nothing_in_the_next,
    )
    perform(*each_in(tmp_path, *scenes))


@pytest.fixture
def draft_toasts(toasts: Toasts, jobs: Jobs) -> DraftToasts:
    return DraftToasts(toasts, ApiSource(jobs), toasts)


def test_the_toast_after_send_says_when_messages_go_that_have_to_wait(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    tomorrow = wire_time(round((time.time() + 86_400) * 1000))
    counts = {"rows": 3, "open": 3}
    limited = batch(1, counts=counts, next_at=tomorrow, last_at=tomorrow)
    away = batch(2, counts=counts, reason="offline", reason_data={"server": "mx"})
    for each in (limited, away, batch(3, counts=counts)):
        draft_toasts.say_sent(each, 3, 5.0)
    first, second, third = [each.text() for each in toasts.shown]
    assert first.startswith("3 e-mails will be sent ")
    assert "5 s" not in first
    assert second.startswith("3 e-mails wait for the connection to mx.")
    assert third == "Sending 3 e-mails begins in 5 s"


def test_the_toast_after_send_says_the_limit_and_what_stops_the_queue(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    counts = {"rows": 3, "open": 3}
    draft_toasts.say_sent(batch(1, counts=counts, rate="2/day"), 3, 5.0)
    (toast,) = toasts.shown
    assert toast.text() == "3 e-mails will be sent, at most 2 a day; the first in 5 s"
    toasts.stop({"": "once it is resumed"}, {})
    draft_toasts.say_sent(batch(2, counts=counts), 3, 5.0)
    assert toasts.shown[-1].text() == "3 e-mails will be sent once it is resumed"


def test_a_draft_that_was_found_and_sent_is_no_draft_any_more_nor_is_it_sent_once_it_is_cancelled(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    found = batch(1, state="draft", counts={"rows": 3})
    draft_toasts.say_found(found, lambda: None)
    (toast,) = toasts.shown
    assert toast.text().endswith("This is its draft")
    draft_toasts.say_sent(batch(1, counts={"rows": 3, "open": 3}), 3, 5.0)
    assert [each.text() for each in toasts.shown] == ["Sending 3 e-mails begins in 5 s"]
    draft_toasts.end(1)
    assert toasts.shown == []


def test_a_draft_that_is_kept_and_found_again_has_one_toast(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    draft = batch(1, state="draft", counts={"rows": 3})
    draft_toasts.say_kept(draft)
    draft_toasts.say_found(draft, lambda: None)
    (toast,) = toasts.shown
    assert toast.text().endswith("This is its draft")
    draft_toasts.end(1)
    assert toasts.shown == []


def test_once_a_message_was_sent_the_toast_says_how_many_and_offers_no_undo(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    draft_toasts.say_sent(batch(1, counts={"rows": 3, "open": 3}), 3, 5.0)
    draft_toasts.follow(batch(1, counts={"rows": 3, "open": 3}))
    (toast,) = toasts.shown
    assert toast.offers_undo
    draft_toasts.follow(batch(1, state="running", counts={"rows": 3, "open": 2, "sent": 1}))
    assert toast.text() == "1 of 3 are sent"
    assert not toast.offers_undo


def test_in_practice_mode_the_toast_of_a_batch_says_kept(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    toasts.keeps = True
    draft_toasts.say_sent(batch(1, counts={"rows": 3, "open": 3}), 3, 5.0)
    (toast,) = toasts.shown
    assert toast.text() == "3 e-mails will be kept, not sent"


def test_of_a_batch_that_was_cancelled_the_toast_says_so() -> None:
    rest = {"rows": 3, "sent": 1, "cancelled": 2}
    ended = batch(1, state="done", counts=rest)
    assert batch_leaves(ended, 3, 0.0, 0, "", kept=False) == "1 of 3 are sent, 2 cancelled"
