"""Each button of a cause is clicked in the real program: what it offers helps.

A button without a line in these tables fails, as does a line whose button is not there.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import pytest
from PySide6.QtGui import QDesktopServices

from desktop.gui.tasks.acting.safety_questions import NAME as ASKED
from sendoff_tasks.client.calls import new_key
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.clicks.walks import Leads, Place, close_sheets, sheet, walk
from tests.gui.hands import press, press_row
from tests.gui.play import post

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.contract.items import NewItem
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TASKS: Final = """
from sendoff_tasks.model.causes import Cure
from desktop.contract.office import OfficeCure
from sendoff_tasks import GiveUp, NeedsPerson, Uncertain
from sendoff_tasks import task

@task(title="Letter")
def letter(item_id: int) -> None:
    raise GiveUp("The street is missing", cure=OfficeCure.CORRECT_ADDRESS)

@task(title="Stamp")
def stamp() -> None:
    raise GiveUp("The file is not whole", cure=Cure.TASKS_FOLDER)

@task(title="Fax")
def fax() -> None:
    raise NeedsPerson("Nothing is set up", queue=True, notice_action="mail_settings")

@task(title="Wire")
def wire() -> None:
    raise Uncertain("No answer came")
"""


def go_back(play: Play) -> None:
    """Close the sheets, and show all tasks again."""
    close_sheets(play)
    press(play.window.views.row.narrowed)


def shows_tasks(narrowed: str) -> Leads:
    return Leads(
        lambda play: play.window.views.row.narrowed_to.startswith(narrowed),
        end=go_back,
    )


def revisions(play: Play) -> int:
    return sum(revision for revision, _ in play.rows().values())


def ran_again(play: Play) -> bool:
    more = revisions(play) > play.window.property("revisions")
    return more and {"queued", "running"}.isdisjoint(play.states())


AGAIN: Final = Leads(
    ran_again,
    lambda play: play.window.setProperty("revisions", revisions(play)),
)
"""Tasks have run once more."""


def cause_of(play: Play, task: str) -> Any:
    """Return the cause that stops a task, if there is one."""
    model = play.window.causes.model
    there = [each for each in model.rows if model.over_since(each) is None]
    return next((each for each in there if task in str(each["about"])), None)


def cause(task: str, lines: dict[str, Leads]) -> Place:
    """Return the buttons of what stops a task; each may show its tasks."""

    async def show(play: Play) -> None:
        close_sheets(play)
        play.window.switch.choose("causes")
        view = play.window.causes
        await play.until(lambda: cause_of(play, task) is not None)
        press_row(view.table, view.model.rows.index(cause_of(play, task)))
        assert view.table.current() is cause_of(play, task)

    whole = {"Show its tasks": shows_tasks("Cause"), **lines}
    return Place(show, lambda play: play.window.causes, whole)


CAUSES: Final = (
    cause("letter", {"Correct the # addresses": sheet("CorrectionSheet")}),
    cause(
        "stamp",
        {
            "Open the tasks folder": Leads(lambda play: play.window.property("opened") == "tasks"),
            "Retry the one that failed": AGAIN,
        },
    ),
    cause("Fees", {"Edit template…": sheet("TemplateSheet"), "Try now (#)": AGAIN}),
    cause("fax", {"Mail settings": sheet("MailSettingsSheet"), "Try now (#)": AGAIN}),
    cause(
        "wire",
        {
            "Run again (#)": Leads(
                lambda play: ASKED in play.window.notices.names(),
                end=lambda play: play.window.notices.take_back(ASKED),
            ),
            "It was done (#)": Leads(lambda play: cause_of(play, "wire") is None),
        },
    ),
)


def test_causes(
    perform: Perform,
    data: OfficeFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (data.tasks / "own.py").write_text(TASKS)

    async def scene(play: Play) -> None:
        def note(url: Any) -> bool:
            return play.window.setProperty("opened", url.fileName())

        monkeypatch.setattr(QDesktopServices, "openUrl", note)
        play.window.resize(1500, 1000)
        path = tmp_path / "others.csv"
        number = await asyncio.to_thread(bring, play, path, 2, tasks=["letter"])
        await asyncio.to_thread(play.api.batches.start, number, new_key())
        parts = {"subject": "Fees", "text": "Seat {{ seat }}"}
        await asyncio.to_thread(play.api.templates.save, "Fees", {"parts": parts})
        item: NewItem = {"recipient": {"email": "ada@example.org"}, "template": "Fees"}
        await asyncio.to_thread(play.api.items.submit, None, item, new_key())
        body = [{"task": each} for each in ("stamp", "fax", "wire")]
        await asyncio.to_thread(post, play.api, "/tasks", body)
        await play.until(lambda: play.states().count("waiting") == 2)
        await play.until(lambda: {"failed", "uncertain"} <= {*play.states()})
        await play.until(lambda: play.api.batches.one(number)["state"] == "done")
        for each in CAUSES:
            await walk(play, each)

    perform(scene)
