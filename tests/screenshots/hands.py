"""What more than one scene does: nothing, show everything, find a task and select it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sendoff_tasks.client.calls import SortedFilter

if TYPE_CHECKING:
    from tests.screenshots.stage import Stage


async def nothing(_: Stage) -> None:
    """Do nothing."""


async def show_everything(stage: Stage) -> None:
    """Close what is open and empty what is typed."""
    stage.window.places.go_home()
    stage.window.page.table.cleared.emit()
    stage.window.dialogs.close_all()
    for note in stage.window.notes.shown:
        note.close()
    stage.type()
    stage.window.form.begin()
    await asyncio.sleep(0.5)


async def clear_search(stage: Stage) -> None:
    """Show all tasks again."""
    stage.window.page.search.clear()
    stage.window.page.table.cleared.emit()
    await asyncio.sleep(0.5)


async def newest(stage: Stage, state: str) -> Any:
    """Read the newest task of a state."""
    page = await asyncio.to_thread(stage.api.page, SortedFilter(states=(state,)), limit=1)
    return page["tasks"][0]


async def select_task(stage: Stage, wanted: int) -> None:
    """Select a task that is among the newest."""
    model = stage.program.window.page.model

    def place() -> int | None:
        seen = enumerate(model.row_at(number) for number in range(40))
        return next((at for at, row in seen if row is not None and row.id == wanted), None)

    await stage.until(lambda: place() is not None)
    stage.window.page.table.selectRow(place() or 0)
    await asyncio.sleep(1)
