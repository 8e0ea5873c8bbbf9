"""Own tasks in the running program: run by a form, refused, undone, run again, after an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.run.editors import TextEditor
from desktop.settings.preferences import Settings, WindowSettings
from sendoff_tasks.client.calls import FunctionCalls
from sendoff_tasks.client.errors import BackendGone
from tests.settings.saved import save

if TYPE_CHECKING:
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play

TASKS = '''
from datetime import date
from enum import Enum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field
from sendoff_tasks import task


class Shape(Enum):
    PDF = "pdf"
    CSV = "csv"


class Office(BaseModel):
    city: Annotated[str, AfterValidator(lambda city: 1 / (city != "Nowhere") and city)]
    floor: int = 1


def known(name: str) -> str:
    if name == "missing":
        raise ValueError("missing is not known")
    return name


@task(title="Nightly report")
def report(
    pages: Annotated[int, Field(ge=1, le=9)],
    to: Annotated[str, AfterValidator(known)],
    shape: Shape = Shape.PDF,
    loud: bool = False,
    names: list[str] = ["a"],
    office: Office | None = None,
) -> str:
    """Write the report.

    It takes
    a while.
    """
    return f"{pages} {to} {shape.name} {loud} {names} {office}"


@task(every="3650 days")
def another() -> None: ...


@task(title="Receipt PDF")
def receipt(item_id: int) -> str:
    return f"receipt of {item_id}"
'''
CTRL = Qt.KeyboardModifier.ControlModifier


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focus(), key, modifier)


def click(box: QWidget) -> None:
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def type_in(words: str) -> None:
    QTest.keyClicks(focus(), words)


@pytest.mark.own_tasks(TASKS)
async def test_a_task_is_run_by_keyboard_and_again_with_other_arguments(play: Play) -> None:
    play.window.activateWindow()
    QTest.keyClick(play.window, Qt.Key.Key_R, CTRL)
    sheet = play.program.rooms.run.sheet
    await play.until(lambda: len(sheet.functions) == 3)
    assert QApplication.focusWidget() is sheet.task
    type_in("night")
    assert sheet.task.value() == "report"
    assert sheet.doc.text() == "Write the report.\n\nIt takes a while."
    editors = sheet.form.editors
    assert list(editors) == ["pages", "to", "shape", "loud", "names", "office"]
    await play.until(editors["pages"].place.isVisible)
    press(Qt.Key.Key_Tab)
    type_in("many")
    press(Qt.Key.Key_Tab)
    type_in("missing")
    press(Qt.Key.Key_Return)
    assert (editors["pages"].error, editors["to"].error) == ("Enter a number.", "")
    assert QApplication.focusWidget() is editors["pages"].place
    press(Qt.Key.Key_A, CTRL)
    type_in("12")
    press(Qt.Key.Key_Return, CTRL)
    await play.until(lambda: editors["pages"].error)
    assert "9" in editors["pages"].error
    assert QApplication.focusWidget() is editors["pages"].place
    press(Qt.Key.Key_A, CTRL)
    type_in("3")
    press(Qt.Key.Key_Return, CTRL)
    await play.until(lambda: editors["to"].error)
    assert "missing is not known" in editors["to"].error
    assert QApplication.focusWidget() is editors["to"].place
    press(Qt.Key.Key_A, CTRL)
    type_in("office")
    click(editors["loud"].place)
    editors["office"].place.setFocus()
    type_in('{"floor": 1}')
    press(Qt.Key.Key_Return, CTRL)
    await play.until(lambda: editors["office"].error)
    assert editors["office"].error.startswith("city: ")
    press(Qt.Key.Key_A, CTRL)
    type_in('{"city": "Bonn"}')
    press(Qt.Key.Key_Return, CTRL)
    await play.until(sheet.isHidden)
    table, detail = play.window.page.table, play.window.page.detail
    await play.until(lambda: detail.row is not None and play.states() == ["succeeded"])
    first = play.api.task(detail.task or 0)
    assert first["result"] == "3 office PDF True ['a'] city='Bonn' floor=1"
    assert first["priority"] > 0

    table.action_chosen.emit("run_with", [first["id"]])
    await play.until(sheet.isVisible)
    again = sheet.form.call()
    named = {**first["kwargs"], "shape": "pdf"}
    assert again == ([], named)
    names = sheet.form.editors["names"]
    assert isinstance(names, TextEditor)
    assert names.field.text() == '[\n  "a"\n]'
    names.place.setFocus()
    press(Qt.Key.Key_A, CTRL)
    type_in('["a", "b c"]')
    press(Qt.Key.Key_Return, CTRL)
    await play.until(lambda: play.states() == ["succeeded", "succeeded"])
    await play.until(lambda: detail.task != first["id"])
    assert play.api.task(detail.task or 0)["kwargs"]["names"] == ["a", "b c"]

    form = play.window.form
    click(form.afterwards.boxes["receipt"])
    form.fields["recipient.email"].set_text("ada@example.org")
    form.submit()
    await play.until(lambda: play.states() == ["succeeded"] * 4)
    tasks = play.api.items.one(1)["tasks"]
    assert [each["title"] for each in tasks] == ["Confirmation e-mail", "Receipt PDF"]
    assert play.api.task(tasks[1]["id"])["result"] == "receipt of 1"

    for number, item in (("1", 1), ("77", None)):  # there is no item 77
        play.window.menu.run_chosen.emit()
        await play.until(lambda: len(sheet.functions) == 3)
        sheet.show_function("receipt")
        sheet.focus_first()
        before = detail.task
        type_in(number)
        press(Qt.Key.Key_Return, CTRL)
        await play.until(lambda: detail.task not in {before, None})  # noqa: B023
        run = play.api.task(detail.task or 0)
        assert (run["item_id"], run["kwargs"]) == (item, {"item_id": int(number)})


@pytest.mark.own_tasks(TASKS)
async def test_a_task_whose_answer_was_lost_is_run_again_as_the_same_task(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = FunctionCalls.run

    def lose(calls: FunctionCalls, **asked: Any) -> None:
        monkeypatch.setattr(FunctionCalls, "run", run)
        run(calls, **asked)
        raise BackendGone

    monkeypatch.setattr(FunctionCalls, "run", lose)
    play.window.menu.run_chosen.emit()
    sheet = play.program.rooms.run.sheet
    await play.until(lambda: len(sheet.functions) == 3)
    (name,) = (each for each in sheet.functions if "another" in each)
    sheet.show_function(name)
    sheet.focus_first()
    press(Qt.Key.Key_Return)
    await play.until(sheet.trouble.isVisible)
    press(Qt.Key.Key_Return)
    await play.until(sheet.isHidden)
    assert len(await play.truth()) == 1


async def test_a_new_task_is_offered_by_the_form_and_by_the_sheet_that_is_open(
    play: Play, data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    play.window.menu.run_chosen.emit()
    sheet, boxes = play.program.rooms.run.sheet, play.window.form.afterwards.boxes
    await play.until(sheet.nothing.isVisible)
    sheet.folder.click()
    assert opened == [str(data.tasks)]
    (data.tasks / "reports.py").write_text(TASKS)
    await play.until(lambda: "receipt" in boxes and len(sheet.functions) == 3)
    assert sheet.nothing.isHidden()
    assert sheet.folder.isHidden()
    assert [each["title"] for each in play.api.schedules.all()] == ["Another"]
    await play.lose_backend()
    (data.tasks / "reports.py").write_text(TASKS.replace("receipt", "invoice"))
    await play.until(lambda: "invoice" in boxes and "receipt" not in boxes)


def test_a_run_can_be_taken_back_and_the_backend_may_come_later(
    perform: Perform, data: OfficeFolder
) -> None:
    (data.tasks / "reports.py").write_text(TASKS)
    save(data.settings_file, Settings(window=WindowSettings(grace_seconds=600.0)))

    async def take_back(play: Play) -> None:
        running = play.program.rooms.run
        play.window.menu.run_chosen.emit()
        sheet = running.sheet
        await play.until(lambda: len(sheet.functions) == 3)
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Down)
        assert sheet.task.value() == "report"
        await play.until(sheet.form.editors["pages"].place.isVisible)
        press(Qt.Key.Key_Tab)
        type_in("4")
        press(Qt.Key.Key_Escape)
        assert sheet.isHidden()
        play.window.menu.run_chosen.emit()
        assert sheet.form.editors["pages"].typed() == "4"
        sheet.task.setFocus()
        type_in("another")
        assert not sheet.form.editors
        source = play.program.source
        api, source.api = source.api, None
        press(Qt.Key.Key_Return)
        assert sheet.trouble.isVisible()
        source.api = api
        press(Qt.Key.Key_Return)
        await play.until(lambda: play.window.page.detail.row is not None)
        await play.toast("Another starts in 600 s")
        await play.until(lambda: play.states() == ["scheduled"])
        QTest.keyClick(play.window, Qt.Key.Key_Z, CTRL)
        await play.until(lambda: play.states() == ["cancelled"])
        (name,) = (each for each in sheet.functions if "another" in each)
        asked = {"name": name, "args": [], "arguments": {}}
        for request in ({**asked, "run_at": "2090-01-01T00:00:00Z"}, asked):
            sheet.run_requested.emit(request)
        await play.toast("Another starts in 600 s")
        await play.until(lambda: len(play.states()) == 3)

    perform(take_back)
