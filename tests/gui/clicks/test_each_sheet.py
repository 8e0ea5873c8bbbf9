"""Each button of schedules and runs is clicked in the real program and does what it says.

A button without a line in these tables fails, as does a line whose button is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.gui.clicks.walks import POPUP, Leads, Place, names, shown, shut, the, walk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play

    Show = Callable[[Play], Awaitable[object]]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TASKS: Final = """
from pydantic import BaseModel
from sendoff_tasks import task

class Office(BaseModel):
    city: str = "Bonn"

@task(title="Report")
def report(pages: int = 1, loud: bool = False, office: Office | None = None) -> str:
    return "written"

@task(title="Digest", every="1 h")
def digest() -> str:
    return "sent"
"""


def place(name: str, ask: Callable[[Play], object], **lines: Leads) -> Place:
    words = {key.replace("_", " "): line for key, line in lines.items()}
    return Place(shown(name, ask), lambda play: the(play, name), words)


SCHEDULES: Final = place(
    "SchedulesSheet",
    lambda play: play.program.rooms.run.open_schedules(),
    Run_Digest_now=Leads(lambda play: any(row.title == "Digest" for row in rows(play))),
    Pause_Digest=Leads(lambda play: "Resume Digest" in names(the(play, "SchedulesSheet"))),
    Resume_Digest=Leads(lambda play: "Pause Digest" in names(the(play, "SchedulesSheet"))),
    Close=shut("SchedulesSheet"),
)


def rows(play: Play) -> list[Any]:
    return list(play.model.rows_between(0, play.model.rowCount() - 1))


def run_sheet(play: Play) -> Any:
    return play.program.rooms.run.sheet


def editor(play: Play, name: str) -> Any:
    return run_sheet(play).form.editors[name]


async def run_report(play: Play) -> None:
    play.program.rooms.run.open()
    await play.until(lambda: "report" in run_sheet(play).functions)
    if run_sheet(play)._shown is None:
        run_sheet(play).show_function("report")


RUN_LIST: Final = place(
    "RunSheet",
    lambda play: play.program.rooms.run.open(),
    Close=shut("RunSheet"),
)
RUN: Final = Place(
    run_report,
    run_sheet,
    {
        "Loud": Leads(lambda play: editor(play, "loud").place.isChecked()),
        "Run later…": Leads(lambda play: run_sheet(play).run_at.moment()),
        "Calendar": POPUP,
        "Remove the time": Leads(lambda play: not run_sheet(play).run_at.moment()),
        "Run": Leads(lambda play: any(row.title.startswith("Report") for row in rows(play))),
        "Close": shut("RunSheet"),
    },
)


@pytest.fixture
def places(data: DataFolder) -> None:
    """Have tasks of one's own."""
    (data.tasks / "own.py").write_text(TASKS)


@pytest.mark.usefixtures("places")
def test_schedules_and_runs(perform: Perform, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(play: Play) -> None:
        play.window.resize(1500, 900)
        for each in (SCHEDULES, RUN_LIST, RUN):
            await walk(play, each)

    perform(scene)
