"""Scenes of what is opened more rarely: sheets, tabs, notices, and texts of every kind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel

from sendoff_tasks.model.events import NoticeId
from tests.screenshots.hands import clear_search, newest, nothing, select_task, show_everything
from tests.screenshots.listed import LIST_SCENES
from tests.screenshots.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from desktop.contract.items import NewItem
    from tests.screenshots.stage import Stage

RECEIPTS: Final = '''
from sendoff_tasks import task


@task(title="Receipt PDF", queue="receipts", every="10 min")
def receipt(item_id: int = 1) -> str:
    """Print the receipt of an item."""
    return f"receipt-{item_id}.pdf"
'''

_LONG: Final = "maximiliane.alexandra.von-der-hohenstein-wittelsbach.zu.und.auf.neuenburg"

EVERY_KIND: Final[tuple[NewItem, ...]] = (
    {
        "title": "🎉 Summer concert 🎶 with fireworks",
        "recipient": {"name": "Zoë 🎻 Ångström", "email": "zoe@example.org"},
    },
    {
        "title": "كونشرتو الصيف",
        "recipient": {"name": "ليلى حداد", "email": "layla@example.org"},
    },
    {
        "title": "קונצרט קיץ, two seats",
        "recipient": {"name": "נועה לוי", "email": "noa@example.org"},
    },
    {
        "title": "夏のコンサート",
        "recipient": {"name": "伊藤 花子", "email": "hanako@example.org"},
    },
    {
        "title": "The " + "very " * 24 + "long title of a guided tour",
        "recipient": {
            "name": "Maximiliane Alexandra von der Hohenstein-Wittelsbach",
            "email": f"{_LONG[:57]}@tickets.department-of-music.example.org",
        },
    },
)


async def play_closer(stage: Stage) -> AsyncIterator[str]:
    """Go through the rarer scenes, of a window in which some has been done."""
    (stage.program.rooms.frame.folders.data.tasks / "receipts.py").write_text(RECEIPTS)
    await show_everything(stage)
    for name, prepare, after in (*SCENES, *STEPS, *LIST_SCENES):
        await prepare(stage)
        await asyncio.sleep(0.6)
        yield name
        stage.window.dialogs.close_all()
        await after(stage)


async def _show_every_kind(stage: Stage) -> None:
    for item in EVERY_KIND:
        ids = await stage.submit(item)
    await select_task(stage, ids[0])


async def _select_several(stage: Stage) -> None:
    stage.window.places.go_home()
    table = stage.window.page.table
    table.clearSelection()
    rows = QItemSelectionModel.SelectionFlag.Rows | QItemSelectionModel.SelectionFlag.Select
    for row in range(7):
        table.selectionModel().select(table.model().index(row, 0), rows)


async def _find_nothing(stage: Stage) -> None:
    stage.window.page.search.setText("nothing like this at all")
    await asyncio.sleep(1)


async def _correct_address(stage: Stage) -> None:
    task = await newest(stage, "failed")
    stage.program.rooms.tasks.correct([task["id"]])
    paper = stage.window.page.detail.paper
    await stage.until(lambda: paper.head is not None and paper.head.isVisible())


async def _open_about(stage: Stage) -> None:
    stage.program.rooms.frame.about.about.open()


async def _lose_server(stage: Stage) -> None:
    port, stage.server.port = stage.server.port, 1
    await stage.send_really()
    stage.server.port = port
    for number in range(400, 403):
        await stage.submit({"recipient": {"name": f"Person {number}", "email": "p@example.org"}})
    await stage.until(lambda: _is_held(stage))
    await asyncio.sleep(1)
    stage.window.page.table.selectRow(0)


async def _find_server(stage: Stage) -> None:
    await stage.send_really()
    await stage.until(lambda: not _is_held(stage))


def _is_held(stage: Stage) -> bool:
    live = stage.program.rooms.services.live
    return any(each.startswith(NoticeId.QUEUE) for each in live.notices)


async def _stay(stage: Stage) -> None:
    if (question := stage.window.closing.question) is not None:
        question.close()


async def _ask_about_closing(stage: Stage) -> None:
    stage.window.close()


async def _turn_history(stage: Stage) -> None:
    stage.window.page.detail.lead.history.click()


SCENES: Final = (
    ("every-kind", _show_every_kind, nothing),
    ("several", _select_several, nothing),
    ("nothing-found", _find_nothing, clear_search),
    ("history", _turn_history, _turn_history),
    ("correction", _correct_address, clear_search),
    ("about", _open_about, nothing),
    ("offline", _lose_server, _find_server),
    ("closing", _ask_about_closing, _stay),
)
"""Each scene's name, what is done for it, and what afterwards."""
