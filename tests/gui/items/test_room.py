"""The view of items follows the tasks, and a person can be forgotten."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.items import ItemQuery
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.items.item_table import ItemColumn
from desktop.gui.link.drafts import DraftItem
from desktop.settings.preferences import Settings, WindowSettings
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.store.backup import back_up
from tests.gui.desk_acts import correction
from tests.gui.hands import answer, asked, asks, press
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.model.tasks import TaskRow
    from tests.gui.play import Perform, Play


def choose_forget(play: Play) -> None:
    """Choose the entry in the menu of the card's rare actions."""
    menu = play.window.items.card.head.more.menu()
    menu.aboutToShow.emit()
    (entry,) = [each for each in menu.actions() if each.text() == "Forget this person…"]
    entry.trigger()


async def is_forgotten(play: Play, data: OfficeFolder) -> None:
    """Forget a person once it is confirmed; backups that have the name are told."""
    view = play.window.items
    choose_forget(play)
    await play.until(lambda: asks("Forget the person of “Item 40 · Bo”? Name, address,"))
    assert asks("formats, formulas and other sheets are lost.")
    answer("Keep")
    backup = back_up(data.db, datetime.now(UTC))
    number = play.api.batches.create({"name": "May", "columns": {}}, new_key())
    row: Any = {"row": 2, "item": {"recipient": {"email": "ada@example.org"}}}
    play.api.batches.add_rows(number, [row])
    choose_forget(play)
    await play.note("The person is in the draft “May”. Delete that draft first.")
    assert asked() is None
    play.api.batches.delete(number)
    choose_forget(play)
    await play.until(lambda: asks("Forget the person"))
    form = {"number": "", "values": {"recipient.email": "Ada@example.org"}, "tasks": []}
    aside = play.program.rooms.items.submissions.form_items.aside
    aside.put(DraftItem(None, {}, form, aside="not sent yet"))
    pins = play.window.pins
    assert "Ada@example.org" in [each.name for each in pins.shown()]
    answer("Forget")
    under_way = "Deleting personal data…"
    assert under_way in [each.text() for each in play.window.notes.shown]
    await play.until(lambda: asks(str(backup)))
    answer("Close")
    assert "Ada@example.org" not in [each.name for each in pins.shown()]
    await play.until(lambda: not [*data.drafts.glob("*submission*")])
    assert under_way not in [each.text() for each in play.window.notes.shown]
    await play.until(lambda: view.card.head.name.text() == "no. 40")
    assert view.card.lead.line.text() == "The item's name, address and fields were deleted."
    assert not view.card.head.more.isVisible()


async def test_the_items_follow_their_tasks_lead_to_them_and_are_forgotten(
    play: Play, data: OfficeFolder
) -> None:
    view, window = play.window.items, play.window
    view.open()
    play.submit("Ada")
    play.submit("Bo", "40")
    model = view.model

    def told() -> list[str]:
        rows = range(model.rowCount())
        return [model.data(model.index(row, ItemColumn.STATUS)) for row in rows]

    await play.until(lambda: told() == ["kept", "kept"])
    view.table.selectRow(0)
    await play.until(lambda: "Show its tasks" in view.card.foot.texts)
    press(next(each for each in view.card.foot.left if each.text() == "Show its tasks"))
    await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 1)
    assert window.places.shown is None
    assert play.window.page.narrowed.text() == "Item 40"
    QTest.mouseClick(play.window.page.widen, Qt.MouseButton.LeftButton)
    await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
    view.open()
    before = await asyncio.to_thread(play.api.items.one, 40)
    body = {**before["item"], "title": "Opera"}
    await asyncio.to_thread(play.api.items.correct, 40, body, new_key())  # type: ignore[arg-type]
    play.program.rooms.items.live.load()  # as after a correction in the window
    await play.until(lambda: "Title: Opera" in view.card.paper.facts.lines())
    await play.until(lambda: view.card.history.deeds.text().startswith("Until "))
    ((task, link),) = view.card.history.tasks.links.items()
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    await play.until(lambda: play.window.page.table.selection.ids == [task])
    assert play.window.page.narrowed.text() == f"Task {task}"
    view.open()
    await is_forgotten(play, data)


def tasks(play: Play, state: str) -> list[TaskRow]:
    """Return the tasks in a state."""
    return play.api.page(SortedFilter(states=(state,)))["tasks"]


def test_an_item_says_what_was_done_about_it_and_has_it_tried_again(
    perform: Perform, data: OfficeFolder
) -> None:
    with running() as server:
        server.faults["DATA"] = "554 5.7.1 Blocked as spam"
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))

        async def watch(play: Play) -> None:
            card = play.window.items.card
            play.window.items.open()
            play.submit("Ada")
            await play.until(lambda: play.window.items.model.rowCount() == 1)
            play.window.items.table.selectRow(0)
            nothing = "Nothing has been done about it yet."
            await play.until(lambda: card.history.deeds.text() == nothing)
            await play.until(lambda: "Retry" in card.foot.texts)
            QTest.mouseClick(card.foot.main, Qt.MouseButton.LeftButton)
            await play.until(lambda: card.history.deeds.text().startswith("By a person: retried "))
            # Until it has ended: the server takes what still runs.
            await play.until(lambda: [one["attempt"] for one in tasks(play, "failed")] == [2])
            server.faults.clear()
            await play.until(lambda: "Retry" in card.foot.texts)
            QTest.mouseClick(card.foot.main, Qt.MouseButton.LeftButton)
            await play.until(lambda: card.lead.headline.text().startswith("Informed: "))
            assert "Retry" not in card.foot.texts
            said = r"By a person: retried [^·\n]+ · retried [^·\n]+"
            await play.until(lambda: bool(re.fullmatch(said, card.history.deeds.text())))

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
        await play.note("Item 8 will be kept, not sent, in 600 s")
        head = await correction(play, 1)
        head.form.fields[EMAIL].replace("ada.l@example.org")
        head.send()
        await play.note("Item 7 is corrected and will be kept, not sent, in 600 s")

    async def undo(play: Play) -> None:
        await play.note("Item 8 will be kept, not sent, in")
        await play.note("Item 7 is corrected and will be kept, not sent, in")
        for _ in range(2):
            play.window.notes.undo()
        await play.until(lambda: play.states() == ["cancelled", "succeeded"])
        await play.until(lambda: not play.notes())
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
    assert "receipt" not in form.afterwards.entries
    file.write_text(FOR_AN_ITEM)
    await play.until(lambda: "receipt" in form.afterwards.entries)
    form.afterwards.entries["receipt"].trigger()
    form.fields[EMAIL].set_text("ada@example.org")
    form.submit()
    await play.until(lambda: play.states() == ["succeeded"] * 2)
    _, receipt = play.api.items.one(1)["tasks"]
    assert play.api.task(receipt["id"])["result"] == "receipt of 1"
    await play.lose_backend()
    file.write_text(FOR_AN_ITEM.replace("receipt", "invoice"))
    await play.until(lambda: "invoice" in form.afterwards.entries)
    assert "receipt" not in form.afterwards.entries
