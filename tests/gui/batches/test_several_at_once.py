"""What is done to several batches at once is announced, undone and said together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.client.api import new_key
from desktop.client.calls.batches import BatchCalls
from desktop.client.errors import Refused
from desktop.gui.batches.batch_verbs import BatchLater, batches_later
from tests.gui.batches.test_batch_verbs import bring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from desktop.gui.kit.widgets.action_row import ActionRow
    from tests.gui.play import Play, Scene


def offered(row: ActionRow, verb: str) -> str:
    return row.buttons[verb].text() if verb in row.buttons else ""


async def choose_all(play: Play, count: int) -> None:
    play.window.switch.choose("batches")
    await play.until(lambda: play.window.batches.model.rowCount() == count)
    play.window.batches.table.selectAll()


def test_one_toast_tells_of_all_and_a_batch_can_be_taken_out_of_it(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """Each had a toast of its own; of more than four the first ones were gone at once."""

    async def delete(play: Play) -> None:
        view = play.window.batches
        numbers = [bring(play, tmp_path / f"{name}.csv", 1) for name in ("may", "june", "july")]
        play.program.rooms.services.grace.seconds = 600.0
        await choose_all(play, 3)
        view.several.row.buttons["delete"].click()
        await play.toast("3 drafts are deleted in ")
        assert len(play.toasts()) == 1
        view.table.selectRow(view.model.position_of(numbers[0]) or 0)
        view.card.row.buttons["undo"].click()
        assert play.toasts()[0].startswith("2 drafts are deleted in ")
        view.table.selectAll()
        view.several.row.buttons["undo"].click()
        assert play.toasts() == []
        await play.until(lambda: not play.api.many.pending())
        play.program.rooms.services.grace.seconds = 0.0
        view.several.row.buttons["delete"].click()
        await play.until(lambda: view.model.rowCount() == 0)

    perform(delete)


def test_what_came_of_all_that_were_cancelled_is_one_sentence(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def cancel(play: Play) -> None:
        play.api.pause("mail")
        for name, rows in (("may", 2), ("june", 3)):
            play.api.batches.start(bring(play, tmp_path / f"{name}.csv", rows), new_key())
        play.program.rooms.services.grace.seconds = 600.0
        await choose_all(play, 2)
        row = play.window.batches.several.row
        await play.until(lambda: offered(row, "cancel") == "Cancel the rest (2)")
        row.buttons["cancel"].click()
        await play.toast("The rest of 2 batches is cancelled in ")
        play.window.toasts.act_newest()
        await play.until(lambda: offered(row, "cancel") == "Cancel the rest (2)")
        play.program.rooms.services.grace.seconds = 0.0
        row.buttons["cancel"].click()
        await play.toast("3 messages are cancelled")
        assert len(play.toasts()) == 1

    perform(cancel)


def test_what_is_refused_of_several_alike_is_said_once(
    perform: Callable[[Scene], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(play: Play) -> None:
        for name in ("may", "june"):
            bring(play, tmp_path / f"{name}.csv", 1)
        play.program.rooms.services.grace.seconds = 0.0
        monkeypatch.setattr(BatchCalls, "delete", refuse)
        await choose_all(play, 2)
        play.window.batches.several.row.buttons["delete"].click()
        await play.toast("No room on the disk")
        assert play.toasts() == ["No room on the disk"]

    def refuse(*_: object, **__: object) -> None:
        problem: Any = {"type": "", "title": "", "status": 507, "detail": "No room on the disk"}
        raise Refused(problem)

    perform(fail)


def test_what_is_sent_again_in_a_paused_batch_starts_once_that_is_resumed() -> None:
    """It was to be sent in 5 s."""
    paused, running = BatchLater("a", 3, is_paused=True), BatchLater("b", 3, is_paused=False)
    again, after = "Sending {} messages again begins {}", "once you resume the batch"

    def when(left: int) -> str:
        return f"in {left} s"

    assert batches_later("retry", [paused], 5, when) == again.format(3, after)
    said = f"{again.format(6, 'in 5 s')}\n3 of them start {after}."
    assert batches_later("retry", [paused, running], 5, when) == said
