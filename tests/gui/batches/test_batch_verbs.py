"""Batches in the running program: watched, paused, cancelled, retried, reported, their tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.api import TaskQuery, new_key
from desktop.gui.batches.batch_model import BatchColumn
from desktop.gui.kit.widgets.buttons import Link
from tests.gui.clicks.walks import close_sheets, opened
from tests.gui.hands import is_bare, press
from tests.gui.play import post

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def bring(play: Play, path: Path, rows: int, **settings: Any) -> int:
    """Make a draft of a small spreadsheet, without the window."""
    path.write_text("Name,E-mail\n" + "".join(f"P{n},p{n}@example.org\n" for n in range(rows)))
    columns = {"Name": "name", "E-mail": "email"}
    batches = play.api.batches
    new: Any = {"name": path.name, "columns": columns, **settings}
    number = batches.create(new, new_key())
    batches.keep_sheet(number, path)
    people = [{"name": f"P{n}", "email": f"p{n}@example.org"} for n in range(rows)]
    new_rows: Any = [{"row": n + 2, "item": {"recipient": p}} for n, p in enumerate(people)]
    batches.add_rows(number, new_rows)
    return number


def state_of(play: Play) -> str:
    model = play.window.batches.model
    return str(model.data(model.index(0, BatchColumn.STATE)))


def test_a_batch_is_watched_paused_resumed_and_cancelled(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def watch(play: Play) -> None:
        view, switch = play.window.batches, play.window.switch
        QTest.mouseClick(switch.choice.button("batches"), Qt.MouseButton.LeftButton)
        number = bring(play, tmp_path / "members.csv", 3, rate="1/day")
        await play.until(lambda: view.model.rowCount() == 1)
        assert list(view.card.row.buttons) == ["open", "delete"]
        play.api.batches.start(number, new_key())
        await play.until(lambda: view.card.row.buttons.keys() >= {"pause", "cancel"})
        QTest.mouseClick(view.card.row.buttons["pause"], Qt.MouseButton.LeftButton)
        await play.until(lambda: "resume" in view.card.row.buttons)
        QTest.mouseClick(view.card.row.buttons["resume"], Qt.MouseButton.LeftButton)
        await play.until(lambda: "pause" in view.card.row.buttons)
        await play.until(lambda: play.api.batches.one(number)["counts"]["kept"] == 1)
        await play.until(lambda: state_of(play) == "Waiting")
        play.api.pause(None)  # with nothing in the queue
        await play.until(lambda: state_of(play) == "Paused")
        play.api.resume(None)
        await play.until(lambda: state_of(play) == "Waiting")
        QTest.mouseClick(view.card.row.buttons["cancel"], Qt.MouseButton.LeftButton)
        await play.until(lambda: play.api.batches.one(number)["state"] == "done")
        assert play.api.batches.one(number)["counts"]["cancelled"] == 2

    perform(watch)


def test_enter_shows_the_tasks_of_a_batch_until_its_chip_is_pressed(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def show(play: Play) -> None:
        play.submit("Ada")
        play.window.form.submit()
        number = bring(play, tmp_path / "members.csv", 2)
        play.api.batches.start(number, new_key())
        await play.until(lambda: play.model.rowCount() == 3)
        play.window.switch.choose("batches")
        await play.until(lambda: play.window.batches.table.current())
        QTest.keyClick(play.window.batches.table, Qt.Key.Key_Return)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        narrowed = play.window.views.row.narrowed
        assert narrowed.text() == "Batch 1: members.csv"
        QTest.mouseClick(narrowed, Qt.MouseButton.LeftButton)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 3)
        assert narrowed.isHidden()

    perform(show)


WRONG = """
from desktop.contract.causes import Cure
from desktop.engine import Final, task

@task(title="Post", retry=1)
def post(item_id: int) -> None:
    if item_id == 2:
        raise Final("Postage is missing.")
    raise Final("No such street." if item_id == 3 else "No such town.", cure=Cure.CORRECT_ADDRESS)
"""
OWN = """
from desktop.engine import task

@task(title="Stamp", retry=1)
def stamp(item_id: int) -> None:
    raise KeyError("postage")
"""


def test_what_failed_for_its_address_is_corrected_alone(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    (data.tasks / "own.py").write_text(WRONG)

    async def correct(play: Play) -> None:
        wanted: list[list[int]] = []
        play.program.rooms.tasks.wishes.lead("correct", wanted.append)
        number = bring(play, tmp_path / "members.csv", 4, tasks=["post"])
        play.api.batches.start(number, new_key())
        play.window.switch.choose("batches")
        row = play.window.batches.card.row
        await play.until(lambda: "correct" in row.buttons)
        await play.until(lambda: row.buttons["correct"].text() == "Correct the 3 addresses")
        play.window.batches.action_chosen.emit("correct", number)
        await play.until(lambda: wanted)
        tasks = [play.api.task(task) for task in wanted[0]]
        assert [each["item_id"] for each in tasks] == [1, 3, 4]

    perform(correct)


def test_retry_beside_a_cause_can_be_undone_and_its_tasks_are_called_what_they_are(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    (data.tasks / "own.py").write_text(OWN)

    async def retry(play: Play) -> None:
        window, view, verbs = play.window, play.window.batches, play.program.rooms.tasks.verbs
        window.resize(1500, 900)
        number = bring(play, tmp_path / "members.csv", 2, tasks=["stamp"])
        play.api.batches.start(number, new_key())
        window.switch.choose("batches")
        await play.until(lambda: "retry" in view.card.row.buttons)
        await play.until(lambda: any(map(is_bare, view.card.causes.findChildren(Link))))
        verbs.grace.seconds = 600.0
        await play.until(lambda: [label.text()[0] for label in view.card.causes.counts] == ["2"])
        press(view.card.causes.findChildren(Link)[0])
        press((await play.toast("2 tasks will run again in 600 s")).button)
        assert play.api.batches.one(number)["counts"]["failed"] == 2
        (cause,) = play.api.batches.one(number)["causes"]
        view.card.cure_chosen.emit("correct_address", cause["cause"], number)
        await play.until(lambda: "CorrectionSheet" in opened(play))
        assert window.switch.choice.value() == "batches"  # where the round ends
        close_sheets(play)
        view.card.cure_chosen.emit("resolve", cause["cause"], number)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        assert window.views.row.narrowed.text().startswith("Batch 1: members.csv · KeyError")

    perform(retry)


LATER = """
from desktop.engine import Retry, task

