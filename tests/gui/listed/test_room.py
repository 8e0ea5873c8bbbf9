"""The list *Do not send* in the running program: added to, asked in the form, allowed again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.contract.office import OfficeReason
from desktop.gui.kit.words.table import say
from desktop.gui.listed.room import REFUSED
from sendoff_tasks.client.calls import SortedFilter, new_key
from tests.gui.desk_acts import correction
from tests.gui.hands import answer, asked, asks, drop_files, press
from tests.mail.returned import free_text, report
from tests.mail.server import running

if TYPE_CHECKING:
    from desktop.gui.listed.list_dialog import ListDialog
    from tests.gui.play import Play
    from tests.mail.server import Server

ADA = "ada@example.org"


async def send_through(play: Play, server: Server) -> None:
    told = {
        "transport": "smtp",
        "host": "localhost",
        "port": server.port,
        "security": "none",
        "sender": "office@example.org",
    }
    await asyncio.to_thread(play.api.save_settings, {"mail": told})


@asynccontextmanager
async def sent(play: Play, count: int = 1) -> AsyncIterator[Server]:
    """Have this many e-mails sent through a real server, which goes on."""
    with running() as server:
        await send_through(play, server)
        for number in range(1, count + 1):
            play.submit("Ada")
            await play.until(partial(is_sent, play, number))
        yield server


def is_sent(play: Play, count: int) -> bool:
    return play.states() == ["succeeded"] * count


async def take_off_first(play: Play, shown: ListDialog) -> None:
    shown.activateWindow()
    shown.table.setFocus()
    await play.until(shown.table.hasFocus)
    QTest.keyClick(shown.table, Qt.Key.Key_Delete)
    await play.until(shown.nobody.isVisible)
    await play.until(lambda: not shown.undo.isHidden())


async def test_an_address_is_added_stopped_allowed_again_and_put_back(play: Play) -> None:
    play.window.menu.list_chosen.emit()
    sheet = play.program.rooms.listed.dialog
    await play.until(sheet.nobody.isVisible)
    {each.text(): each for each in sheet.findChildren(QPushButton)}["Add…"].click()
    adding = play.program.rooms.listed.adding
    assert adding.isVisible()
    assert adding.reason.currentText() == "Asked not to be written to"
    adding.address.set_text("Ada@Example.org")
    adding.note.set_text("phoned")
    adding.button.click()
    await play.note("1 address is on the list now")
    await play.until(lambda: sheet.model.rowCount() == 1)
    assert sheet.table.current()["address"] == ADA
    form = play.window.form
    form.fields["recipient.email"].set_text(" ADA@example.org")
    form.listed.follow()
    await play.until(lambda: form.listed.stops)
    assert form.listed.words.text() == "On the list “Do not send” since today: “phoned”."
    assert not form.submit_button.isEnabled()
    form.listed.link.click()
    assert form.submit_button.isEnabled()
    await take_off_first(play, sheet)
    note = await play.note("ada@example.org is off the list")
    assert sheet.about.text() == note.text()
    press(sheet.undo)
    await play.until(lambda: sheet.model.rowCount() == 1)
    assert sheet.undo.isHidden()
    await take_off_first(play, sheet)
    QTest.keyClick(sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await play.until(lambda: sheet.model.rowCount() == 1)
    sheet.search.setText("bo@")
    await play.until(lambda: sheet.model.rowCount() == 0)
    assert sheet.nobody.isHidden()


async def test_after_all_sends_the_one_item(play: Play) -> None:
    await asyncio.to_thread(play.api.do_not_send.add, [{"address": ADA}], "person")
    form = play.window.form
    form.fields["recipient.email"].set_text(ADA)
    form.listed.follow()
    await play.until(lambda: form.listed.stops)
    form.submit()
    assert play.rows() == {}
    form.listed.link.click()
    form.submit()
    await play.until(lambda: play.states() == ["succeeded"])


async def test_a_correction_to_a_listed_address_leads_to_its_note(play: Play) -> None:
    play.submit("Ada")
    await play.until(partial(is_sent, play, 1))
    await asyncio.to_thread(play.api.do_not_send.add, [{"address": ADA}], "person")
    (task,) = play.rows()
    head = await correction(play, task)
    await play.until(lambda: head.form.listed.stops)
    head.form.fields["title"].replace("Opera")
    head.send()
    assert play.window.focusWidget() is head.form.listed.link
    head.form.listed.link.click()
    head.send()
    await play.until(lambda: play.states() == ["succeeded"] * 2)


async def test_a_list_is_added_from_a_file(play: Play, tmp_path: Path) -> None:
    file = tmp_path / "left.csv"
    people = "Ada;ada@example.org\nBo;bo@example.org\n*@alt.example\nCy;cy@example\n"
    file.write_text(f"Name;E-Mail\n{people}")
    rooms = play.program.rooms.listed
    rooms.open()
    drop_files(rooms.dialog, file, file)
    await play.note(say("import", "one_file"))
    drop_files(rooms.dialog, file)
    await play.until(lambda: rooms.adding.isVisible())
    assert rooms.adding.address.isHidden()
    assert rooms.adding.trouble.text() == "\n".join(
        (say("list_change", "untaken", n=1), "“cy@example”: There is no dot after the @.")
    )
    rooms.adding.button.click()
    await play.until(lambda: rooms.dialog.model.rowCount() == 3)
    assert {row["source"] for row in rooms.dialog.model.rows} == {"left.csv"}
    note = await play.note("3 addresses are on the list now")
    note.link.click()
    await play.until(lambda: rooms.dialog.nobody.isVisible())


async def test_refused_addresses_are_offered_and_stay_away_once_dismissed(play: Play) -> None:
    with running() as server:
        server.refuse = lambda _: "550 5.1.1 no such user"
        await send_through(play, server)
        play.submit("Ada")
        await play.until(lambda: play.states() == ["failed"])
    rooms = play.program.rooms.listed
    rooms.look()
    await play.until(lambda: REFUSED in play.told())
    play.choose("add_refused")
    assert [row["address"] for row in rooms.refused.model.rows] == [ADA]
    assert rooms.refused.confirm.text() == "Add 1"
    rooms.refused.close()
    await play.until(lambda: not play.window.sentence.also.isHidden())
    pane = play.window.sentence
    while pane.cross.isHidden():
        pane.also.click()  # it stands beside the failed one
    pane.cross.click()
    await play.until(lambda: REFUSED not in play.told())
    while await asyncio.to_thread(play.api.do_not_send.refused):
        assert REFUSED not in play.told()
    rooms.look()
    await play.until(lambda: not play.program.jobs.under_way)
    assert REFUSED not in play.told()


async def test_a_returned_e_mail_is_shown_marked_and_unmarked(play: Play, tmp_path: Path) -> None:
    async with sent(play):
        (number,) = play.rows()
    task = await asyncio.to_thread(play.api.task, number)
    file = tmp_path / "returned.eml"
    file.write_bytes(report(ADA, str(task["message_id"])))
    play.window.mails_dropped.emit([str(file)])
    sheet = play.program.rooms.listed.bounces
    await play.until(lambda: sheet.model.rowCount() == 1)
    assert sheet.confirm.text() == "Mark 1 as bounced"
    sheet.confirm.click()
    note = await play.note("1 e-mail is marked as bounced")
    row = play.model.row_at(0)
    await play.until(lambda: (row := play.model.row_at(0)) is not None and row.is_bounced)
    assert row is not None
    note.link.click()
    await play.until(lambda: (row := play.model.row_at(0)) is not None and not row.is_bounced)
    page = await asyncio.to_thread(play.api.page, SortedFilter(reasons=(OfficeReason.CAME_BACK,)))
    assert page["tasks"] == []


async def test_dropped_files_that_cannot_be_read_are_named_beside_what_came_back(
    play: Play, tmp_path: Path
) -> None:
    (tmp_path / "outlook.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))
    (tmp_path / "apple.emlx").write_bytes(b"999\n" + report(ADA, "<1@example.org>"))
    odd = b"From x 10:00\nX-Old-Header: 1\n\nCame back.\n"
    (tmp_path / "partly.mbox").write_bytes(b"From x 10:00\n" + free_text("bo@example.org") + odd)
    sheet = play.program.rooms.listed.bounces
    one = say("bounces", "came_back", n=1)
    for files, came_back in ((["outlook.msg"], ""), (["outlook.msg", "apple.emlx"], one)):
        drop_files(play.window, *(tmp_path / each for each in files))
        await play.until(sheet.trouble.isVisible)
        why = "Outlook's .msg cannot be read."
        assert sheet.trouble.text().startswith(f"outlook.msg: {why}")
        assert sheet.words.text() == came_back
        sheet.close()
    drop_files(play.window, tmp_path / "partly.mbox")
    await play.until(lambda: sheet.trouble.text() == say("bounces", "unread", n=1))
    assert [row["address"] for row in sheet.model.rows] == ["bo@example.org"]


async def test_a_listed_address_is_shown_before_its_e_mail_is_sent_again(play: Play) -> None:
    async with sent(play) as server:
        await asyncio.to_thread(play.api.do_not_send.add, [{"address": ADA}], "person")
        (number,) = play.rows()
        wishes = play.program.rooms.tasks.wishes
        wishes.carry_out("resend", [number])
        await play.until(lambda: asks("since today: asked not to be written to."))
        answer("Do not send")
        assert len(server.mails) == 1
        wishes.carry_out("resend", [number])
        await play.until(asked)
        answer("Send after all")
        await play.until(lambda: play.states() == ["succeeded"] * 2)
        assert len(server.mails) == 2


async def test_a_copy_to_another_address_that_is_listed_is_sent_to_nobody(play: Play) -> None:
    async with sent(play) as server:
        more = {"to": {"email": "bo@example.org"}}
        act = partial(play.api.actions.act, "resend", [*play.rows()], key=new_key(), more=more)
        (copy,) = (await asyncio.to_thread(act))["ids"]
        await play.until(partial(is_sent, play, 2))
        add = play.api.do_not_send.add
        await asyncio.to_thread(add, [{"address": "bo@example.org"}], "person")
        play.program.rooms.tasks.wishes.carry_out("resend", [copy])
        await play.until(lambda: asked() or len(play.rows()) == 3)
        assert asked() is None
        await play.until(lambda: sorted(play.states()) == ["cancelled", "succeeded", "succeeded"])
        assert len(server.mails) == 2


async def test_a_person_says_which_e_mail_came_back(play: Play, tmp_path: Path) -> None:
    async with sent(play, 2):
        pass
    file = tmp_path / "returned.mbox"
    file.write_bytes(b"From mailer\n" + free_text(ADA))
    play.window.mails_dropped.emit([str(file)])
    sheet = play.program.rooms.listed.bounces
    await play.until(sheet.which.isVisible)
    assert sheet.confirm.isHidden()
    assert sheet.which.count() == 3
    first = min(play.rows())
    sheet.which.set_value(str(first))
    sheet.which.chosen.emit(str(first))
    sheet.confirm.click()
    await play.until(
        lambda: [row.id for row in play.model.rows_between(0, 1) if row.is_bounced] == [first]
    )
