"""Each question of the window is refused by Enter, Escape and its cross, and does nothing then."""

from __future__ import annotations

import ast
import asyncio
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import desktop.gui
from desktop.client.items import ItemQuery
from desktop.contract.do_not_send import ListOrigin, NewListEntry
from desktop.gui.frame.retention import RetentionDialog
from desktop.gui.items.correction_head import SEND
from desktop.gui.templates.letters_place import LettersPlace
from desktop.settings.preferences import Settings, WindowSettings
from sendoff_tasks.client.calls import SortedFilter, new_key
from tests.gui.desk_acts import correction
from tests.gui.hands import answer, asked
from tests.gui.importing.test_imports import RENEWAL
from tests.gui.play import post
from tests.gui.tasks.acting.test_safety_questions import DOUBT
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtWidgets import QMessageBox

    from desktop.gui.mail.mail_settings import MailSettingsDialog
    from desktop.gui.tasks.acting.task_actions import WishedVerb
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play

REFUSALS: Final[dict[str, Callable[[QMessageBox], object]]] = {
    "Enter": lambda box: QTest.keyClick(box, Qt.Key.Key_Return),
    "Escape": lambda box: QTest.keyClick(box, Qt.Key.Key_Escape),
    "the cross": lambda box: box.close(),
}


async def _close(play: Play) -> None:
    play.window.closing.open_tasks = 1
    play.window.close()


async def _drop(play: Play) -> None:
    play.window.form.take_dropped(["members.csv"])


async def _act(verb: WishedVerb, play: Play) -> None:
    play.window.page.table.action_chosen.emit(verb, [*play.rows()])


async def _forget(play: Play) -> None:
    page = await asyncio.to_thread(play.api.items.page, ItemQuery())
    play.window.items.card.forget_chosen.emit(page["items"][0])


async def _send_to_listed(play: Play) -> None:
    (sent,) = (number for number, (_, state) in play.rows().items() if state == "succeeded")
    play.program.rooms.tasks.wishes.carry_out("resend", [sent])


async def _repair(way: str, play: Play) -> None:
    play.window.cases.press(way, "")


async def _send_to_refused(play: Play) -> None:
    (failed,) = (number for number, (_, state) in play.rows().items() if state == "failed")
    (await correction(play, failed)).act(SEND)


async def _mail_sheet(play: Play) -> MailSettingsDialog:
    sheet: MailSettingsDialog = play.window.mail.dialog
    sheet.open()
    await play.until(lambda: not play.program.jobs.under_way)
    return sheet


async def _forget_password(play: Play) -> None:
    (await _mail_sheet(play)).form.forget_chosen.emit()


async def _turn_to_practice(play: Play) -> None:
    sheet = await _mail_sheet(play)
    sheet.form.transport.button("practice").click()
    sheet.save_button.click()


async def _leave_mail_settings(play: Play) -> None:
    sheet = await _mail_sheet(play)
    sheet.form.host.set_text("other.example.org")
    sheet.close()


async def _letters(play: Play) -> LettersPlace:
    play.program.rooms.templates.open("Renewal")
    (letters,) = play.window.findChildren(LettersPlace)
    await play.until(lambda: letters.name.value() == "Renewal" and letters.name.delete.isVisible())
    return letters


async def _delete_letter(play: Play) -> None:
    (await _letters(play)).name.delete.trigger()


async def _discard_letter(play: Play) -> None:
    letters = await _letters(play)
    QTest.keyClicks(letters.form.texts["text"], "Dear")
    letters.name.discard.trigger()


async def _days(play: Play) -> RetentionDialog:
    play.window.menu.retention_chosen.emit()
    (sheet,) = play.window.findChildren(RetentionDialog)
    await play.until(lambda: sheet.fields["tasks_days"].text() == "30")
    sheet.fields["tasks_days"].replace("3")
    return sheet


async def _keep_shorter(play: Play) -> None:
    (await _days(play)).save_button.click()


async def _leave_days(play: Play) -> None:
    (await _days(play)).close()


