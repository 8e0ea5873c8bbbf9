"""What a person's actions do, carried out by a real backend and seen on the screen."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.frame.views import ITEMS, OVERVIEW, TASKS

if TYPE_CHECKING:
    import pytest

    from desktop.contract.events import Notice
    from desktop.contract.items import NewItem
    from tests.gui.play import Perform, Play


LATER: NewItem = {"recipient": {"email": "ada@example.org"}, "delay": 600.0}


async def later(play: Play, count: int) -> list[int]:
    """Register items whose tasks wait for ten minutes; return the tasks once they are shown."""
    for number in range(1, count + 1):
        await asyncio.to_thread(play.api.items.submit, number, LATER, str(number))
    await play.until(lambda: play.states() == ["scheduled"] * count)
    return sorted(play.rows())


def test_cancel_and_retry_one_task(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        (task,) = await later(play, 1)
        play.window.page.table.action_chosen.emit("cancel", [task])
        await play.until(lambda: play.states() == ["cancelled"])
        play.window.page.detail.action_chosen.emit("retry", [task])
        await play.until(lambda: play.states() == ["succeeded"])

    perform(scene)


def test_what_cannot_be_done_is_said(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        (task,) = await later(play, 1)
        play.window.page.table.action_chosen.emit("done", [task])
        await play.until(play.toasts)
        assert play.states() == ["scheduled"]
        play.window.page.table.action_chosen.emit("retry", [987])
        await play.toast("Left alone: 1 is gone")

    perform(scene)


def test_many_at_once_with_their_count_and_what_was_left_alone(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        first, *others = await later(play, 4)
        play.window.page.table.action_chosen.emit("cancel", [first])
        await play.until(lambda: play.states().count("cancelled") == 1)
        play.window.page.table.action_chosen.emit("cancel", [first, *others])
        await play.until(lambda: play.states() == ["cancelled"] * 4)
        toast = await play.toast("3 tasks are")
        assert "Left alone: 1 is cancelled" in toast.text()

    perform(scene)


def test_many_are_cancelled_after_the_grace_unless_it_is_undone(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        tasks = await later(play, 3)
        verbs = play.program.rooms.tasks.verbs
        verbs.grace.seconds = 600.0
        play.window.page.table.action_chosen.emit("cancel", tasks)
        await play.toast("3 tasks will be cancelled in 600 s")
        play.window.toasts.act_newest()
        assert not verbs.announced
        verbs.grace.seconds = 0.05
        play.window.page.table.action_chosen.emit("cancel", tasks[:2])
        await play.until(lambda: play.states().count("cancelled") == 2)
        await play.toast("2 tasks are cancelled")

    perform(scene)


def test_without_a_backend_an_action_says_so(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        (task,) = await later(play, 1)
        api, play.program.source.api = play.api, None
        play.window.page.table.action_chosen.emit("cancel", [task])
        assert "Sendoff does not answer right now." in play.toasts()[-1]
        play.program.source.api = api

    perform(scene)


def test_a_notice_taken_back_unheard_is_gone_after_the_next_connection(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        live = play.program.rooms.services.live
        heard: list[int] = []
        live.tasks_changed.connect(lambda event: heard.append(len(event["rows"])))
        await later(play, 1)
        await play.until(lambda: heard)
        notice: Notice = {
            "id": "n1",
            "level": "warning",
            "text": "The password was refused.",
            "action": "mail_settings",
            "active": True,
        }
        live.notice(notice)
        live.stats(await asyncio.to_thread(play.api.stats))
        assert "n1" in play.window.notices.names()
        play.kill_backend()
        await play.until(lambda: "n1" not in play.window.notices.names())

    perform(scene)


def test_the_number_of_the_next_item_follows_what_others_register(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        await play.until(lambda: play.window.form.number.text() == "1")
        accepted = await asyncio.to_thread(play.api.items.submit, 41, LATER, "k")
        await play.until(lambda: play.window.form.number.text() == "42")
        await asyncio.to_thread(play.api.cancel, accepted.task_ids[0])
        ids = [*accepted.task_ids]
        await asyncio.to_thread(partial(play.api.many.act, "remove", ids, key="r"))
        await play.until(lambda: not play.rows())
        assert await asyncio.to_thread(play.api.items.next_number) == 42
        play.submit("Ada")
        await play.until(lambda: play.window.form.number.text() == "43")

    perform(scene)


def test_the_number_is_another_once_it_is_taken_while_a_person_types(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        form = play.window.form
        await play.until(lambda: form.number.text() == "1")
        QTest.keyClicks(form.fields["recipient.name"].editor, "Ada")
        await asyncio.to_thread(play.api.items.submit, 3000, LATER, "k")
        await play.until(lambda: form.number.text() == "3001")
        assert form.snapshot()["number"] == ""

    perform(scene)


def test_a_mail_of_practice_mode_is_not_said_to_be_sent(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        play.submit("Ada")
        await play.until(lambda: play.states() == ["succeeded"])
        play.window.page.table.selectRow(0)
        said = play.window.page.detail.summary.headline
        await play.until(lambda: said.text().startswith("Kept in the outbox (practice)"))

    perform(scene)


def test_choosing_a_row_shows_its_detail_and_chips_choose_rows(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        await later(play, 2)
        play.submit("Ada")
        await play.until(lambda: sorted(play.states()) == ["scheduled", "scheduled", "succeeded"])
        play.window.page.chips.choose(("scheduled",))
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        play.window.page.search.setText("no one of that name")
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 0)
        play.window.page.table.cleared.emit()
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 3)
        play.window.notices.action_chosen.emit("nothing of this name", DISMISS)

    perform(scene)


def test_the_menu_acts_on_tasks_in_sight_only(
    perform: Perform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(play: Play) -> None:
        first, second = await later(play, 2)
        play.window.page.table.action_chosen.emit("cancel", [first])
        await play.until(lambda: sorted(play.states()) == ["cancelled", "scheduled"])
        menu, chips = play.window.menu, play.window.page.chips

        def offered() -> set[str]:
            menu.aboutToShow.emit()
            seen = {each.text() for each in (menu.export, menu.remove) if each.isVisible()}
            menu.aboutToHide.emit()
            assert menu.export in menu.shortcuts()
            assert (
                menu.export.isVisible()
            )  # else its keys do nothing and the help does not list them
            return seen

        both = {"Export these tasks…", "Remove finished tasks…"}
        assert offered() == both
        chips.choose(("scheduled",))
        await play.until(lambda: play.model.is_loaded and list(play.rows()) == [second])
        assert offered() == {"Export these tasks…"}
        menu.remove_chosen.emit()
        play.window.switch.choose(ITEMS)
        assert offered() == {"Export these items…"}
        asked: list[str] = []
        monkeypatch.setattr(QFileDialog, "open", lambda dialog: asked.append(dialog.windowTitle()))
        play.window.switch.choose(OVERVIEW)
        assert offered() == set()
        menu.export.trigger()  # by its keys: what is not in sight is not saved
        await play.toast(
            "Choose Tasks, Items, Batches or Causes first. The overview cannot be exported."
        )
        assert asked == []
        assert play.window.switch.choice.value() == OVERVIEW
        play.window.switch.choose(TASKS)
        chips.choose(())
        await play.until(lambda: play.model.is_loaded and play.has(2))
        assert not any("removed" in each for each in play.toasts())
        assert offered() == both

    perform(scene)
