"""Changes of how a draft is set up: in their order, all before it is sent, each draft by itself."""

from __future__ import annotations

import os
import signal
from functools import partial
from threading import Event, Semaphore
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast
from unittest.mock import patch

import pytest
from pytestqt.qtbot import QtBot

from desktop.client.items import BatchCalls
from desktop.gui.frame.notes import NoteLine
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.importing.sending_draft import DraftNotes, ShownDraft
from desktop.gui.link import outbox as outbox_module
from desktop.gui.link.jobs import ApiSource
from desktop.gui.link.outbox import Outbox
from sendoff_tasks.client.errors import BackendBusy, Refused, TooSlow
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.gui.batches.test_batch_model import batch
from tests.gui.hands import pick, press
from tests.gui.importing.dropping import (
    brought,
    each_in,
    members,
    number_of,
    placed,
    send_all,
)

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, NewBatch
    from desktop.gui.link.jobs import Jobs
    from tests.gui.play import Perform, Play


LATER = ENGLISH.say("server", "away")


class Drafts:
    """The backend's drafts; each change of one waits until it is let through, or fails."""

    def __init__(self) -> None:
        self.changed: list[tuple[int, NewBatch]] = []
        self.started: list[int] = []
        self.keys: list[str] = []
        self.may_change, self.may_fail = Semaphore(0), Event()
        self.fails: Exception | None = None
        self.is_lost = False
        self.counts = {"ready": 1}

    def change(self, number: int, body: NewBatch) -> Batch:
        self.changed.append((number, body))
        assert self.may_change.acquire(timeout=WITHIN)
        if self.fails is not None:
            raise self.fails
        if number in self.started:
            raise REFUSED
        read: dict[str, Any] = {name: body.get(name) for name in ("columns", "reading")}
        return cast("Batch", batch(number, state="draft", counts=self.counts, **read))

    def one(self, number: int) -> Batch:
        state = "running" if number in self.started else "draft"
        read: dict[str, Any] = {"columns": COLUMNS, "reading": None}
        return cast("Batch", batch(number, state=state, counts={"ready": 1}, **read))

    def start(self, number: int, key: str, **_options: Any) -> Batch:
        self.started.append(number)
        self.keys.append(key)
        if self.is_lost:
            self.is_lost = False
            raise TooSlow
        if number == LOST:
            assert self.may_fail.wait(WITHIN)
            raise REFUSED
        return self.one(number)


REFUSED: Final = Refused({"type": "", "title": "", "status": 422, "detail": "No such limit."})
BUSY: Final = BackendBusy("Sendoff is busy.", 0.0)
COLUMNS: Final[dict[str, str | None]] = {"E-Mail": "email", "Ort": "fields.Ort"}
LOST: Final = 7
"""A draft whose start fails late."""


class Sending:
    """How a draft is sent from its sheet, without the window."""

    def __init__(self, host: QWidget, jobs: Jobs) -> None:
        self.drafts, self.jobs, self.failed = Drafts(), jobs, list[object]()
        self.source = ApiSource(jobs, cast("Api", SimpleNamespace(batches=self.drafts)))
        box: Any = None
        self.outbox = Outbox(self.source, box, jobs, self.failed.append, host)
        self.sheet = placed(host, self.source)
        services: Any = SimpleNamespace(
            source=self.source, outbox=self.outbox, grace=SimpleNamespace(seconds=0.0)
        )
        memory: Any = SimpleNamespace(keep=lambda *_: None)
        self.told = list[str]()
        notes: Any = SimpleNamespace(
            say_kept=lambda _: self.told.append("kept"), say_failed=self.failed.append
        )
        self.starting = ShownDraft(self.sheet, services, memory, notes)
        self.starting.failed.connect(self.failed.append)
        self.starting.started.connect(lambda *_: self.told.append("started"))

    def show(self, number: int) -> None:
        self.starting.leave()
        self.starting.begin(number)
        draft = batch(number, state="draft", counts={"ready": 1}, columns=COLUMNS)
        self.sheet.source.show_name("members.csv", COLUMNS)
        self.sheet.show_batch(draft | {"template": None, "reading": None}, is_new=True)

    def limit(self, most: str) -> None:
        self.sheet.source.sending.most.replace(most)
        self.sheet.set_up_now()

    def rates(self) -> list[object]:
        return [body["rate"] for _, body in self.drafts.changed]

    @property
    def said(self) -> str:
        return self.sheet.said.words.text()


@pytest.fixture
def sending(host: QWidget, jobs: Jobs, qtbot: QtBot) -> Sending:
    made = Sending(host, jobs)
    made.show(1)
    qtbot.waitUntil(lambda: not jobs.under_way)  # else an older answer may come last
    return made


