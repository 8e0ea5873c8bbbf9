"""Scenes of what is opened more rarely: sheets, tabs, notices, and texts of every kind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel, QMimeData

from desktop.gui.frame.views import TASKS
from desktop.gui.items.corrections import CorrectionSheet
from desktop.gui.tasks.detail.task_detail import ATTEMPTS, LOG, MESSAGE, VALUES, DetailTabs
from desktop.gui.templates.template_sheet import TemplateSheet
from sendoff_tasks.client.health import Gone, Ready
from tests.screenshots.hands import clear_search, newest, nothing, select_task, show_everything
from tests.screenshots.listed import LIST_SCENES
from tests.screenshots.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

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
        stage.window.sheets.close_all()
        await after(stage)


async def _show_every_kind(stage: Stage) -> None:
    for item in EVERY_KIND:
        ids = await stage.submit(item)
    await select_task(stage, ids[0])


async def _show_items(stage: Stage) -> None:
    stage.window.switch.choose("items")
    table = stage.window.items.table
    await stage.until(lambda: table.model().rowCount() > 0)
    table.selectRow(0)


async def _select_several(stage: Stage) -> None:
    stage.window.switch.choose(TASKS)
    table = stage.window.page.table
    table.clearSelection()
    rows = QItemSelectionModel.SelectionFlag.Rows | QItemSelectionModel.SelectionFlag.Select
    for row in range(7):
        table.selectionModel().select(table.model().index(row, 0), rows)


async def _filter_failed(stage: Stage) -> None:
    stage.window.page.search.setText("state:failed")
    await asyncio.sleep(1)
    stage.window.page.table.selectRow(0)


async def _find_nothing(stage: Stage) -> None:
    stage.window.page.search.setText("nothing like this at all")
    await asyncio.sleep(1)


async def _correct_address(stage: Stage) -> None:
    task = await newest(stage, "failed")
    stage.program.rooms.items.correct([task["id"]])
    await stage.until(lambda: stage.window.findChildren(CorrectionSheet))
    (sheet,) = stage.window.findChildren(CorrectionSheet)
    await stage.until(sheet.isVisible)


async def _write_template(stage: Stage) -> None:
    stage.program.rooms.templates.open()
    (sheet,) = stage.window.findChildren(TemplateSheet)
    await stage.until(lambda: sheet.form.texts["text"].source())
    pasted = QMimeData()
    pasted.setText("Dear {{ first_name }}, your seats for {{ titel }} are reserved.\n\n")
    sheet.form.texts["text"].insertFromMimeData(pasted)
    sheet.form.head["reply_to"].set_text("office@example.org")
    await asyncio.sleep(1.5)


async def _forget_template(stage: Stage) -> None:
    (sheet,) = stage.window.findChildren(TemplateSheet)
    sheet.discard()
    sheet.close()


async def _open_help(stage: Stage) -> None:
    stage.program.rooms.frame.help.help.open()


async def _open_about(stage: Stage) -> None:
    stage.program.rooms.frame.help.help.open_at("about")


async def _preview_item(stage: Stage) -> None:
    stage.type(name="Ines Duarte", email="ines@example.org", title="Summer concert")
    stage.window.form.preview_button.click()
    await asyncio.sleep(1)


async def _drag_file(stage: Stage) -> None:
    stage.window.drop_zone.appear()


async def _drop_nothing(stage: Stage) -> None:
    stage.window.drop_zone.hide()


async def _lose_server(stage: Stage) -> None:
    port, stage.server.port = stage.server.port, 1
    await stage.send_really()
    stage.server.port = port
    for number in range(400, 403):
        await stage.submit({"recipient": {"name": f"Person {number}", "email": "p@example.org"}})
    await stage.until(lambda: any(each.startswith("queue:") for each in _notices(stage)))
    await asyncio.sleep(1)
    stage.window.page.table.selectRow(0)


async def _find_server(stage: Stage) -> None:
    await stage.send_really()
    await stage.until(lambda: not any(each.startswith("queue:") for each in _notices(stage)))


def _notices(stage: Stage) -> list[str]:
    return [*stage.program.rooms.services.live.notices]


async def _stay(stage: Stage) -> None:
    stage.window.closing.sheet.close()


async def _stop_backend(stage: Stage) -> None:
    stage.backend = stage.api.backend
    stage.program.rooms.services.link.backend_changed(Gone("", 4.0))


async def _start_backend(stage: Stage) -> None:
    assert stage.backend is not None
    stage.program.rooms.services.link.backend_changed(Ready(stage.backend, own=True))


async def _ask_about_closing(stage: Stage) -> None:
    stage.window.close()


def _tab(number: int) -> Callable[[Stage], Awaitable[None]]:
    async def show(stage: Stage) -> None:
        (tabs,) = stage.window.page.detail.findChildren(DetailTabs)
        tabs.setCurrentIndex(number)

    return show


SCENES: Final = (
    ("every-kind", _show_every_kind, nothing),
    ("every-kind-of-items", _show_items, nothing),
    ("several", _select_several, nothing),
    ("nothing-found", _find_nothing, clear_search),
    ("failed", _filter_failed, nothing),
    ("log", _tab(LOG), nothing),
    ("attempts", _tab(ATTEMPTS), nothing),
    ("arguments", _tab(VALUES), nothing),
    ("message", _tab(MESSAGE), _tab(0)),
    ("correction", _correct_address, clear_search),
    ("template", _write_template, _forget_template),
    ("help", _open_help, nothing),
    ("about", _open_about, nothing),
    ("preview", _preview_item, show_everything),
    ("dropping", _drag_file, _drop_nothing),
    ("offline", _lose_server, _find_server),
    ("closing", _ask_about_closing, _stay),
    ("restarting", _stop_backend, _start_backend),
)
"""Each scene's name, what is done for it, and what afterwards."""
