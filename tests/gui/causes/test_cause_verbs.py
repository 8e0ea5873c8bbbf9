"""Causes in the running program: many failures are few rows, each tried again by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.api import TaskQuery, new_key
from desktop.client.calls.tasks import oldest
from desktop.contract.causes import Cure
from desktop.gui.causes.cause_model import CauseColumn
from desktop.gui.tasks.detail.summary_tab import CAUSE
from desktop.gui.templates.template_sheet import TemplateSheet
from desktop.settings.preferences import Settings, WindowSettings
from tests.gui.play import post
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.items import NewItem
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

OWN = """
import pathlib
from desktop.engine import Retry, task

@task(title="Invoice", retry=Retry(1))
def invoice(number: int) -> None:
    if not pathlib.Path({cured!r}).exists():
        raise ValueError(f"no price for {{number}}")

@task(title="Label", retry=Retry(1))
def label(number: int) -> None:
    raise OSError("the printer is off")

@task(title="Stamp", retry=Retry(1))
def stamp(number: int) -> None:
    raise KeyError("postage")
"""


def test_each_cause_is_tried_again_by_itself(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    cured = data.root / "cured"
    (data.tasks / "own.py").write_text(OWN.format(cured=str(cured)))

    async def look(play: Play) -> None:
        names = ["invoice"] * 300 + ["label"] * 150 + ["stamp"] * 50
        body = [{"task": name, "args": [n]} for n, name in enumerate(names)]
        post(play.api, "/tasks", body)
        # Once they are shown, causes keep their places.
        await play.until(lambda: sum(each["count"] for each in play.api.causes()) == 500)
        view, model = play.window.causes, play.window.causes.model
        QTest.mouseClick(play.window.switch.choice.button("causes"), Qt.MouseButton.LeftButton)

        def told(column: CauseColumn) -> list[Any]:
            return [model.data(model.index(row, column)) for row in range(model.rowCount())]

        await play.until(lambda: told(CauseColumn.TASKS) == ["300", "150", "50"])
        assert "ValueError in invoice" in told(CauseColumn.CAUSE)[0]
        cured.touch()

        def retry(row: int) -> None:
            at = view.table.visualRect(model.index(row, CauseColumn.CAUSE)).center()
            QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
            QTest.mouseClick(view.card.row.buttons["retry"], Qt.MouseButton.LeftButton)

        retry(0)
        await play.until(lambda: told(CauseColumn.HELP)[0].startswith("300 done · over since "))
        assert told(CauseColumn.TASKS) == ["300", "150", "50"]
        done = play.api.page(TaskQuery(states=("succeeded",)))["total"]
        assert done == 300
        # Whichever is the current one now: it went down the list while its tasks were retried.
        retry(2)
        await play.until(lambda: "50 failed since the retry" in told(CauseColumn.HELP)[2])
        assert "since" not in told(CauseColumn.HELP)[1]
        retry(1)
        await play.until(lambda: "150 failed since the retry" in told(CauseColumn.HELP)[1])
        QTest.keyClick(view.table, Qt.Key.Key_Return)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 150)
        assert play.window.views.row.narrowed.text().startswith("Cause: OSError in label")
        play.window.page.table.selectRow(0)
        menu = play.window.page.table.menu()
        assert menu is not None
        next(each for each in menu.actions() if each.text() == "Mark as seen").trigger()
        await play.until(lambda: play.model.rowCount() == 149)
        play.window.switch.choose("causes")
        await play.until(lambda: told(CauseColumn.TASKS) == ["149", "50"])
        retry(0)
        await play.until(lambda: "149 failed since the retry" in told(CauseColumn.HELP)[0])
        (put_aside,) = play.api.page(TaskQuery(seen=True))["tasks"]
        assert (put_aside["state"], put_aside["attempt"]) == ("failed", 2)
        play.window.page.detail.link_chosen.emit(CAUSE, (put_aside["cause"], "the printer is off"))
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 150)
        shown = play.model.rows_between(0, 149)
        play.window.page.table.selectRow(next(n for n, row in enumerate(shown) if row.seen))
        verbs = [each.verb for each in play.window.page.table.selection.selected.actions]
        assert "unseen" in verbs
        assert "seen" not in verbs

    perform(look)


LETTERS = """
from desktop.contract.causes import Cure
from desktop.engine import Final, task