def test_last_change_is_made_after_one_under_way(qtbot: QtBot, sending: Sending) -> None:
    starting, drafts = sending.starting, sending.drafts
    sending.limit("100")
    qtbot.waitUntil(lambda: sending.rates() == ["100/day"])
    pick(sending.sheet.source.columns_form.choices["Ort"], "")
    sending.limit("300")
    sending.limit("500")
    starting.start()
    with qtbot.waitSignal(starting.rows_wanted):
        drafts.may_change.release(2)
    assert sending.rates() == ["100/day", "500/day"]
    assert drafts.changed[-1][1]["columns"]["Ort"] is None
    qtbot.waitUntil(lambda: not sending.jobs.under_way)
    assert drafts.started == [], "rows that were read again are seen before they are sent"
    sending.limit("600")
    sending.limit("700")
    starting.leave()
    drafts.may_change.release(2)
    qtbot.waitUntil(lambda: not sending.outbox.unanswered)
    assert sending.rates()[-1] == "700/day"


def test_start_makes_a_change_that_a_busy_backend_did_not_take(
    qtbot: QtBot, sending: Sending
) -> None:
    drafts = sending.drafts
    drafts.fails = BUSY
    drafts.may_change.release()
    sending.limit("500")
    qtbot.waitUntil(lambda: sending.failed == [BUSY])
    sending.starting.start()
    drafts.fails = None
    drafts.may_change.release(9)
    qtbot.waitUntil(lambda: sending.told == ["started"])
    assert {*sending.rates()} == {"500/day"}


def test_rows_that_a_change_has_checked_again_are_seen_before_they_are_sent(
    qtbot: QtBot, sending: Sending
) -> None:
    starting, drafts, foot = sending.starting, sending.drafts, sending.sheet.said
    qtbot.waitUntil(lambda: not sending.jobs.under_way)  # else an older answer may come last
    drafts.counts = {"unchecked": 3000}
    sending.limit("500")
    starting.start()
    assert foot.send.text() == "Sending…"
    drafts.may_change.release(2)
    qtbot.waitUntil(lambda: foot.send.text() != "Sending…")
    qtbot.waitUntil(lambda: not sending.jobs.under_way)
    assert (drafts.started, sending.failed) == ([], [])
    assert sending.said.startswith("Press again once all rows are read and checked.")


def test_refused_change_is_neither_sent_nor_made_again(qtbot: QtBot, sending: Sending) -> None:
    starting, drafts = sending.starting, sending.drafts
    drafts.fails = REFUSED
    drafts.may_change.release(2)
    sending.limit("500")
    starting.start()
    qtbot.waitUntil(lambda: [type(each) for each in sending.failed] == [Refused])
    assert (sending.sheet.said.send.text(), drafts.started) == ("Send 1", [])
    assert "rate" not in starting.take_up(cast("Batch", {"batch_id": 1}))
    with qtbot.waitSignal(starting.started):
        starting.start()
    assert {*sending.rates()} == {"500/day"}


def test_late_answer_of_an_earlier_draft_changes_nothing_in_the_next(
    qtbot: QtBot, sending: Sending
) -> None:
    starting, drafts = sending.starting, sending.drafts
    sending.show(LOST)
    starting.start()
    qtbot.waitUntil(lambda: drafts.started == [LOST])
    starting.hear(drafts.one(LOST))  # an event says that it was started
    sending.show(2)
    sending.limit("500")
    starting.start()
    drafts.may_fail.set()
    qtbot.waitUntil(lambda: sending.told == ["started"])
    assert (drafts.started, sending.failed) == ([LOST], [])
    drafts.may_change.release(2)
    qtbot.waitUntil(lambda: drafts.started == [LOST, 2])
    qtbot.waitUntil(lambda: sending.told == ["started", "started"])


def test_draft_that_is_started_elsewhere_is_told_once(qtbot: QtBot, sending: Sending) -> None:
    starting, drafts = sending.starting, sending.drafts
    drafts.started.append(1)
    starting.hear(drafts.one(1))
    assert sending.told == ["started"]


def test_start_whose_answer_is_lost_starts_once(qtbot: QtBot, sending: Sending) -> None:
    drafts = sending.drafts
    drafts.is_lost = True
    sending.limit("500")
    sending.starting.start()
    drafts.may_change.release(9)
    qtbot.waitUntil(lambda: sending.told == ["started"])
    assert (drafts.started, sending.failed) == ([1], [])


def test_start_is_asked_with_one_key_also_after_a_further_change(
    qtbot: QtBot, sending: Sending
) -> None:
    starting, drafts = sending.starting, sending.drafts
    sending.source.api = None
    starting.start()
    assert sending.said == LATER
    sending.limit("500")
    starting.start()
    assert starting.is_starting(1)
    sending.source.api = cast("Api", SimpleNamespace(batches=drafts))
    drafts.may_change.release(9)
    sending.source.go_on()
    qtbot.waitUntil(lambda: sending.told == ["started"])
    assert (sending.rates(), len(drafts.keys)) == (["500/day"], 1)


