"""Sent again: that waits out the grace period on disk, and can be undone.

Corrected, copied, at another time: each message leaves once.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from desktop.gui.items.corrections import EMAIL, CorrectionSheet
from desktop.gui.items.task_questions import AddressSheet, TimeSheet
from desktop.settings.preferences import Settings, WindowSettings
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.contract.items import NewItem
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def test_messages_sent_again_wait_on_disk_and_are_named_until_they_may_leave(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    save(data.settings_file, Settings(window=WindowSettings(grace_seconds=600.0)))

    async def scene(play: Play) -> None:
        verbs, many, sent = play.program.rooms.tasks.verbs, play.api.many, list[int]()
        for name in ("ada", "bo"):
            item: NewItem = {"recipient": {"name": name, "email": f"{name}@example.org"}}
            sent += (await asyncio.to_thread(play.api.items.submit, None, item, name)).task_ids
        await play.until(lambda: play.states() == ["succeeded", "succeeded"])
        verbs.act("resend", sent[:1])
        await play.toast("1 message will be sent again in 600 s\nada@example.org")
        play.window.toasts.act_newest()
        await play.until(lambda: not many.pending())
        verbs.act("to_me", sent[:1])
        await play.toast("1 message will be sent to Sendoff <sendoff@localhost> in 600 s")
        play.window.toasts.act_newest()
        await play.until(lambda: not many.pending())
        verbs.act("resend", [999])
        await play.toast("There is nothing to do\nLeft alone: 1 is gone")
        verbs.act("resend", sent)
        named = "ada@example.org, bo@example.org"
        await play.toast(f"2 messages will be sent again in 600 s\n{named}")
        verbs.act("resend", [*sent, 999])
        said = "2 messages will be sent again in 600 s\nLeft alone: 1 is gone"
        await play.until(lambda: said in play.toasts())
        play.window.toasts.act_newest()
        await play.until(lambda: not many.pending())
        assert play.states() == ["succeeded"] * 2
        verbs.grace.seconds = 0.05
        verbs.act("resend", sent[:1])
        await play.until(lambda: play.states() == ["succeeded"] * 3)

    perform(scene)


def test_an_address_is_corrected_and_the_message_sent_again(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    async def correct(play: Play) -> None:
        play.submit("Ada")
        play.submit("Bo")
        await play.until(lambda: play.states() == ["succeeded", "succeeded"])
        ids = list(play.rows())
        play.window.page.table.action_chosen.emit("correct", ids)
        await play.until(lambda: play.window.findChildren(CorrectionSheet))
        (sheet,) = play.window.findChildren(CorrectionSheet)
        await play.until(lambda: sheet.isVisible() and sheet.accessibleName().endswith("1 of 2"))
        sheet.form.fields[EMAIL].set_text("corrected@example.org")
        sheet.button.click()
        await play.until(lambda: sheet.accessibleName().endswith("2 of 2"))
        sheet.skip_button.click()
        await play.until(sheet.isHidden)
        await play.until(lambda: play.states() == ["succeeded"] * 3)
        texts = [path.read_text() for path in data.outbox.iterdir()]
        assert sum("corrected@example.org" in text for text in texts) == 1
        detail = await asyncio.to_thread(play.api.task, max(play.rows()))
        assert detail["resend_of"] in ids
        play.window.page.table.action_chosen.emit("resend", [max(play.rows())])
        await play.until(lambda: len(play.rows()) == 4)
        await copy_and_move(play)

    perform(correct)


def test_fields_that_messages_lack_are_filled_in_by_keyboard_and_they_leave(
    qtbot: QtBot, perform: Callable[[Scene], None]
) -> None:
    lacks = (["fee"], ["seat"], ["fee", "seat"])
    text = {"subject": "Fees", "text": "{{ fee }} {{ seat }}"}

    async def correct(play: Play) -> None:
        await asyncio.to_thread(play.api.templates.save, "fees", {"parts": text})
        for number, names in enumerate(lacks, 1):
            fields = {name: "1" for name in ("fee", "seat") if name not in names}
            body: Any = {"recipient": {"email": "a@b.org"}, "template": "fees", "fields": fields}
            await asyncio.to_thread(play.api.items.submit, number, body, str(number))
        await play.until(lambda: play.states() == ["waiting"] * 3)
        play.window.page.table.action_chosen.emit("correct", sorted(play.rows()))
        await play.until(lambda: play.window.findChildren(CorrectionSheet))
        (sheet,) = play.window.findChildren(CorrectionSheet)
        for number, names in enumerate(lacks, 1):
            await play.until(lambda place=number: sheet.accessibleName().endswith(f"{place} of 3"))  # type: ignore[misc]
            for name in names:
                editor = sheet.form.fields[f"fields.{name}"].editor
                assert editor.hasFocus()
                qtbot.keyClicks(editor, "7")
                qtbot.keyClick(editor, Qt.Key.Key_Return)
        await play.until(sheet.isHidden)
        await play.until(lambda: play.states() == ["succeeded"] * 3)

    perform(correct)


async def copy_and_move(play: Play) -> None:
    """Send a copy to another address, and have a scheduled message go out later, then now."""
    play.window.page.table.action_chosen.emit("send_to", [min(play.rows())])
    await play.until(lambda: play.window.findChildren(AddressSheet))
    (address,) = play.window.findChildren(AddressSheet)
    await play.until(address.isVisible)
    address.email.set_text("copy@example.org")
    address.button.click()
    await play.until(lambda: play.states() == ["succeeded"] * 5)
    detail = await asyncio.to_thread(play.api.task, max(play.rows()))
    assert detail["to"] == "copy@example.org"
    item: Any = {"recipient": {"email": "ada@example.org"}, "run_at": "2036-03-01T09:00:00Z"}
    (later,) = (await asyncio.to_thread(play.api.items.submit, None, item, "later")).task_ids
    await play.until(lambda: later in play.rows())
    play.window.page.table.action_chosen.emit("change_time", [later])
    await play.until(lambda: play.window.findChildren(TimeSheet))
    (moment,) = play.window.findChildren(TimeSheet)
    await play.until(moment.isVisible)
    moment.send_at.set_moment("2037-04-02T09:00:00Z")
    moment.button.click()
    await play.until(moment.isHidden)
    detail = await asyncio.to_thread(play.api.task, later)
    assert (detail["run_at"] or "").startswith("2037-04-02T09:00")
    play.window.page.table.action_chosen.emit("run_now", [later])
    await play.until(lambda: play.states() == ["succeeded"] * 6)
