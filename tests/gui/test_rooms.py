"""What a person's actions do, carried out by a real backend and seen on the screen."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

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


def test_tasks_are_acted_on_after_the_grace_and_what_was_left_alone_is_said(
    perform: Perform,
) -> None:
    async def scene(play: Play) -> None:
        first, *others = await later(play, 4)
        act, verbs = play.window.page.table.action_chosen, play.program.rooms.tasks.verbs
        act.emit("done", [first])
        await play.until(play.toasts)
        assert play.states() == ["scheduled"] * 4
        act.emit("retry", [987])
        await play.toast("Left alone: 1 is gone")
        verbs.grace.seconds = 600.0
        act.emit("cancel", others)
        await play.toast("3 tasks will be cancelled in 600 s")
        play.window.toasts.act_newest()
        assert not verbs.pending.actions
        verbs.grace.seconds = 0.05
        act.emit("cancel", others[:2])
        await play.until(lambda: play.states().count("cancelled") == 2)
        await play.toast("2 tasks are cancelled")
        verbs.grace.seconds = 0.0
        act.emit("cancel", [first, *others])
        await play.until(lambda: play.states() == ["cancelled"] * 4)
        toast = await play.toast("Left alone: 2 are cancelled")
        assert toast.text().startswith("2 tasks are cancelled")
        play.window.page.detail.action_chosen.emit("retry", [first])
        await play.until(lambda: play.states().count("succeeded") == 1)
        api, play.program.source.api = play.api, None
        act.emit("cancel", [first])
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
        form = play.window.form
        await play.until(lambda: form.number.text() == "1")
        QTest.keyClicks(form.fields["recipient.name"].editor, "Ada")
        accepted = await asyncio.to_thread(play.api.items.submit, 41, LATER, "k")
        await play.until(lambda: form.number.text() == "42")
        assert form.snapshot()["number"] == ""
        await asyncio.to_thread(play.api.cancel, accepted.task_ids[0])
        ids = [*accepted.task_ids]
        await asyncio.to_thread(partial(play.api.actions.act, "remove", ids, key="r"))
        await play.until(lambda: not play.rows())
        assert await asyncio.to_thread(play.api.items.next_number) == 42
        play.submit("Ada")
        await play.until(lambda: form.number.text() == "43")

    perform(scene)


def test_choosing_a_row_shows_its_detail_and_chips_choose_rows(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        await later(play, 2)
        play.submit("Ada")
        await play.until(lambda: sorted(play.states()) == ["scheduled", "scheduled", "succeeded"])
        play.window.page.table.selectRow(0)
        said = play.window.page.detail.summary.headline
        await play.until(lambda: said.text().startswith("Kept in the outbox (practice)"))
        play.window.page.chips.choose(("scheduled",))
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        play.window.page.search.setText("no one of that name")
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 0)
        play.window.page.table.cleared.emit()
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 3)

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
            assert menu.export in menu.shortcuts()
            return {each.text() for each in (menu.export, menu.remove) if each.isVisible()}

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
        assert offered() == {"Export these tasks…"}
        menu.export.trigger()  # what is not in sight is not saved
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
