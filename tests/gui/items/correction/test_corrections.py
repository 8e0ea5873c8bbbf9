"""Items corrected one after the other: Escape ends it, one click has one effect, all is said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.items.corrections import CorrectionSheet
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.link.drafts import DraftBox, DraftItem
from sendoff_tasks.client.errors import BackendBroken, BackendBusy, BackendGone, Refused
from tests.gui.items.correction.conftest import corrections_of
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.link.drafts import ItemChange
    from desktop.gui.link.jobs import ApiSource, Jobs
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.items.correction.conftest import Corner
    from tests.gui.items.correction.failed_items import FailedItems
    from tests.gui.play import Perform, Play


RUNS = {"title": "Letter"}


def is_at(sheet: CorrectionSheet, place: int) -> bool:
    title = f"Correct item {place} · {place} of 3"
    return sheet.isVisible() and sheet.accessibleName() == title


def said(corner: Corner) -> str:
    return corner.toasts.shown[-1].text() if corner.toasts.shown else ""


def test_enter_leads_from_item_to_item_and_escape_ends_it(
    qtbot: QtBot, corner: Corner, sheet: CorrectionSheet, backend: FailedItems
) -> None:
    qtbot.keyClicks(sheet.form.fields[EMAIL].editor, "one@example.org")
    qtbot.keyClick(sheet.form.fields[EMAIL].editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert said(corner) == "Item 1 is corrected and will be sent in 5 s"
    corner.toasts.keeps = True  # in practice mode
    qtbot.waitUntil(sheet.form.fields[EMAIL].editor.hasFocus)
    qtbot.keyClicks(sheet.form.fields[EMAIL].editor, "two@example.org")
    qtbot.keyClick(sheet.form.fields[EMAIL].editor, Qt.Key.Key_Return)
    qtbot.keyClick(sheet.form.fields[EMAIL].editor, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    kept = "Item 2 is corrected and will be kept, not sent, in 5 s"
    qtbot.waitUntil(lambda: said(corner) == kept)
    assert len(backend.keys) == 2
    assert sheet.isHidden()


def test_a_kill_at_any_moment_of_a_round_leaves_no_item_out(
    qtbot: QtBot, jobs: Jobs, sheet: CorrectionSheet, backend: FailedItems, source: ApiSource
) -> None:
    corrections = corrections_of(sheet)
    sheet.close()
    for moment in (0, 1, 2, 3, 8, 9):  # those between are of the second item
        corrections.correct([1, 2, 3])
        qtbot.waitUntil(lambda: is_at(sheet, 1))
        backend.corrected.clear()
        backend.steps = moment
        for _ in range(8):
            if backend.is_dead:
                assert sheet.trouble.isVisible() or sheet.isHidden()
                backend.is_dead, source.api = False, backend  # type: ignore[assignment]
                source.go_on()
            elif sheet.isVisible():
                number = sheet.accessibleName().split()[2]
                sheet.form.fields[EMAIL].replace(f"new{number}@example.org")
                sheet.button.click()
            qtbot.waitUntil(lambda: not jobs.under_way)
        assert sheet.isHidden(), moment
        assert len(backend.corrected) == 3, moment
        sent = {item: each["recipient"]["email"] for (item, _), each in backend.corrected.items()}
        assert sent == {number: f"new{number}@example.org" for number in (1, 2, 3)}, moment


def test_the_next_item_comes_once_however_often_skip_is_pressed(
    qtbot: QtBot, sheet: CorrectionSheet
) -> None:
    sheet.skip_button.click()
    sheet.skip_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    sheet.form.fields[EMAIL].replace("two@example.org")
    sheet.button.click()
    sheet.skip_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))


def test_what_is_typed_while_an_item_is_saved_is_in_no_item(
    qtbot: QtBot, sheet: CorrectionSheet, backend: FailedItems
) -> None:
    backend.may_answer.clear()
    email = sheet.form.fields[EMAIL].editor
    qtbot.keyClicks(email, "one@example.org")
    qtbot.keyClick(email, Qt.Key.Key_Return)
    qtbot.keyClicks(email, "t")
    assert (sheet.form.fields[EMAIL].text(), sheet.button.text()) == ("one@example.org", "Saving…")
    backend.may_answer.set()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert sheet.form.fields[EMAIL].text() == "person2@exmaple.org"
    assert sheet.trouble.text() == "Not everything that you typed was accepted. Check the address."
    email = sheet.form.fields[EMAIL].editor
    qtbot.keyClicks(email, "wo@example.org")
    qtbot.keyClick(email, Qt.Key.Key_Return)
    assert "Not everything that you typed" in sheet.question.accessibleName()
    assert sheet.trouble.isHidden(), "it stood there twice"
    qtbot.keyClick(sheet.question.buttons[-1], Qt.Key.Key_Return)
    qtbot.keyClicks(email, "two@example.org")
    qtbot.keyClick(email, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    sent = [each["recipient"]["email"] for each in backend.corrected.values()]
    assert (sent, sheet.trouble.isHidden()) == (["one@example.org", "two@example.org"], True)


def test_a_busy_backend_is_asked_again_for_the_next_item(
    qtbot: QtBot, sheet: CorrectionSheet, backend: FailedItems
) -> None:
    backend.error = BackendBusy("Too busy.", 0.01)
    sheet.skip_button.click()
    qtbot.waitUntil(sheet.trouble.isVisible)
    assert "The next item follows" in sheet.trouble.text()
    backend.error = None
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert sheet.trouble.isHidden()


def test_what_is_discarded_by_skip_is_asked_about_once(
    qtbot: QtBot, sheet: CorrectionSheet
) -> None:
    sheet.skip_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    sheet.skip_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    sheet.form.fields[EMAIL].replace("three@example.org")
    sheet.skip_button.click()
    next(each for each in sheet.question.buttons if each.text() == "Discard").click()
    assert sheet.isHidden()


def test_a_correction_goes_on_where_the_backend_was_away_for_a_moment(
    qtbot: QtBot, sheet: CorrectionSheet, backend: FailedItems, source: ApiSource
) -> None:
    sheet.save_requested.connect(lambda _: setattr(source, "api", None))
    sheet.button.click()
    qtbot.waitUntil(sheet.trouble.isVisible)
    assert is_at(sheet, 1)
    assert sheet.trouble.text() == "The next item follows once Sendoff answers again."
    buttons = sheet.skip_button, sheet.save_button, sheet.button
    assert not [each for each in buttons if each.isEnabled()]
    source.api = backend  # type: ignore[assignment]
    source.go_on()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert [each for each in buttons if each.isEnabled()] == [*buttons]


def test_a_message_that_left_before_save_is_told_and_can_be_sent_again(
    qtbot: QtBot, corner: Corner, sheet: CorrectionSheet, backend: FailedItems
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
        "Saved, but the e-mail had already gone to old@example.org. "
        "Press Save and send again to send it as it is here."
    )
    assert (is_at(sheet, 2), sheet.button.text()) == (True, "Save")
    sheet.again_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    assert said(corner) == "Item 2 will be sent in 5 s"
    become(3, "succeeded")
    sheet.button.click()
    sheet.close()
    left = "Item 3: Saved, but the e-mail had already gone to old@example.org."
    qtbot.waitUntil(lambda: said(corner) == left)


def test_what_was_sent_since_is_shown_and_enter_sends_it_to_nobody(
    qtbot: QtBot, corner: Corner, sheet: CorrectionSheet, backend: FailedItems
) -> None:
    made: Any = {"item_id": 2, "resend_of": 2, "addressee": None, "to": "p44@example.org"}
    backend.rows[8] = task_row(8, "succeeded", **made)
    backend.rows[9] = task_row(9, "succeeded", **{**made, "addressee": {"email": "me@example.org"}})
    sheet.skip_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert sheet.state.headline.text().startswith("Sent, ")
    assert "The e-mail was sent to p44@example.org. Save sends nothing" in sheet.state.words.text()
    qtbot.keyClick(sheet.form.fields[EMAIL].editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    assert said(corner) == "Item 2 stays as it was"


def test_undo_says_that_the_correction_stays(
    qtbot: QtBot, corner: Corner, sheet: CorrectionSheet
) -> None:
    sheet.form.fields[EMAIL].replace("one@example.org")
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert corner.toasts.shown[-1].button.text() == "Undo sending"
    corner.toasts.shown[-1].action_chosen.emit()
    qtbot.waitUntil(lambda: said(corner) == "The new e-mail is not sent. Item 1 stays corrected.")


def test_what_was_not_answered_is_sent_again_under_its_key(
    qtbot: QtBot, corner: Corner, sheet: CorrectionSheet, backend: FailedItems, source: ApiSource
) -> None:
    backend.fails = [BackendGone()]
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    source.go_on()
    qtbot.waitUntil(lambda: said(corner) == "Item 1 will be sent in 5 s")
    assert len(set(backend.keys)) == 1
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    assert len(set(backend.keys)) == 2


def test_a_correction_that_was_left_is_made_by_the_next_window(
    qtbot: QtBot, make: Callable[[], CorrectionSheet], corner: Corner, backend: FailedItems
) -> None:
    how: ItemChange = {"send": True, "user": None, "changes": True}
    body: Any = {"recipient": {"email": "one@example.org"}}
    draft = DraftItem(1, body, {}, undo_for=5.0, change=how)
    corrections_of(make()).put(draft)
    qtbot.waitUntil(lambda: bool(backend.corrected))
    assert backend.corrected == {(1, draft.key): body}
    qtbot.waitUntil(lambda: said(corner) == "Item 1 is corrected and will be sent in 5 s")


def test_a_message_that_is_being_sent_or_is_uncertain_is_said_in_words(
    qtbot: QtBot, corner: Corner, sheet: CorrectionSheet, backend: FailedItems
) -> None:
    running: Any = {"status": 409, "detail": "no", "refusal": "under_way"}
    running["data"] = {**RUNS, "task_id": 1, "state": "running"}
    backend.fails = [Refused(running)]
    sheet.button.click()
    qtbot.waitUntil(sheet.trouble.isVisible)
    assert "“Letter” is running" in sheet.trouble.text()
    backend.uncertain = [1]
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert said(corner) == "Now say whether the e-mail of item 1 was sent"
    sheet.form.fields[EMAIL].replace("two@example.org")
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    assert said(corner) == "Item 2 is corrected. Now say whether its e-mail was sent."
    backend.fails = [Refused(running)]
    sheet.button.click()
    sheet.close()
    qtbot.waitUntil(lambda: "“Letter” is running" in said(corner))


def test_that_a_later_message_of_the_item_is_being_sent_is_said_until_it_has_ended(
    qtbot: QtBot, sheet: CorrectionSheet, backend: FailedItems
) -> None:
    running: Any = {"status": 409, "detail": "no", "refusal": "under_way"}
    running["data"] = {**RUNS, "task_id": 9, "state": "running"}
    backend.fails = [Refused(running)]
    sheet.button.click()
    qtbot.waitUntil(sheet.trouble.isVisible)
    ended: Any = {"rows": [task_row(9, "succeeded", item_id=1)]}
    corrections_of(sheet).follow(ended)
    assert sheet.trouble.isHidden()


def test_an_item_that_is_saved_as_it_was_is_not_said_to_be_corrected(
    qtbot: QtBot, corner: Corner, sheet: CorrectionSheet
) -> None:
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert said(corner) == "Item 1 will be sent in 5 s"
    assert corner.toasts.shown[-1].button.text() == "Undo"
    sheet.save_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    assert said(corner) == "Item 2 stays as it was"


def test_a_contact_that_is_pasted_as_the_address_is_understood(
    qtbot: QtBot, sheet: CorrectionSheet
) -> None:
    sheet.form.fields[EMAIL].editor.clear()
    QApplication.clipboard().setText("Person One <one@example.org>")
    editor = sheet.form.fields[EMAIL].editor
    qtbot.keyClick(editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert sheet.form.fields[EMAIL].text() == "one@example.org"


@pytest.mark.parametrize("is_refused", [False, True])
def test_it_neither_leads_on_nor_is_said_of_another_item(
    qtbot: QtBot,
    corner: Corner,
    jobs: Jobs,
    backend: FailedItems,
    make: Callable[[], CorrectionSheet],
    is_refused: bool,
) -> None:
    sheet = make()
    corrections = corrections_of(sheet)
    corrections.correct([1, 2])
    qtbot.waitUntil(lambda: sheet.accessibleName() == "Correct item 1 · 1 of 2")
    backend.may_answer.clear()
    if is_refused:
        backend.late = BackendBusy("Too busy.", 1.0)
    sheet.form.fields[EMAIL].replace("one@example.org")
    sheet.button.click()
    assert sheet.close()
    corrections.correct([3, 2])
    qtbot.waitUntil(lambda: sheet.accessibleName() == "Correct item 3 · 1 of 2")
    backend.may_answer.set()
    if not is_refused:
        qtbot.waitUntil(lambda: any("tem 1" in each.text() for each in corner.toasts.shown))
    qtbot.waitUntil(lambda: not jobs.under_way)
    assert sheet.accessibleName() == "Correct item 3 · 1 of 2"
    assert sheet.trouble.isHidden()


def test_correction_with_a_broken_answer_and_a_closed_sheet_is_left_to_the_next_window(
    qtbot: QtBot, corner: Corner, backend: FailedItems, sheet: CorrectionSheet, tmp_path: Path
) -> None:
    backend.may_answer.clear()
    backend.late = BackendBroken("The answer is not JSON.")
    sheet.form.fields[EMAIL].replace("one@example.org")
    sheet.button.click()
    assert sheet.close()
    backend.may_answer.set()
    qtbot.waitUntil(lambda: said(corner).startswith("Item 1: "))
    (left,) = DraftBox(tmp_path / "drafts").load().submissions
    assert left.body["recipient"]["email"] == "one@example.org"


def test_an_address_is_corrected_and_the_message_sent_again(
    perform: Perform, data: OfficeFolder
) -> None:
    async def correct(play: Play) -> None:
        play.submit("Ada")
        play.submit("Bo")
        await play.until(lambda: play.states() == ["succeeded", "succeeded"])
        ids = list(play.rows())
        play.window.page.table.action_chosen.emit("correct", ids)
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

    perform(correct)
