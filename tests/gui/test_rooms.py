"""What a person's actions do, carried out by a real backend and seen on the screen."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtTest import QTest

if TYPE_CHECKING:
    import pytest

    from desktop.contract.items import NewItem
    from tests.gui.play import Play


LATER: NewItem = {"recipient": {"email": "ada@example.org"}, "delay": 600.0}


async def later(play: Play, count: int) -> list[int]:
    """Register items whose tasks wait for ten minutes; return the tasks once they are shown."""
    for number in range(1, count + 1):
        await asyncio.to_thread(play.api.items.submit, number, LATER, str(number))
    await play.until(lambda: play.states() == ["scheduled"] * count)
    return sorted(play.rows())


async def test_the_menu_acts_on_tasks_in_sight_and_the_form_counts_what_others_register(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = play.window.form
    await play.until(lambda: form.number.text() == "1")
    QTest.keyClicks(form.fields["recipient.name"].editor, "Ada")
    first, second = await later(play, 2)
    await play.until(lambda: form.number.text() == "3")
    assert form.snapshot()["number"] == ""
    play.window.page.table.action_chosen.emit("cancel", [first])
    await play.until(lambda: sorted(play.states()) == ["cancelled", "scheduled"])
    menu, chips = play.window.menu, play.window.page.chips

    def offered() -> set[str]:
        menu.aboutToShow.emit()
        assert menu.export in menu.shortcuts()
        return {each.text() for each in (menu.export, menu.remove) if each.isVisible()}

    both = {"Export these tasks…", "Remove finished tasks…"}
    assert offered() == both
    chips.choose("scheduled")
    await play.until(lambda: play.model.is_loaded and list(play.rows()) == [second])
    assert offered() == {"Export these tasks…"}
    menu.remove_chosen.emit()
    play.window.items.open()
    assert offered() == {"Export these tasks…"}
    play.window.places.go_home()
    chips.choose("all")
    await play.until(lambda: play.model.is_loaded and play.has(2))
    assert not any("removed" in each for each in play.notes())
    assert offered() == both

    play.api.cancel(second)
    await asyncio.to_thread(partial(play.api.actions.act, "remove", [first, second], key="r"))
    await play.until(lambda: not play.rows())
    assert await asyncio.to_thread(play.api.items.next_number) == 3
    play.submit("Ada")
    await play.until(lambda: form.number.text() == "4")
