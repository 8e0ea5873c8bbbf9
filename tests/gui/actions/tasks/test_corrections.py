"""Items corrected one after the other: Escape ends it, one click has one effect, all is said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from desktop.client.api import ApiSource
from desktop.client.drafts import DraftBox, Typed
from desktop.client.errors import BackendGone, Refused
from desktop.contract.states import OPEN
from desktop.gui.actions.grace_period import GracePeriod
from desktop.gui.actions.left_typing import CORRECTIONS as BAR
from desktop.gui.actions.tasks.corrections import Corrections
from desktop.gui.actions.typed_drafts import TypedDrafts
from desktop.gui.correction.asking_sheet import AddressSheet, TimeSheet
from desktop.gui.correction.correction_sheet import EMAIL, CorrectionSheet
from desktop.gui.frame.notices.notice_bar import DISMISS
from tests.gui.tasks.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.contract.items import CorrectedItem
    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


class Backend(TaskSource):
    """Has three messages that failed; ``fails`` comes in place of the next answer."""

    def __init__(self) -> None:
        super().__init__([task_row(each, "failed", item_id=each) for each in (1, 2, 3)])
        self.keys: list[str] = []
        self.fails: list[Exception] = []
        self.uncertain: list[int] = []
        self.many = self  # acts on all it is asked to

    def act(self, _verb: str, ids: list[int], *, key: str) -> BulkAnswer:
        self.keys.append(key)
        return {"touched": len(ids), "skipped": []}

    def item(self, item_id: int) -> dict[str, Any]:
        body = {"recipient": {"email": f"person{item_id}@exmaple.org"}}
        return {"item_id": item_id, "item": body, "corrected_at": None, "versions": []}

    def correct_item(
        self, item_id: int, body: Any, key: str, *, send: bool, delay: float
    ) -> CorrectedItem:
        self.keys.append(key)
        if self.fails:
            raise self.fails.pop()
        added = [90 + item_id] if send and not self.uncertain else []
        using = [item_id] if self.rows[item_id]["state"] in OPEN else []
        return {"item_id": item_id, "using": using, "added": added, "uncertain": self.uncertain}


@pytest.fixture
def backend() -> Backend:
    return Backend()


@pytest.fixture
def drafts(tmp_path: Path, window: MainWindow, jobs: Jobs) -> TypedDrafts:
    return TypedDrafts(Typed.CORRECTIONS, DraftBox(tmp_path), jobs, window)


@pytest.fixture
def source(backend: Backend) -> ApiSource:
    return ApiSource(backend)  # type: ignore[arg-type]


@pytest.fixture
def sheet(
    qtbot: QtBot, window: MainWindow, jobs: Jobs, source: ApiSource, drafts: TypedDrafts
) -> CorrectionSheet:
    made = window.sheets.make(CorrectionSheet)
    grace = GracePeriod(window.toasts, source, jobs, window)
    corrections = Corrections(made, window.toasts, source, jobs, grace, drafts)
    corrections.correct([1, 2, 3])
    qtbot.waitUntil(lambda: is_at(made, 1))
    return made


def is_at(sheet: CorrectionSheet, place: int) -> bool:
    title = f"Correct item {place} · {place} of 3"
    return sheet.isVisible() and sheet.accessibleName() == title


def said(window: MainWindow) -> str:
    return window.toasts.shown[-1].text() if window.toasts.shown else ""


def test_enter_leads_from_item_to_item_and_escape_ends_it(
    qtbot: QtBot, window: MainWindow, sheet: CorrectionSheet, backend: Backend
) -> None:
    qtbot.keyClicks(sheet.form.fields[EMAIL].editor, "one@example.org")
    qtbot.keyClick(sheet.form.fields[EMAIL].editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert said(window) == "Item 1 is corrected and goes out in 5 s"
    qtbot.waitUntil(sheet.form.fields[EMAIL].editor.hasFocus)
    qtbot.keyClicks(sheet.form.fields[EMAIL].editor, "two@example.org")
    qtbot.keyClick(sheet.form.fields[EMAIL].editor, Qt.Key.Key_Return)
    qtbot.keyClick(sheet.form.fields[EMAIL].editor, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    qtbot.waitUntil(lambda: said(window) == "Item 2 is corrected and goes out in 5 s")
    assert len(backend.keys) == 2
    assert sheet.isHidden()


def test_what_is_discarded_by_skip_is_asked_about_once(
    qtbot: QtBot, sheet: CorrectionSheet, drafts: TypedDrafts
) -> None:
    sheet.skip_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    sheet.skip_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    sheet.form.fields[EMAIL].replace("three@example.org")
    sheet.skip_button.click()
    next(each for each in sheet.question.buttons if each.text() == "Discard").click()
    assert sheet.isHidden()
    assert drafts.names() == []


def test_a_correction_goes_on_where_the_backend_was_away_for_a_moment(
    qtbot: QtBot, sheet: CorrectionSheet, backend: Backend, source: ApiSource
) -> None:
    sheet.save_requested.connect(lambda _: setattr(source, "api", None))
    sheet.button.click()
    qtbot.waitUntil(sheet.trouble.isVisible)
    assert is_at(sheet, 1)
    source.api = backend  # type: ignore[assignment]
    sheet.skip_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))


def test_a_message_that_left_before_save_is_told_and_can_be_sent_again(
    qtbot: QtBot, window: MainWindow, sheet: CorrectionSheet, backend: Backend
) -> None:
    def become(number: int, state: str) -> None:
        backend.change(number, state, item_id=number, to="old@example.org")

    become(2, "scheduled")
    become(3, "scheduled")
    sheet.skip_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    become(2, "succeeded")
    sheet.button.click()
    qtbot.waitUntil(sheet.trouble.isVisible)
    assert sheet.trouble.text() == (
        "Saved, but the message had already gone to old@example.org. "
        "Save and send sends it as it is here."
    )
    assert (is_at(sheet, 2), sheet.button.text()) == (True, "Save and send")
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    assert said(window) == "Item 2 is corrected and goes out in 5 s"
    become(3, "succeeded")
    sheet.button.click()
    sheet.close()
    left = "Item 3: Saved, but the message had already gone to old@example.org."
    qtbot.waitUntil(lambda: said(window) == left)


def test_undo_says_that_the_correction_stays(
    qtbot: QtBot, window: MainWindow, sheet: CorrectionSheet
) -> None:
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    window.toasts.shown[-1].action_chosen.emit()
    qtbot.waitUntil(lambda: said(window) == "Item 1 stays corrected, and its message was not sent")


def test_what_was_not_answered_is_sent_again_under_its_key(
    qtbot: QtBot, sheet: CorrectionSheet, backend: Backend
) -> None:
    backend.fails = [BackendGone()]
    sheet.button.click()
    qtbot.waitUntil(sheet.trouble.isVisible)
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert len(set(backend.keys)) == 1
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    assert len(set(backend.keys)) == 2


def test_a_message_that_is_being_sent_or_is_uncertain_is_said_in_words(
    qtbot: QtBot, window: MainWindow, sheet: CorrectionSheet, backend: Backend
) -> None:
    running: Any = {"status": 409, "detail": "no", "conflict": {"task_id": 1, "state": "running"}}
    backend.fails = [Refused(running)]
    sheet.button.click()
    qtbot.waitUntil(sheet.trouble.isVisible)
    assert "is being sent right now. Try again in a moment." in sheet.trouble.text()
    backend.uncertain = [1]
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert said(window) == "Item 1 is corrected. Now say whether its message was sent."
    backend.fails = [Refused(running)]
    sheet.button.click()
    sheet.close()
    qtbot.waitUntil(lambda: "is being sent right now" in said(window))


def test_an_address_is_corrected_and_the_message_sent_again(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    async def correct(play: Play) -> None:
        play.submit("Ada")
        play.submit("Bo")
        await play.until(lambda: play.states() == ["succeeded", "succeeded"])
        ids = list(play.rows())
        play.parts.table.action_chosen.emit("correct", ids)
        await play.until(lambda: play.window.findChildren(CorrectionSheet))
        (sheet,) = play.window.findChildren(CorrectionSheet)
        await play.until(lambda: sheet.isVisible() and sheet.accessibleName().endswith("1 of 2"))
        sheet.form.fields[EMAIL].set_text("corrected@example.org")
        sheet.button.click()
        await play.until(lambda: sheet.accessibleName().endswith("2 of 2"))
        sheet.skip_button.click()
        await play.until(sheet.isHidden)
        await play.until(lambda: play.states() == ["succeeded"] * 3)
        texts = [path.read_text() for path in data.outbox.iterdir()]
        assert sum("corrected@example.org" in text for text in texts) == 1
        detail = await asyncio.to_thread(play.api.task, max(play.rows()))
        assert detail["resend_of"] in ids
        play.parts.table.action_chosen.emit("resend", [max(play.rows())])
        await play.until(lambda: len(play.rows()) == 4)
        await copy_and_move(play)

    perform(correct)


def test_a_correction_that_was_not_saved_is_offered_by_the_next_window(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    kept = data.drafts / Typed.CORRECTIONS
    words = "Your correction of item 1 is not saved yet."

    async def correct(play: Play, task: int) -> CorrectionSheet:
        await play.until(lambda: task in play.rows())
        play.parts.table.action_chosen.emit("correct", [task])
        await play.until(lambda: play.window.findChildren(CorrectionSheet))
        (sheet,) = play.window.findChildren(CorrectionSheet)
        await play.until(sheet.isVisible)
        return sheet

    async def type_it(play: Play) -> None:
        later: Any = {"recipient": {"email": "ada@example.org"}, "run_at": "2036-03-01T09:00:00Z"}
        (task,) = (await asyncio.to_thread(play.api.submit, 1, later, "1")).task_ids
        sheet = await correct(play, task)
        sheet.form.fields[EMAIL].replace("bo@exam")
        await play.until(lambda: kept.exists() and "bo@exam" in kept.read_text())
        sheet.form.fields["fields.note"].replace("by the door")
        sheet.send_at.editor.setText("tomorrow, at ni")
        await play.until(lambda: "at ni" in kept.read_text())  # a crash loses nothing of it

    async def find_it(play: Play) -> None:
        await play.until(lambda: BAR in play.window.notices.names())
        assert play.window.notices.text(BAR) == words
        play.window.notices.action_chosen.emit(BAR, DISMISS)
        assert BAR not in play.window.notices.names()
        assert said(play.window) == "Your correction stays with item 1: Correct… shows it."
        (task,) = play.rows()
        sheet = await correct(play, task)
        texts = [sheet.form.fields[path].text() for path in (EMAIL, "fields.note")]
        assert texts == ["bo@exam", "by the door"]
        assert sheet.send_at.editor.text() == "tomorrow, at ni"
        assert "did not save it" in sheet.trouble.text()
        sheet.form.fields[EMAIL].replace("bo@example.org")
        sheet.send_at.set_moment("2037-04-02T09:00:00Z")
        sheet.button.click()
        await play.until(sheet.isHidden)
        await play.until(lambda: not kept.exists())
        (task,) = play.rows()
        assert (await asyncio.to_thread(play.api.task, task))["to"] == "bo@example.org"
        sheet = await correct(play, task)
        sheet.form.fields[EMAIL].replace("cy@example.org")
        await play.until(kept.exists)
        sheet.close()
        next(each for each in sheet.question.buttons if each.text() == "Discard").click()
        await play.until(lambda: not kept.exists())

    perform(type_it)
    perform(find_it)


async def copy_and_move(play: Play) -> None:
    """Send a copy to another address, and have a scheduled message go out later, then now."""
    play.parts.table.action_chosen.emit("send_to", [min(play.rows())])
    await play.until(lambda: play.window.findChildren(AddressSheet))
    (address,) = play.window.findChildren(AddressSheet)
    await play.until(address.isVisible)
    address.email.set_text("copy@example.org")
    address.button.click()
    await play.until(lambda: play.states() == ["succeeded"] * 5)
    detail = await asyncio.to_thread(play.api.task, max(play.rows()))
    assert detail["to"] == "copy@example.org"
    item: Any = {"recipient": {"email": "ada@example.org"}, "run_at": "2036-03-01T09:00:00Z"}
    (later,) = (await asyncio.to_thread(play.api.submit, None, item, "later")).task_ids
    await play.until(lambda: later in play.rows())
    play.parts.table.action_chosen.emit("change_time", [later])
    await play.until(lambda: play.window.findChildren(TimeSheet))
    (moment,) = play.window.findChildren(TimeSheet)
    await play.until(moment.isVisible)
    moment.send_at.set_moment("2037-04-02T09:00:00Z")
    moment.button.click()
    await play.until(moment.isHidden)
    detail = await asyncio.to_thread(play.api.task, later)
    assert (detail["run_at"] or "").startswith("2037-04-02T09:00")
    play.parts.table.action_chosen.emit("run_now", [later])
    await play.until(lambda: play.states() == ["succeeded"] * 6)
