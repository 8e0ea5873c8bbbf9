"""Forty items, one after the other, by name, Tab, address and Ctrl+Enter alone."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.client.items import ItemQuery
from desktop.gui.items.correction_head import CorrectionHead
from desktop.gui.items.form.item_fields import EMAIL
from desktop.settings.preferences import Settings, WindowSettings
from tests.gui.hands import focus
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play

ITEMS = 40


async def test_forty_items_take_four_steps_each_and_each_is_there_once(play: Play) -> None:
    """Nothing waits for an answer, a second Ctrl+Enter does nothing, and the pinned title stays."""
    form, control = play.window.form, Qt.KeyboardModifier.ControlModifier
    form.fields["title"].editor.setFocus()
    QTest.keyClicks(focus(), "Summer concert")
    form.pins["title"].click()
    form.begin()
    for number in range(ITEMS):
        QTest.keyClicks(focus(), f"Ada {number}")
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        QTest.keyClicks(focus(), f"a{number}@example.org")
        for _ in range(1 + number % 2):
            QTest.keyClick(focus(), Qt.Key.Key_Return, control)
        await asyncio.sleep(0)
    assert form.is_empty()
    await play.until(lambda: len(play.api.items.page(ItemQuery(), limit=100)["items"]) == ITEMS)
    items = play.api.items.page(ItemQuery(), limit=100)["items"]
    assert {item["title"] for item in items} == {"Summer concert"}
    people = {to["name"]: to["email"] for item in items if (to := item["recipient"]) is not None}
    assert people == {f"Ada {number}": f"a{number}@example.org" for number in range(ITEMS)}
    await play.until(lambda: form.letter.mail is not None)


def tab_to(wanted: QWidget) -> None:
    """Press Tab until something has the focus."""
    for _ in range(30):
        if wanted.hasFocus():
            return
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {wanted}")


def type_item(name: str, address: str) -> None:
    QTest.keyClicks(focus(), name)
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    QTest.keyClicks(focus(), address)


def test_by_keys_alone_two_are_corrected_one_is_planned_one_has_a_file_and_one_is_undone(
    perform: Perform, data: OfficeFolder, tmp_path: Path
) -> None:
    control, file = Qt.KeyboardModifier.ControlModifier, tmp_path / "ticket.txt"
    file.write_text("Row 7")

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(focus(), key, modifier)

    async def work(play: Play) -> None:
        window, form = play.window, play.window.form
        for name in ("ada", "bo"):
            type_item(name.title(), f"{name}@exmaple.org")
            press(Qt.Key.Key_Return, control)
        await play.until(lambda: play.states() == ["failed", "failed"])
        press(Qt.Key.Key_2, control)
        press(Qt.Key.Key_Escape)
        press(Qt.Key.Key_Home)
        press(Qt.Key.Key_Return)
        for name in ("bo", "ada"):
            await play.until(partial(_is_in_address_of, play, name))
            QTest.keyClicks(focus(), f"{name}@example.org")
            press(Qt.Key.Key_Return, control)
        await play.until(lambda: len(server.mails) == 2)

        press(Qt.Key.Key_N, control)
        type_item("Cy", "cy@example.org")
        tab_to(form.send_at.begin)
        press(Qt.Key.Key_Space)
        assert form.submit_button.text() == "Plan"
        press(Qt.Key.Key_Return, control)
        assert form.is_empty()

        type_item("Di", "di@example.org")
        tab_to(form.files.link)
        press(Qt.Key.Key_Space)
        (dialog,) = window.findChildren(QFileDialog)
        dialog.selectFile(str(file))
        dialog.accept()
        await play.until(form.files.ids)
        window.activateWindow()  # as a window manager does
        await play.until(window.isActiveWindow)
        form.begin()
        press(Qt.Key.Key_Return, control)
        await play.until(lambda: len(server.mails) == 3)

        play.program.rooms.services.grace.seconds = 600.0
        form.begin()
        type_item("Eve", "eve@example.org")
        press(Qt.Key.Key_Return, control)
        assert form.is_empty()
        await play.until(lambda: any("600 s" in each for each in play.notes()))
        press(Qt.Key.Key_Z, control)
        await play.until(lambda: form.typed_name() == "Eve")
        states = await asyncio.to_thread(lambda: play.api.stats()["counts"])
        assert states["scheduled"] == 1
        got = [mail.rcpt_tos[0] for mail in server.mails]
        assert got == ["bo@example.org", "ada@example.org", "di@example.org"]
        assert b"ticket.txt" in server.mails[2].original_content  # type: ignore[operator]

    with running() as server:
        server.refuse = lambda mail: "550 5.1.1 No such user" * ("exmaple" in mail.rcpt_tos[0])
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))
        perform(work)


def _is_in_address_of(play: Play, name: str) -> bool:
    head = play.window.page.detail.paper.head
    if not isinstance(head, CorrectionHead) or not head.isVisible():
        return False
    email = head.form.fields[EMAIL]
    return email.text() == f"{name}@exmaple.org" and email.editor.hasFocus()