@task(title="Stamp", retry=Retry(attempts=5, backoff=lambda attempt, random: 600.0))
def stamp(item_id: int) -> None:
    raise KeyError("postage")
"""


def test_what_was_put_off_of_a_batch_is_tried_at_once_and_nothing_else(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    (data.tasks / "own.py").write_text(LATER)

    async def try_now(play: Play) -> None:
        play.program.rooms.services.grace.seconds = 0.2
        other = post(play.api, "/tasks", {"task": "stamp", "args": [99]})["id"]
        number = bring(play, tmp_path / "members.csv", 3, tasks=["stamp"])
        play.api.batches.start(number, new_key())
        play.window.switch.choose("batches")
        row = play.window.batches.card.row
        await play.until(lambda: "try_now" in row.buttons)
        await play.until(lambda: row.buttons["try_now"].text() == "Try now (3)")

        def attempts(query: TaskQuery) -> dict[int, int]:
            return {row["id"]: row["attempt"] for row in play.api.page(query)["tasks"]}

        await play.until(lambda: attempts(TaskQuery())[other] == 1)
        await play.until(lambda: row.buttons["try_now"].isVisible())
        press(row.buttons["try_now"])
        await play.toast("3 tasks will be tried")
        await play.until(lambda: {*attempts(TaskQuery(batch_id=number)).values()} == {2})
        assert attempts(TaskQuery())[other] == 1

    perform(try_now)


def test_the_report_says_what_became_of_each_row(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def report(play: Play) -> None:
        number = bring(play, tmp_path / "members.csv", 2)
        play.api.batches.correct_row(number, 3, {"recipient": {"email": "new@example.org"}})
        play.api.batches.start(number, new_key())
        await play.until(lambda: play.api.batches.one(number)["state"] == "done")
        out = tmp_path / "out.csv"
        play.program.rooms.batches.reports.save(number, out)
        await play.toast("saved")
        head, *lines = out.read_text().splitlines()
        assert head == "Name,E-mail,Sendoff status,sent at,answer,Message-ID"
        assert [line.split(",")[:2] for line in lines] == [
            ["P0", "p0@example.org"],
            ["P1", "p1@example.org"],
        ]
        answers = [line.split(",")[4] for line in lines]
        assert [each.startswith("new@example.org") for each in answers] == [False, True]

    perform(report)


def test_what_was_started_on_a_batch_is_undone_where_it_was_started(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def look(play: Play) -> None:
        play.program.rooms.services.grace.seconds = 600.0
        bring(play, tmp_path / "members.csv", 2)
        play.window.switch.choose("batches")
        row = play.window.batches.card.row
        await play.until(lambda: [*row.buttons] == ["open", "delete"])
        row.buttons["delete"].click()
        await play.until(lambda: [*row.buttons] == ["undo", "delete"])
        assert not row.buttons["delete"].isEnabled()
        row.buttons["undo"].click()
        assert [*row.buttons] == ["open", "delete"]
        assert play.toasts() == []
        await play.until(lambda: not play.api.many.pending())

    perform(look)


def test_a_draft_to_be_deleted_is_no_longer_said_to_be_kept(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """Both were said side by side."""

    async def look(play: Play) -> None:
        play.program.rooms.services.grace.seconds = 600.0
        number = bring(play, tmp_path / "members.csv", 2)
        draft_toasts = play.program.rooms.importing.imports.draft_toasts
        draft_toasts.say_kept(play.api.batches.one(number), for_a_day=False)
        assert play.toasts() == ["“members.csv” is kept as a draft"]
        play.window.switch.choose("batches")
        row = play.window.batches.card.row
        await play.until(lambda: "delete" in row.buttons)
        row.buttons["delete"].click()
        await play.toast("The draft “members.csv” is deleted in ")
        assert len(play.toasts()) == 1

    perform(look)


def test_a_draft_is_deleted_after_the_grace_period_unless_undone(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def delete(play: Play) -> None:
        view = play.window.batches
        bring(play, tmp_path / "members.csv", 1)
        play.window.switch.choose("batches")
        await play.until(lambda: "delete" in view.card.row.buttons)
        play.program.rooms.services.grace.seconds = 600.0
        view.card.row.buttons["delete"].click()
        toast = await play.toast("is deleted in")
        toast.action_chosen.emit()
        play.window.toasts.close(toast)
        assert play.api.batches.page()["batches"]
        play.program.rooms.services.grace.seconds = 0.0
        view.card.row.buttons["delete"].click()
        await play.until(lambda: view.model.rowCount() == 0)

    perform(delete)
