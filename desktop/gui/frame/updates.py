"""Notices that the program's files were replaced while it runs, and offers to start it again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.builds import BUILD, is_packed, on_disk
from desktop.gui.frame.cases import CaseFact

if TYPE_CHECKING:
    from desktop.gui.frame.cases import Cases

UPDATED: Final = "updated"
"""The case that another build is there."""
EVERY: Final = 2.0
"""Seconds between two looks; what both find is whole: a package replaces its files one by one."""


class Updates(QObject):
    """``replaced`` is emitted once another build is there; ``restart_chosen`` on the button.

    What this process has not loaded yet can no longer be loaded.
    """

    replaced = Signal()
    restart_chosen = Signal()

    def __init__(self, cases: Cases) -> None:
        super().__init__(cases)
        self._cases = cases
        cases.lead("restart", lambda _: self.restart_chosen.emit())

    async def watch(self) -> None:
        """Look until cancelled. Nothing tells of a folder that is moved into another's place."""
        before: str | None = BUILD
        told = BUILD
        while is_packed():
            await asyncio.sleep(EVERY)
            now = await asyncio.to_thread(on_disk)
            if now is not None and now == before and now != told:
                told = now
                self._cases.tell(CaseFact(UPDATED))
                self.replaced.emit()
            before = now
