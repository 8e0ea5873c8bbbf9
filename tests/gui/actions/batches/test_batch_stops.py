"""What a person has cancelled of a batch does not leave while *Undo* is shown."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QLabel

from desktop.client.api import ApiSource, new_key
from desktop.client.drafts import Typed
from desktop.client.errors import BackendGone
from desktop.gui.actions.batches.batch_stops import BatchStops
from desktop.gui.actions.unfinished import CONTINUE
from desktop.gui.actions.unfinished_actions import BAR
from desktop.gui.frame.notices.bars import DISMISS
from tests.gui.actions.batches.test_batch_verbs import bring, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.client.api import Api
    from desktop.gui.jobs import Jobs
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

LONG = 600.0


class Backend:
    """Notes what it is asked; one that ``is_away`` does not answer."""

    def __init__(self) -> None:
        self.batches = self
        self.asked: list[str] = []
        self.is_away = False

    def _note(self, verb: str) -> None:
        if self.is_away:
            raise BackendGone
        self.asked.append(verb)

    def pause(self, _: int) -> None:
        self._note("pause")

    def resume(self, _: int) -> None:
        self._note("resume")


async def started(play: Play, folder: Path) -> int:
    """Start a batch of three, of which one may leave a day; show it, and wait for that one."""
    play.program.actions.grace.seconds = LONG
    number = await asyncio.to_thread(bring, play, folder / "members.csv", 3, rate="1/day")
    await asyncio.to_thread(play.api.batches.start, number, new_key())
    await play.until(lambda: play.api.batches.one(number)["counts"]["kept"] == 1)
    play.program.actions.batches.show(number)
    await play.until(lambda: "cancel" in play.parts.batches.card.row.buttons)
    return number


def is_now(play: Play, number: int, state: str) -> Callable[[], bool]:
    return lambda: bool(play.api.batches.one(number)["state"] == state)


def test_the_rest_of_a_batch_stands_from_the_press_on_and_undo_lets_it_go_on(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """Of 200 that were left when *Cancel the rest* was pressed, 192 were sent."""

    async def cancel(play: Play) -> None:
        number = await started(play, tmp_path)
        card = play.parts.batches.card
        card.row.buttons["cancel"].click()
        await play.until(is_now(play, number, "paused"))
        words = "Up to 2 messages will be cancelled. Undo leaves the batch as it was."
        await play.until(lambda: words in [each.text() for each in card.findChildren(QLabel)])
        outlook = play.parts.strip.outlook
        await play.until(lambda: outlook.text() == "2 paused or being cancelled")
        card.row.buttons["undo"].click()
        await play.until(is_now(play, number, "running"))
        await play.until(lambda: outlook.text() == "2 in batches")
        card.row.buttons["cancel"].click()
        await play.until(is_now(play, number, "paused"))
        play.kill_backend()
        await play.until(lambda: play.program.source.api is None)
        await play.until(lambda: play.program.source.api is not None)
        assert play.api.batches.one(number)["state"] == "paused"
        toast = await play.toast("is cancelled in")
        for _ in range(int(LONG)):
            toast.count_down()
        assert toast.text() == "Cancelling the rest of “members.csv”…"  # it was "in 0 s"
        play.window.toasts.close(toast)  # its time is over
        assert state_of(play) == "Cancelling…"  # it was "Paused" for a moment
        assert "undo" not in card.row.buttons
        await play.until(is_now(play, number, "done"))
        assert play.api.batches.one(number)["counts"]["cancelled"] == 2
        await play.toast("2 messages are cancelled")
        assert state_of(play) == "Partly kept"  # it was "Paused" while they were read again

    perform(cancel)


def test_of_a_batch_that_is_resumed_before_its_cancel_it_is_told_what_was_sent(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """*Every row of the batch has ended*, it said, and not that all had been sent."""

    async def cancel(play: Play) -> None:
        play.program.actions.grace.seconds = LONG
        play.api.pause(None)
        number = await asyncio.to_thread(bring, play, tmp_path / "members.csv", 3)
        await asyncio.to_thread(play.api.batches.start, number, new_key())
        play.program.actions.batches.show(number)
        row = play.parts.batches.card.row
        await play.until(lambda: "cancel" in row.buttons)
        row.buttons["cancel"].click()
        await play.until(is_now(play, number, "paused"))
        play.api.batches.resume(number)  # elsewhere
        play.api.resume(None)
        await play.until(is_now(play, number, "done"))
        play.window.toasts.close(await play.toast("is cancelled in"))
        await play.toast("No message was left to cancel · 3 were sent before that")

    perform(cancel)


def test_a_batch_that_was_paused_before_stays_paused(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def cancel(play: Play) -> None:
        number = await started(play, tmp_path)
        row = play.parts.batches.card.row
        row.buttons["pause"].click()
        await play.until(lambda: "resume" in row.buttons)
        revision = play.api.batches.one(number)["rev"]
        row.buttons["cancel"].click()
        row.buttons["undo"].click()
        await play.until(lambda: not play.program.jobs.under_way)
        assert play.api.batches.one(number)["rev"] == revision
        assert play.api.batches.one(number)["state"] == "paused"

    perform(cancel)


def test_after_a_window_that_died_the_batch_stands_until_the_person_decides(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    kept = data.drafts / Typed.ACTIONS
    left = ""

    async def cancel(play: Play) -> None:
        nonlocal left
        number = await started(play, tmp_path)
        play.parts.batches.card.row.buttons["cancel"].click()
        await play.until(is_now(play, number, "paused"))
        left = kept.read_text()
        play.parts.batches.card.row.buttons["undo"].click()
        await play.until(is_now(play, number, "running"))
        play.api.batches.pause(number)  # as a window leaves it that is killed

    async def dismiss(play: Play) -> None:
        bars = play.window.notices
        await play.until(lambda: BAR in bars.names())
        assert bars.text(BAR) == (
            "Sendoff ended before it could cancel the rest of “members.csv”. "
            "Until you decide, none of its messages is sent."
        )
        bars.action_chosen.emit(BAR, DISMISS)
        await play.until(is_now(play, 1, "running"))
        assert not kept.exists()

    async def carry_on(play: Play) -> None:
        play.program.actions.grace.seconds = LONG
        await play.until(lambda: BAR in play.window.notices.names())
        play.window.notices.action_chosen.emit(BAR, CONTINUE)
        toast = await play.toast("is cancelled in")
        await play.until(is_now(play, 1, "paused"))
        play.window.toasts.close(toast)
        await play.until(is_now(play, 1, "done"))

    perform(cancel)
    assert json.loads(left)
    kept.write_text(left)
    perform(dismiss)
    kept.write_text(left)
    perform(carry_on)


def test_what_is_wanted_last_is_so_in_the_end(qtbot: QtBot, jobs: Jobs) -> None:
    backend, source, failed = Backend(), ApiSource(), list[Exception]()
    source.api = cast("Api", backend)
    stops = BatchStops(source, jobs, failed.append)
    stops.stop(1)
    stops.let_go(1)  # while the first call is under way
    qtbot.waitUntil(lambda: not jobs.under_way and backend.asked == ["pause", "resume"])
    backend.is_away = True
    stops.stop(1)
    qtbot.waitUntil(lambda: not jobs.under_way)
    backend.is_away = False
    source.go_on()
    qtbot.waitUntil(lambda: not jobs.under_way and backend.asked[2:] == ["pause"])
    assert failed == []
