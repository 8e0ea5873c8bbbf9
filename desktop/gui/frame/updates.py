"""Notices that the program's files were replaced while it runs, and offers to start it again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.builds import BUILD, is_packed, on_disk
from desktop.gui.frame.notices.bars import BarText
from sendoff_tasks.client.health import Away, Ready, ServerFault

if TYPE_CHECKING:
    from desktop.gui.frame.notices.notice_bar import NoticeBar
    from sendoff_tasks.client.health import BackendState
    from sendoff_tasks.model.tasks import Level

UPDATED: Final = "updated"
"""The name of the bar."""
EVERY: Final = 2.0
"""Seconds between two looks; what both find is whole: a package replaces its files one by one."""


class Updates(QObject):
    """``replaced`` is emitted once another build is there; ``restart_chosen`` on the button.

    What this process has not loaded yet can no longer be loaded.
    """

    replaced = Signal()
    restart_chosen = Signal()

    def __init__(self, notices: NoticeBar) -> None:
        super().__init__(notices)
        self._notices = notices

    async def watch(self) -> None:
        """Look until cancelled. Nothing tells of a folder that is moved into another's place."""
        before: str | None = BUILD
        told = BUILD
        while is_packed():
            await asyncio.sleep(EVERY)
            now = await asyncio.to_thread(on_disk)
            if now is not None and now == before and now != told:
                told = now
                self._say("info")
                self.replaced.emit()
            before = now

    def follow(self, state: BackendState) -> None:
        """Say it before all else while this window can use no backend until the restart."""
        match state:
            case Away(missing=ServerFault.REPLACED):
                self._notices.take_back(UPDATED)  # the newest bar of a level goes first
                self._say("error")
            case Ready() if UPDATED in self._notices.bars:
                self._say("info")

    def _say(self, level: Level) -> None:
        words = self.tr("Sendoff was updated. What you have typed stays.")
        actions = (("restart", self.tr("Restart to finish the update")),)
        bar = BarText(level, words, actions)
        self._notices.say(UPDATED, bar, lambda _: self.restart_chosen.emit())