def test_start_of_a_closed_sheet_goes_on_or_its_draft_is_kept(
    qtbot: QtBot, sending: Sending
) -> None:
    starting, drafts = sending.starting, sending.drafts
    for counts, told in (({"ready": 1}, ["started"]), ({"unchecked": 1}, ["started", "kept"])):
        number = 2 + len(sending.told)
        sending.show(number)
        sending.limit(f"{number}00")
        starting.start()
        starting.leave()
        assert starting.is_starting(number)
        drafts.counts = counts
        drafts.may_change.release(2)
        qtbot.waitUntil(partial(list.__eq__, sending.told, told))
    assert drafts.started == [2]


def test_start_that_is_never_answered_ends_and_is_pressed_again(
    qtbot: QtBot, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "WAITS_S", 0)
    starting, foot = sending.starting, sending.sheet.said
    sending.source.api = None
    sending.limit("500")
    starting.start()
    qtbot.waitUntil(lambda: foot.send.text() == "Send 1" and not sending.outbox.unanswered)
    assert sending.said != LATER
    monkeypatch.setattr(outbox_module, "WAITS_S", 60)
    sending.source.api = cast("Api", SimpleNamespace(batches=sending.drafts))
    sending.drafts.may_change.release(9)
    sending.sheet.set_up_now()  # as Send does
    starting.start()
    qtbot.waitUntil(lambda: sending.told == ["started"])
    assert sending.rates()[-1] == "500/day"


def limit(sheet: ImportPlace, most: str) -> None:
    sheet.source.sending.most.replace(most)


async def a_change_made_while_the_backend_is_away_comes_before_send(
    play: Play, folder: Path
) -> None:
    path = members(folder, "Ada;ada@example.org;Opera;Wien", "Bo;bo@example.org;Opera;Ulm")
    sheet = await brought(play, path, 2)
    number = number_of(sheet)
    play.program.rooms.services.grace.seconds = 600.0  # it is not sent by then
    await play.lose_backend()
    limit(sheet, "500")
    sheet.said.send.click()
    assert sheet.said.words.text() == LATER
    assert sheet.said.send.text() == "Sending…"
    await play.until(sheet.isHidden)
    await play.note("2 e-mails will be kept, not sent")
    assert play.api.batches.one(number)["rate"] == "500/day"


async def send_takes_effect_once_a_backend_that_is_frozen_answers(play: Play, folder: Path) -> None:
    path = members(folder, "Cy;cy@example.org;Opera;Wien")
    sheet = await brought(play, path, 1)
    number = number_of(sheet)
    play.program.rooms.services.grace.seconds = 600.0  # as above
    backend = play.api.backend.pid
    os.kill(backend, signal.SIGSTOP)
    try:
        sheet.said.send.click()
        assert sheet.said.send.text() == "Sending…"
        sheet.said.send.click()  # which is no second time
        sheet.close()
        await play.note("“members.csv” is sent once Sendoff answers")
    finally:
        os.kill(backend, signal.SIGCONT)
    await play.until(lambda: play.api.batches.one(number)["state"] != "draft")
    await play.note("1 e-mail will be kept, not sent")


async def why_it_was_refused_is_said_until_the_person_goes_on(play: Play, folder: Path) -> None:
    def refuse(*_calls: Any, **_options: Any) -> Batch:
        raise Refused({"type": "", "title": "", "status": 409, "detail": "1 row is unchecked."})

    sheet = await brought(play, members(folder, "Ed;ed@example.org;Opera;Wien"), 1)
    foot = sheet.said
    with patch.object(BatchCalls, "start", refuse):
        press(foot.send)
        await play.until(lambda: foot.words.text() == "1 row is unchecked.")
    play.program.rooms.importing.imports.shown.follow()
    await play.until(lambda: not play.program.jobs.under_way)
    assert (foot.words.text(), foot.send.text()) == ("1 row is unchecked.", "Keep 1")
    limit(sheet, "5000")
    assert "unchecked" not in foot.words.text()
    await send_all(play, sheet)


def test_a_draft_is_sent_as_it_was_set_up_once_the_backend_takes_it(
    perform: Perform, tmp_path: Path
) -> None:
    scenes = (
        why_it_was_refused_is_said_until_the_person_goes_on,
        send_takes_effect_once_a_backend_that_is_frozen_answers,
        a_change_made_while_the_backend_is_away_comes_before_send,
    )
    perform(*each_in(tmp_path, *scenes))


@pytest.fixture
def draft_notes(notes: NoteLine) -> DraftNotes:
    return DraftNotes(notes, notes)


def test_a_draft_that_is_kept_and_found_again_has_one_note(
    draft_notes: DraftNotes, notes: NoteLine
) -> None:
    draft = batch(1, state="draft", counts={"rows": 3})
    draft_notes.say_kept(draft)
    draft_notes.say_found(draft, lambda: None)
    (note,) = notes.shown
    assert note.text().endswith("This is its draft")
    draft_notes.end(1)
    assert notes.shown == []