DOORS: Final[dict[str, list[Callable[[Play], Awaitable[object]]]]] = {
    "frame/closing.py": [_close],
    "frame/drops.py": [_drop],
    "frame/repair.py": [partial(_repair, "restore"), partial(_repair, "begin_empty")],
    "frame/retention.py": [_keep_shorter],
    "items/correction_head.py": [_send_to_refused],
    "items/room.py": [_forget],
    "kit/widgets/dialog.py": [_leave_days],
    "listed/room.py": [_send_to_listed],
    "mail/mail_settings.py": [_forget_password, _turn_to_practice, _leave_mail_settings],
    "tasks/acting/safety_questions.py": [
        *(partial(_act, verb) for verb in ("remove", "resend", "again"))
    ],
    "templates/letters_place.py": [_delete_letter, _discard_letter],
}
"""What leads to each question, by the file that asks it."""


def _asked_in(file: Path) -> int:
    """Count the questions of a file that have an answer beside the refusal."""
    calls = (each for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.Call))
    named = [(call.func.id, len(call.args)) for call in calls if isinstance(call.func, ast.Name)]
    return sum((name == "ask" and args > 3) or name == "ask_about_changes" for name, args in named)


def test_each_question_has_a_door_here() -> None:
    rooms = Path(desktop.gui.__file__).parent
    files = [path for path in rooms.rglob("*.py") if path.name != "questions.py"]
    asking = {str(file.relative_to(rooms)): _asked_in(file) for file in files}
    asking = {name: count for name, count in asking.items() if count}
    assert asking.keys() == DOORS.keys()
    assert [name for name, count in asking.items() if len(DOORS[name]) < count] == []
    assert [path.name for path in files if "QMessageBox(" in path.read_text()] == []


async def _stored(play: Play) -> list[Any]:
    """What a question could change: tasks, items, the list, templates, settings, the database."""
    api = play.api

    def read() -> list[Any]:
        page, items = api.page(SortedFilter()), api.items.page(ItemQuery())
        entries = api.do_not_send.page()
        return [page["tasks"], items, entries, api.templates.listed(), api.settings()]

    return [*await asyncio.to_thread(read), play.window.isVisible()]


def test_each_question_is_refused_by_enter_by_escape_and_by_its_cross(
    perform: Perform, data: OfficeFolder
) -> None:
    with running() as server:
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))
        (data.templates / "Renewal.jinja").write_text(RENEWAL)
        (data.tasks / "own.py").write_text(DOUBT)

        async def scene(play: Play) -> None:
            play.submit("Ada", "7")
            await play.until(lambda: play.states() == ["succeeded"])
            server.refuse = lambda _: "550 5.1.1 no such user"
            values = {"recipient.name": "Bo", "recipient.email": "bo@example.org"}
            tasks = ["send_confirmation_email"]
            play.window.form.restore({"number": "8", "values": values, "tasks": tasks})
            play.window.form.submit()
            await play.until(lambda: play.states() == ["failed", "succeeded"])
            later: Any = {
                "recipient": {"email": "cy@example.org"},
                "run_at": "2090-01-01T00:00:00Z",
            }
            await asyncio.to_thread(play.api.items.submit, 9, later, new_key())
            post(play.api, "/tasks", [{"task": "doubt"}])
            await play.until(lambda: {"scheduled", "uncertain"} <= {*play.states()})
            listed: NewListEntry = {"address": "ada@example.org"}
            await asyncio.to_thread(play.api.do_not_send.add, [listed], ListOrigin.PERSON)
            before = await _stored(play)
            doors = [(name, door) for name, several in DOORS.items() for door in several]
            for (name, open_door), (way, refuse) in product(doors, REFUSALS.items()):
                await open_door(play)
                await play.until(asked)
                box = asked()
                assert box is not None
                refuse(box)
                assert asked() is None, f"{name}: {way} left the question there"
                await play.until(lambda: not play.program.jobs.under_way)
                assert await _stored(play) == before, f"{name}: {way} did something"
                play.window.dialogs.close_all()
                if asked() is not None:  # what was typed is still there
                    answer("Discard")

        perform(scene)
