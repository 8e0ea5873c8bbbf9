"""The view of items follows the tasks, and a person can be forgotten."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.client.items import ItemQuery
from desktop.gui.items.corrections import CorrectionSheet
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.items.form.submissions import BAR
from desktop.gui.items.item_table import ItemColumn
from desktop.gui.items.room import ASKED, TOLD
from desktop.gui.link.drafts import DraftItem
from desktop.settings.preferences import Settings, WindowSettings
from sendoff_tasks.client.calls import TaskQuery, new_key
from sendoff_tasks.store.backup import back_up
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.model.tasks import TaskRow
    from tests.gui.play import Perform, Play


def choose_forget(play: Play) -> None:
    """Choose the entry in the menu of the card's rare actions."""
    menu = play.window.items.card.row.more.menu()
    menu.aboutToShow.emit()
    (entry,) = [each for each in menu.actions() if each.text() == "Forget this person…"]
    entry.trigger()


def press(play: Play, words: str) -> None:
    buttons = play.window.notices.findChildren(QPushButton)
    (button,) = [each for each in buttons if each.text() == words and each.isVisible()]
    button.click()


async def is_forgotten(play: Play, data: OfficeFolder) -> None:
    """Forget a person once it is confirmed; backups that have the name are told."""
    view, notices = play.window.items, play.window.notices
    choose_forget(play)
    await play.until(lambda: ASKED in notices.names())
    assert notices.text(ASKED).startswith("Forget the person of “Item 40 · Bo”? Name, address,")
    assert notices.text(ASKED).endswith("formats, formulas and other sheets are lost.")
    focused = notices.window().focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Keep"
    focused.click()
    await play.until(lambda: ASKED not in notices.names())
    backup = back_up(data.db, datetime.now(UTC))
    number = play.api.batches.create({"name": "May", "columns": {}}, new_key())
    row: Any = {"row": 2, "item": {"recipient": {"email": "ada@example.org"}}}
    play.api.batches.add_rows(number, [row])
    choose_forget(play)
    await play.until(lambda: ASKED in notices.names())
    assert notices.text(ASKED) == "The person is in the draft “May”. Delete that draft first."
    assert "Forget" not in [each.text() for each in notices.findChildren(QPushButton)]
    play.api.batches.delete(number)
    choose_forget(play)
    await play.until(lambda: notices.text(ASKED).startswith("Forget the person"))
    form = {"number": "", "values": {"recipient.email": "Ada@example.org"}, "tasks": []}
    aside = play.program.rooms.items.submissions.form_items.aside
    aside.put(DraftItem(None, {}, form, aside="Not submitted yet: Ada"))
    assert BAR in notices.names()
    press(play, "Forget")
    under_way = "Deleting personal data…"
    assert under_way in [each.text() for each in play.window.toasts.shown]
    await play.until(lambda: TOLD in notices.names())
    assert BAR not in notices.names()
    await play.until(lambda: not [*data.drafts.glob("*submission*")])
    assert under_way not in [each.text() for each in play.window.toasts.shown]
    assert str(backup) in notices.text(TOLD)
    await play.until(lambda: view.card.title.text() == "Item 40")
    assert view.card.informed.text().endswith("The item's name, address and fields were deleted.")
    menu = view.card.row.more.menu()
    menu.aboutToShow.emit()
    assert "Forget this person…" not in [each.text() for each in menu.actions()]


async def test_the_items_follow_their_tasks_lead_to_them_and_are_forgotten(
    play: Play, data: OfficeFolder
) -> None:
    view, switch = play.window.items, play.window.switch
    QTest.mouseClick(switch.choice.button("items"), Qt.MouseButton.LeftButton)
    play.submit("Ada")
    play.submit("Bo", "40")
    model = view.model

    def told() -> list[str]:
        rows = range(model.rowCount())
        return [model.data(model.index(row, ItemColumn.INFORMED)) for row in rows]

    await play.until(lambda: told() == ["kept", "kept"])
    assert view.chips.chips["kept"].count == "2"
    view.table.selectRow(0)
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 1)
    assert switch.choice.value() == "tasks"
    assert play.window.views.row.narrowed.text() == "Item 40"
    QTest.mouseClick(play.window.views.row.narrowed, Qt.MouseButton.LeftButton)
    await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
    QTest.mouseClick(switch.choice.button("items"), Qt.MouseButton.LeftButton)
    before = await asyncio.to_thread(play.api.items.one, 40)
    body = {**before["item"], "title": "Opera"}
    await asyncio.to_thread(play.api.items.correct, 40, body, new_key())  # type: ignore[arg-type]
    play.program.rooms.items.live.load()  # as after a correction in the window
    await play.until(lambda: "Title: Opera" in view.card.facts.lines())
    await play.until(lambda: view.card.history.text().startswith("Until "))
    ((task, link),) = view.card.tasks.items()
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    await play.until(lambda: play.window.page.table.selection.ids == [task])
    assert play.window.views.row.narrowed.text() == f"Task {task}"
    switch.choose("items")
    await is_forgotten(play, data)