@task(title="Letter")
def letter(item_id: int) -> None:
    raise Final("The street is missing", cure=Cure.CORRECT_ADDRESS)
"""


def test_corrections_begin_with_the_oldest_and_leave_out_what_was_put_aside(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(LETTERS)

    async def correct(play: Play) -> None:
        tasks = [
            play.api.items.submit(None, {"tasks": ["letter"]}, new_key()).task_ids[0]
            for _ in range(3)
        ]
        await play.until(lambda: play.states() == ["failed"] * 3)
        assert oldest(play.api, TaskQuery(states=("failed",))) == tasks
        (cause,) = play.api.causes()
        asked: list[list[int]] = []
        play.program.rooms.tasks.wishes.lead("correct", asked.append)
        play.api.change_task(tasks[0], {"seen": True})
        play.window.causes.action_chosen.emit(Cure.CORRECT_ADDRESS, cause)
        await play.until(lambda: asked == [tasks[1:]])
        for each in tasks[1:]:
            play.api.change_task(each, {"seen": True})
        play.window.causes.action_chosen.emit(Cure.CORRECT_ADDRESS, cause)
        await play.toast("All of them were sent again or marked as seen")
        assert len(asked) == 1

    perform(correct)


def test_the_cure_of_a_template_opens_it_at_the_field_while_it_is_missing(
    perform: Callable[[Scene], None],
) -> None:
    async def look(play: Play) -> None:
        text = "Seat {{ seat }}"
        play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": text}})
        body: NewItem = {"recipient": {"email": "ada@example.org"}, "template": "Fees"}
        for _ in range(2):
            play.api.items.submit(None, body, new_key())
        await play.until(lambda: play.states() == ["waiting"] * 2)
        view = play.window.causes
        QTest.mouseClick(play.window.switch.choice.button("causes"), Qt.MouseButton.LeftButton)
        await play.until(lambda: view.model.rowCount() == 1)
        at = view.table.visualRect(view.model.index(0, CauseColumn.CAUSE)).center()
        QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        edit = view.card.row.buttons[Cure.EDIT_TEMPLATE]
        assert edit.text() == "Edit template…"
        QTest.mouseClick(edit, Qt.MouseButton.LeftButton)
        await play.until(lambda: bool(play.window.findChildren(TemplateSheet)))
        (sheet,) = play.window.findChildren(TemplateSheet)
        await play.until(lambda: sheet.form.texts["text"].textCursor().hasSelection())
        sheet.form.texts["text"].set_source("Hello")
        sheet.foot_row.save.click()
        await play.until(lambda: Cure.EDIT_TEMPLATE not in view.card.row.buttons)
        assert play.states() == ["waiting"] * 2

    perform(look)


def test_what_was_started_for_a_cause_is_undone_where_it_was_started(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    save(data.settings_file, Settings(window=WindowSettings(grace_seconds=600.0)))
    (data.tasks / "own.py").write_text(OWN.format(cured=""))

    async def look(play: Play) -> None:
        post(play.api, "/tasks", [{"task": "label", "args": [n]} for n in range(3)])
        await play.until(lambda: play.states() == ["failed"] * 3)
        play.window.switch.choose("causes")
        view = play.window.causes
        await play.until(lambda: view.model.rowCount() == 1)
        row = view.card.row
        await play.until(lambda: row.buttons["retry"].text() == "Retry the 3 that failed")
        row.buttons["retry"].click()
        await play.until(lambda: [*row.buttons] == ["undo", "tasks"])
        row.buttons["undo"].click()
        assert [*row.buttons] == ["retry", "tasks"]
        assert play.toasts() == []
        assert not play.program.rooms.tasks.verbs.announced

    perform(look)
