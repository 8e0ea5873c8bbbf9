"""Scenes of the main jobs: a message of one's own, a spreadsheet, and what became of them."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, QPoint, QTime
from PySide6.QtWidgets import QApplication

from desktop.gui.assembly import ShownWindow
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.kit.look.appearance import NORMAL_SIZE
from desktop.gui.one_window import OneWindow
from desktop.gui.program import Program
from desktop.gui.templates.letters_place import LettersPlace
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend
from sendoff_tasks.folder.tokens import add_token
from sendoff_tasks.model.problems import Access
from tests.screenshots.hands import clear_search, newest, nothing, select_task, show_everything

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from tests.screenshots.stage import Stage

OWN: Final = {
    "subject": "Your membership {{ year }}",
    "text": "Dear {{ first_name }},\n\nthank you for renewing. Your {{ seats }} seats for "
    "{{ title }} are reserved.\n\nSee you soon\nThe box office",
    "reply_to": "office@example.org",
    "bcc": "",
}
GUESTS: Final = """Number;Name;E-mail;Title;Seats
2001;Ada Adler;ada@example.org;Summer concert;2
2002;Bo Chen;bo@mx.example.net;Summer concert;4
2003;Dee Park;dee@exmaple.org;Summer concert;1
2004;Eli Novak;eli@silent.example.com;Summer concert;2
2005;Fay Lin;fay@exmaple.org;Summer concert;2
2006;Gus Ito;gus@example,org;Summer concert;3
2007;Hana Ito;hana.example.org;Summer concert;3
2008;Ian Moreau;ian@example.org;Summer concert;1
"""


def _folder(stage: Stage) -> Path:
    return Path(tempfile.mkdtemp(dir=stage.program.rooms.frame.folders.data.root))


async def _open_own_template(stage: Stage) -> None:
    terms = _folder(stage) / "statutes.pdf"
    terms.write_bytes(b"%PDF" + bytes(212_000))
    templates = stage.api.templates
    name, parts = "Membership renewal", {**OWN, "attachments": [terms.name]}
    await asyncio.to_thread(templates.save, name, {"parts": OWN})
    await asyncio.to_thread(templates.store, name, terms.name, terms)
    await asyncio.to_thread(templates.save, name, {"parts": parts})
    stage.program.rooms.templates.open("Membership renewal")
    (letters,) = stage.window.findChildren(LettersPlace)
    await stage.until(lambda: "renewing" in letters.form.texts["text"].source())
    await asyncio.sleep(1.5)


async def _fill_in_form(stage: Stage) -> None:
    form = stage.window.form
    stage.window.enter_desk(form)
    stage.program.rooms.items.submissions.form_items.learn_templates()
    await stage.until(lambda: "Membership renewal" in form.message.asked)
    form.message.choose("Membership renewal")
    stage.type(name="Ines Duarte", email="ines@example.org", title="Summer concert")
    form.message.fields["fields.seats"].set_text("4")
    form.message.fields["fields.year"].set_text("2027")
    tomorrow = QDateTime.currentDateTime().addDays(1)
    tomorrow.setTime(QTime(9, 0))
    form.send_at.set_moment(tomorrow.toUTC().toString("yyyy-MM-ddTHH:mm:ssZ"))


async def _submit_form(stage: Stage) -> None:
    stage.window.form.submit()
    await asyncio.sleep(1)
    stage.window.form.message.choose("")
    await show_everything(stage)


async def _ask_for_time(stage: Stage) -> None:
    task = await newest(stage, "scheduled")
    stage.window.page.detail.action_chosen.emit("change_time", [task["id"]])


async def _ask_for_address(stage: Stage) -> None:
    task = await newest(stage, "succeeded")
    await select_task(stage, task["id"])
    stage.window.page.detail.action_chosen.emit("send_to", [task["id"]])


async def _correct_item(stage: Stage) -> None:
    number = (await newest(stage, "failed"))["item_id"]
    assert number is not None
    body = (await asyncio.to_thread(stage.api.items.one, number))["item"]
    body["title"] = "Membership 2027"
    # A name that no one else has.
    body["recipient"] = {"name": "Dana Moss", "email": "dana@example.org"}
    await asyncio.to_thread(stage.api.items.correct, number, body, "corrected", send=True)
    stage.window.items.open()
    stage.window.items.search.setText("Dana Moss")
    items = stage.window.items
    await stage.until(lambda: items.model.rowCount() == 1)
    await asyncio.sleep(2)


async def _import_guests(stage: Stage) -> None:
    file = _folder(stage) / "guests.csv"
    file.write_text(GUESTS, encoding="utf-8")
    stage.program.rooms.importing.imports.open_file(file)
    (sheet,) = stage.window.findChildren(ImportPlace)
    await stage.until(lambda: sheet.batch and sheet.batch["name"] == "guests.csv")
    await stage.until(lambda: sheet.batch and sheet.batch["counts"]["problems"] == 2)
    await stage.until(lambda: not sheet.batch["counts"]["unchecked"] and sheet.list.current())  # type: ignore[index]
    sheet.source.read_as.change.click()


async def _reopen(stage: Stage) -> ImportPlace:
    """Open the draft again, as a person does who has closed it."""
    (sheet,) = stage.window.findChildren(ImportPlace)
    assert sheet.batch is not None
    stage.program.rooms.importing.imports.open_draft(sheet.batch["batch_id"])
    await stage.until(lambda: sheet.isVisible() and sheet.batch and sheet.list.current())
    return sheet


async def _send_guests(stage: Stage) -> None:
    sheet = await _reopen(stage)
    stage.program.rooms.services.grace.seconds = 0.0
    sheet.said.send.click()
    await stage.until(sheet.isHidden)
    table = stage.window.batches.table
    await stage.until(lambda: (now := table.current()) and now["counts"]["failed"] == 2)
    await stage.until(lambda: (now := table.current()) and now["counts"]["uncertain"] == 1)
    stage.window.batches.open()


async def _pop_up(stage: Stage, menu: QMenu | None, x: int, y: int) -> None:
    assert menu is not None
    menu.popup(stage.window.mapToGlobal(QPoint(x, y)))


async def _open_settings(stage: Stage) -> None:
    gear, menu = stage.window.head.gear, stage.window.menu
    corner = gear.mapTo(stage.window, gear.rect().bottomRight())
    await _pop_up(stage, menu, corner.x() - menu.sizeHint().width(), corner.y())


async def _open_row_menu(stage: Stage) -> None:
    await select_task(stage, (await newest(stage, "failed"))["id"])
    await _pop_up(stage, stage.window.page.table.menu(), 420, 240)


async def _close_menus(_: Stage) -> None:
    for each in QApplication.topLevelWidgets():
        if each.isVisible() and each.inherits("QMenu"):
            each.hide()


async def _open_server(stage: Stage) -> None:
    stage.program.opening.open()
    await asyncio.sleep(1)
    stage.program.opening.dialog.show_servers(
        ["https://sendoff.example.org", "http://10.0.0.7:8000"]
    )


async def _look_on(stage: Stage) -> None:
    """Open the window of one who may only look."""
    home = stage.program.rooms.frame.folders.data
    token = add_token(home.tokens_file, "reception", Access.VIEWER)
    server = Backend(stage.api.backend.url, token, NO_PID)
    data = home.at_address(server.url)
    data.create()
    lock = OneWindow(data.window_lock)
    lock.take()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    stage.window.themes.set_text_size(NORMAL_SIZE)  # a window takes the size it meets as the usual
    viewer = Program(ShownWindow(app, data, server), data, lock, None, server, home)
    living = asyncio.create_task(viewer.main())
    stage.shown, stage.viewer = viewer.window, (viewer, living)
    await stage.until(lambda: viewer.window.page.table.model().rowCount() > 0)
    viewer.window.page.table.selectRow(1)
    await asyncio.sleep(1.5)


async def _look_away(stage: Stage) -> None:
    assert stage.viewer is not None
    viewer, living = stage.viewer
    viewer.window.quit_requested.emit()
    await living
    viewer.close()
    stage.shown = None


STEPS: Final = (
    ("own-template", _open_own_template, nothing),
    ("form-later", _fill_in_form, _submit_form),
    ("change-time", _ask_for_time, nothing),
    ("another-address", _ask_for_address, nothing),
    ("import-columns", _import_guests, nothing),
    ("batch-failures", _send_guests, nothing),
    ("item-corrected", _correct_item, clear_search),
    ("settings-menu", _open_settings, _close_menus),
    ("row-menu", _open_row_menu, _close_menus),
    ("open-server", _open_server, nothing),
    ("viewer", _look_on, _look_away),
)
"""Each step's name, what is done for it, and what afterwards."""
