"""The scenes: what is done to the running window before each picture is taken."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.gui.importing.import_place import ImportPlace
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.events import NoticeId
from tests.screenshots.closer import play_closer
from tests.screenshots.letter import close_letter, open_letter
from tests.screenshots.people import TROUBLED, UNDER_WAY, everyday, special
from tests.screenshots.stage import WITHIN_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from desktop.contract.items import NewItem
    from tests.screenshots.stage import Stage

MEMBERS = Path(__file__).parents[1] / "sheets" / "corpus" / "mitglieder.ods"
MEMBERS_ROWS = 3000
SOME_SENT = 4
WRONG_PASSWORD = "not the one"


async def play(stage: Stage, *, closer: bool = False) -> AsyncIterator[str]:
    """Go through the scenes, ``closer`` also the rarer ones; each name is the cue for a picture."""
    await stage.until(lambda: stage.program.source.api is not None)
    await stage.until(lambda: stage.window.cases.sentence)
    await stage.until(lambda: stage.window.page.chips.chips["all"].count)
    yield "empty"
    await _make_busy(stage)
    yield "busy"
    await open_letter(stage)
    yield "letter"
    await close_letter(stage)
    await _open_mail_settings(stage)
    yield "mail-settings"
    stage.window.mail.dialog.close()
    await _pause(stage)
    yield "paused"
    await _resume(stage)
    await _select(stage, "uncertain")
    yield "uncertain"
    await _show_view(stage, "items")
    yield "items"
    stage.window.places.go_home()
    await _import(stage)
    yield "import"
    await _send_sheet(stage)
    yield "batches"
    await _cancel_batch(stage)
    if closer:
        async for scene in play_closer(stage):
            yield scene
    await _make_fail(stage)
    yield "failing"


async def _show_view(stage: Stage, name: str) -> None:
    place = getattr(stage.window, name)
    place.open()
    table = place.table
    await stage.until(lambda: table.model().rowCount() > 0)
    table.selectRow(0)
    await asyncio.sleep(0.5)


async def _make_busy(stage: Stage) -> None:
    await stage.send_really()
    for beat in range(90):
        await _register_some(stage, beat)
        await asyncio.sleep(0.1)
    for item in TROUBLED:
        await stage.submit(item)
    later = (datetime.now(UTC) + timedelta(days=7)).replace(hour=8, minute=0, second=0)
    reminder: NewItem = {**special("Ada Lin", "@example.org"), "run_at": later.isoformat()}
    await stage.submit(reminder)
    [unwanted] = await stage.submit({**everyday(7), "delay": 600.0})
    await asyncio.to_thread(stage.api.cancel, unwanted)
    for item in UNDER_WAY:
        await stage.submit(item)
    await stage.until_counts(lambda counts: counts["running"] >= len(UNDER_WAY))
    await stage.until_counts(lambda counts: counts["waiting"] >= 1)
    stage.type(name="Noor Haddad", email="noor@example.org", title="Summer concert")
    stage.window.form.submit()
    await stage.until(lambda: stage.window.notes.shown)
    stage.type(name="Ines Duarte", email="ines@example.org")
    stage.window.form.begin()
    await asyncio.sleep(1.0)


async def _register_some(stage: Stage, beat: int) -> None:
    """Register items at a pace that rises and falls."""
    for each in range(round(1 + 2 * abs(math.sin(beat / 9)))):
        await stage.submit(everyday(beat * 3 + each))


async def _open_mail_settings(stage: Stage) -> None:
    for note in stage.window.notes.shown:
        note.close()
    sheet = stage.window.mail.dialog
    sheet.open()
    await stage.until(lambda: sheet.form.host.text())
    sheet.limits.rate.set_rate("30/min")
    sheet.test_to.set_text("tickets@example.org")
    sheet.test_button.click()
    await stage.until(sheet.log.isVisible)


async def _pause(stage: Stage) -> None:
    stage.window.menu.pause_chosen.emit()
    await stage.until(lambda: NoticeId.PAUSED in stage.program.rooms.services.live.notices)
    for number in range(200, 205):
        await stage.submit(everyday(number))
    await stage.until_counts(lambda counts: counts["queued"] >= 5)
    await _select(stage, "queued")


async def _resume(stage: Stage) -> None:
    stage.window.menu.resume_chosen.emit()
    await stage.until(lambda: NoticeId.PAUSED not in stage.program.rooms.services.live.notices)
    await stage.until_counts(lambda counts: counts["queued"] == 0)


async def _import(stage: Stage) -> None:
    """Bring a spreadsheet in; some of its addresses need a look."""
    imports = stage.program.rooms.importing.imports
    imports.open_file(MEMBERS)
    (sheet,) = stage.window.findChildren(ImportPlace)
    await stage.until(lambda: sheet.batch and sheet.batch["counts"]["rows"] == MEMBERS_ROWS)
    await stage.until(lambda: sheet.said.bar.isHidden() and sheet.list.current())
    await stage.until(lambda: sheet.batch and not sheet.batch["counts"]["unchecked"])
    sheet.source.sending.most.replace("500")
    await stage.until(lambda: sheet.batch and sheet.batch["rate"])
    await stage.until(lambda: sheet.batch and not sheet.batch["counts"]["unchecked"])
    await asyncio.sleep(0.5)


async def _send_sheet(stage: Stage) -> None:
    (sheet,) = stage.window.findChildren(ImportPlace)
    stage.program.rooms.services.grace.seconds = 0.0
    sheet.said.send.click()
    await stage.until(sheet.isHidden)
    table = stage.window.batches.table
    await stage.until(lambda: (now := table.current()) and now["counts"]["sent"] > SOME_SENT)


async def _cancel_batch(stage: Stage) -> None:
    batch = stage.window.batches.table.current()
    assert batch is not None
    await asyncio.to_thread(stage.api.batches.cancel, batch["batch_id"], "cancel")
    await stage.until_counts(lambda counts: counts["queued"] == 0)
    stage.window.places.go_home()


async def _make_fail(stage: Stage) -> None:
    stage.server.locked = True
    await stage.send_really(user="tickets")
    at_once: dict[str, Any] = {"queues": {"mail": {"rate": None}}}  # the batch has used it up
    await asyncio.to_thread(stage.api.save_settings, at_once)
    refused = [await stage.submit(everyday(number)) for number in range(300, 304)]
    stage.type(name="Ines Duarte", email="ines.example.org")
    stage.window.form.fields["recipient.email"].check()
    await _select(stage, "waiting", refused[0][0])


async def _select(stage: Stage, state: str, first: int = 0) -> None:
    """Select the newest task of a state, of those from ``first`` on, once its detail is read."""
    table, model = stage.window.page.table, stage.program.window.page.model
    wanted = 0
    async with asyncio.timeout(WITHIN_S):
        while not wanted or wanted < first:  # one that waits may just be tried again
            await stage.until_counts(lambda counts: counts[state] > 0)
            page = await asyncio.to_thread(stage.api.page, SortedFilter(states=(state,)), limit=1)
            wanted = page["tasks"][0]["id"] if page["tasks"] else 0
    table.scrollToTop()

    def places() -> dict[int, int]:
        seen = enumerate(model.row_at(number) for number in range(20))
        return {row.id: number for number, row in seen if row is not None}

    await stage.until(lambda: wanted in places())
    table.selectRow(places()[wanted])
    table.picked.emit()
    await asyncio.sleep(1.0)
