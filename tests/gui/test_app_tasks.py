"""The window on an app's own engine: tasks and nothing about items, through the app's restarts."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from desktop.client import supervisor
from tests.engine.survival.shop_process import open_shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from desktop.settings.office_folder import OfficeFolder
    from tests.engine.survival.shop_process import Shop
    from tests.gui.play import Perform, Play


@pytest.fixture
def shop(tmp_path: Path, data: OfficeFolder) -> Callable[[], AbstractContextManager[Shop]]:
    """Open the shop, which keeps its tasks in the window's folder."""
    assert data.root == tmp_path / "data"
    data.settings_file.unlink()
    return lambda: open_shop(tmp_path)


def words(play: Play) -> list[QLabel]:
    return [label for label in play.window.page.table.findChildren(QLabel) if label.isVisible()]


def test_it_shows_the_app_s_tasks_and_no_form_and_follows_the_app_through_a_restart(
    perform: Perform,
    shop: Callable[[], AbstractContextManager[Shop]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor, "CHECK_EVERY", 0.05)
    with ExitStack() as shops:
        first = shops.enter_context(shop())
        running = [first]

        async def scene(play: Play) -> None:
            assert play.window.form.isHidden()
            assert play.window.pins.isHidden()
            assert "No tasks yet." in [label.text() for label in words(play)]
            assert "practice" not in play.told()
            assert list(play.model.titles.values())[:2] == ["Task", "Number"]
            mail = [a for a in play.window.menu.actions() if "Mail settings" in a.text()]
            assert [action.isVisible() for action in mail] == [False]
            await asyncio.to_thread(first.post, "/waits")
            await play.until(lambda: play.states() == ["running"])
            (task,) = play.rows()
            play.window.page.table.action_chosen.emit("cancel", [task])
            await play.until(lambda: play.model.rows_between(0, 0)[0].reason)

            first.process.kill()
            first.process.wait()
            await play.until(lambda: "app_away" in play.told())
            running.append(shops.enter_context(shop()))
            await play.until(lambda: "app_away" not in play.told())
            await asyncio.to_thread(running[-1].post, "/items/1")
            await play.until(lambda: "succeeded" in play.states())
            await play.until(play.window.page.chips.chips["done"].isVisible)

        perform(scene)
        assert running[-1].process.poll() is None
