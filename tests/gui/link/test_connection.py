"""A backend that goes away and comes back: nothing untrue stays, and nothing is left undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from desktop.client.errors import UNANSWERED
from desktop.gui.items.corrections import CorrectionSheet
from desktop.gui.items.task_questions import TimeSheet
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.settings.paths import DataFolder
from tests.gui.test_rooms import later

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.play import Play, Scene

    Perform = Callable[[Scene], None]

SheetT = TypeVar("SheetT", bound=Sheet)


def test_what_is_announced_is_done_once_the_backend_is_back(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        first, second = await later(play, 2)
        verbs = play.program.rooms.tasks.verbs
        verbs.grace.seconds = 600.0
        play.window.page.table.action_chosen.emit("cancel", [second])
        await play.until(lambda: len(play.toasts()) == 1)
        (undo,) = [toast.button for toast in play.window.toasts.shown]
        verbs.grace.seconds = 1.0
        play.window.page.table.action_chosen.emit("cancel", [first])
        await play.until(lambda: not verbs.asking)
        play.kill_backend()
        await play.until(lambda: play.program.source.api is None)
        undo.click()
        await play.until(lambda: sorted(play.states()) == ["cancelled", "scheduled"])
        assert play.rows()[second][1] == "scheduled"
        await play.until(lambda: not play.api.many.pending())

    perform(scene)


def test_no_sheet_says_that_the_backend_is_away_once_it_is_back(
    perform: Perform, data: DataFolder
) -> None:
    own = "from sendoff_tasks import task\n\n@task\ndef tidy() -> None: ...\n"
    (data.tasks / "own.py").write_text(own)

    async def scene(play: Play) -> None:
        (task,) = await later(play, 1)
        rooms, window = play.program.rooms, play.window
        rooms.items.correct([task])
        (correction,) = await found(play, CorrectionSheet)
        correction.form.fields["title"].set_text("Opera")
        play.window.page.table.action_chosen.emit("change_time", [task])
        (time,) = await found(play, TimeSheet)
        time.send_at.set_moment("2126-11-23T09:00:00.000Z")
        play.kill_backend()
        await play.until(lambda: play.program.source.api is None)
        correction.save_button.click()
        correction.button.click()
        time.button.click()
        window.menu.run_chosen.emit()
        window.menu.schedules_chosen.emit()
        window.mail.sheet.save_requested.emit({})
        away = [time.trouble, correction.trouble, window.mail.sheet.trouble]
        assert rooms.run.schedules is not None
        away.append(rooms.run.schedules.sheet.trouble)
        assert [each.text() for each in away] == [UNANSWERED] * 4
        await play.until(lambda: all(each.text() != UNANSWERED for each in away))
        not_saved = "Sendoff stopped and may not have saved this. Press “Save” again."
        assert [each.text() for each in away] == ["", not_saved, "", ""]
        await play.until(lambda: rooms.run.running.sheet.functions)
        await play.until(rooms.run.schedules.sheet.nothing.isVisible)
        assert correction.form.fields["title"].text() == "Opera"
        correction.form.fields["title"].set_text("")

    perform(scene)


async def found(play: Play, kind: type[SheetT]) -> list[SheetT]:
    """Wait for a sheet to be opened."""
    await play.until(lambda: any(each.isVisible() for each in play.window.findChildren(kind)))
    return play.window.findChildren(kind)