def tasks(play: Play, state: str) -> list[TaskRow]:
    """Return the tasks in a state."""
    return play.api.page(TaskQuery(states=(state,)))["tasks"]


def test_an_item_says_what_was_done_about_it_and_has_it_tried_again(
    perform: Perform, data: OfficeFolder
) -> None:
    with running() as server:
        server.faults["DATA"] = "554 5.7.1 Blocked as spam"
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))

        async def watch(play: Play) -> None:
            card = play.window.items.card
            play.window.switch.choose("items")
            play.submit("Ada")
            await play.until(lambda: play.window.items.model.rowCount() == 1)
            play.window.items.table.selectRow(0)
            nothing = "Nothing has been done about it yet."
            await play.until(lambda: card.history.text() == nothing)
            await play.until(lambda: "retry" in card.row.buttons)
            QTest.mouseClick(card.row.buttons["retry"], Qt.MouseButton.LeftButton)
            await play.until(lambda: card.history.text().startswith("By a person: retried "))
            # Until it has ended: the server takes what still runs.
            await play.until(lambda: [one["attempt"] for one in tasks(play, "failed")] == [2])
            server.faults.clear()
            await play.until(lambda: "retry" in card.row.buttons)
            QTest.mouseClick(card.row.buttons["retry"], Qt.MouseButton.LeftButton)
            await play.until(lambda: card.informed.text().startswith("Informed: "))
            assert "retry" not in card.row.buttons
            said = r"By a person: retried [^·\n]+ · retried [^·\n]+"
            await play.until(lambda: bool(re.fullmatch(said, card.history.text())))

        perform(watch)


def test_what_the_last_window_submitted_and_corrected_can_be_undone_by_the_next(
    perform: Perform, data: OfficeFolder
) -> None:
    long, now = (Settings(window=WindowSettings(grace_seconds=each)) for each in (600.0, 0.0))
    save(data.settings_file, now)

    async def submit(play: Play) -> None:
        play.submit("Ada", "7")
        await play.until(lambda: play.states() == ["succeeded"])
        play.program.rooms.services.grace.seconds = 600.0
        play.submit("Bo", "8")
        await play.toast("Item 8 will be kept, not sent, in 600 s")
        play.program.rooms.items.correct([1])
        await play.until(lambda: bool(play.window.findChildren(CorrectionSheet)))
        (sheet,) = play.window.findChildren(CorrectionSheet)
        await play.until(sheet.isVisible)
        sheet.form.fields[EMAIL].set_text("ada.l@example.org")
        sheet.button.click()
        await play.toast("Item 7 is corrected and will be kept, not sent, in 600 s")

    async def undo(play: Play) -> None:
        await play.toast("Item 8 will be kept, not sent, in")
        await play.toast("Item 7 is corrected and will be kept, not sent, in")
        for _ in range(2):
            play.window.toasts.act_newest()
        await play.until(lambda: play.states() == ["cancelled", "succeeded"])
        await play.until(lambda: not play.toasts())
        detail = await asyncio.to_thread(play.api.items.page, ItemQuery())
        assert [each["item_id"] for each in detail["items"]] == [7]
        assert play.api.actions.pending() == []

    perform(submit)
    save(data.settings_file, long)
    perform(undo)


FOR_AN_ITEM = """
from sendoff_tasks import task

@task(title="Receipt PDF")
def receipt(item_id: int) -> str:
    return f"receipt of {item_id}"
"""


async def test_a_new_task_of_one_s_own_is_offered_by_the_form_and_follows_the_item(
    play: Play, data: OfficeFolder
) -> None:
    form, file = play.window.form, data.tasks / "receipts.py"
    assert "receipt" not in form.afterwards.boxes
    file.write_text(FOR_AN_ITEM)
    await play.until(lambda: "receipt" in form.afterwards.boxes)
    form.afterwards.boxes["receipt"].click()
    form.fields[EMAIL].set_text("ada@example.org")
    form.submit()
    await play.until(lambda: play.states() == ["succeeded"] * 2)
    _, receipt = play.api.items.one(1)["tasks"]
    assert play.api.task(receipt["id"])["result"] == "receipt of 1"
    await play.lose_backend()
    file.write_text(FOR_AN_ITEM.replace("receipt", "invoice"))
    await play.until(lambda: "invoice" in form.afterwards.boxes)
    assert "receipt" not in form.afterwards.boxes
