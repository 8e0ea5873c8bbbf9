"""Each button of the window's own places is clicked in the real program and does what it says.

A button without a line in these tables fails, as does a line whose button is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from desktop.gui.tasks.filters import FILTERS, IN_ROW, MOST_IN_ROW
from tests.gui.clicks.walks import DIALOG, POPUP, Leads, Place, close_sheets, sheet, walk
from tests.gui.hands import press_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TASKS: Final = """
from sendoff_tasks import Retry, task

@task(title="Receipt")
def receipt(item_id: int) -> str:
    return "printed"

@task(title="Broken", retry=Retry(1))
def broken() -> None:
    raise ValueError("no paper")
"""


def view(name: str, before: str = "tasks") -> Leads:
    return Leads(
        lambda play: play.window.switch.choice.value() == name,
        lambda play: play.window.switch.choose(before),
    )


def chip(name: str) -> Leads:
    return Leads(
        lambda play: play.window.page.chips.chips[name].isChecked(),
        lambda play: play.window.page.chips.choose("done" if name == "all" else "all"),
        lambda play: play.window.page.chips.choose("all"),
    )


def box(name: str, after: bool) -> Leads:
    def is_so(play: Play) -> bool:
        return play.window.form.afterwards.boxes[name].isChecked() is after

    return Leads(
        is_so, end=lambda play: play.window.form.afterwards.boxes[name].setChecked(not after)
    )


def name_of(play: Play) -> QWidget:
    return play.window.form.fields["recipient.name"].editor


def rows_grow(play: Play) -> bool:
    return play.model.rowCount() > int(play.window.property("rows") or 0)


def count_rows(play: Play) -> None:
    play.window.setProperty("rows", play.model.rowCount())


async def frame(play: Play) -> None:
    """Show the tasks, with something typed in the form."""
    close_sheets(play)
    play.window.switch.choose("tasks")
    chips = play.window.page.chips
    await play.until(lambda: chips.chips["all"].count)  # counts are read
    chips._came.update(FILTERS)  # as if each had had a task
    chips._show_counts()
    if play.window.form.is_empty():
        values = {
            "recipient.name": "Ada",
            "recipient.email": f"a{play.model.rowCount()}@example.org",
            "title": "Opera",
        }
        tasks = ["send_confirmation_email"]
        play.window.form.restore({"number": "", "values": values, "tasks": tasks})


def parts_beside(play: Play) -> tuple[QWidget, ...]:
    window = play.window
    views = (window.page.detail, window.items, window.batches)
    return (*views, *play.window.sheets.made)


MORE: Final = "More: " + ", ".join(
    f"{each.title}, #"
    for name, each in FILTERS.items()
    if name not in {"all", *IN_ROW[:MOST_IN_ROW]}
)


FRAME: Final = Place(
    frame,
    lambda play: play.window,
    {
        "Dismiss": Leads(
            lambda play: play.window.notices.names() == [],
            end=lambda play: play.window.toasts.act_newest(),
        ),
        "Set up real sending": sheet("MailSettingsSheet"),
        "New item": Leads(
            lambda play: name_of(play).hasFocus(), lambda play: play.window.page.table.setFocus()
        ),
        "Put it into the form": Leads(
            lambda play: not play.window.form.is_empty(), lambda play: play.window.form.clear()
        ),
        "Import…": DIALOG,
        "Choose a spreadsheet…": DIALOG,
        "Try with three examples": sheet("ImportSheet"),
        "Narrow the search": POPUP,
        "Settings": POPUP,
        "Items": view("items"),
        "Batches": view("batches"),
        "Tasks": view("tasks", "items"),
        **{FILTERS[name].title: chip(name) for name in ("all", *IN_ROW[:MOST_IN_ROW])},
        MORE: POPUP,
        "no. #": Leads(lambda play: play.window.form.number.isVisible()),
        "Keep “Title” for the next item": Leads(
            lambda play: play.window.form.pins["title"].isChecked()
        ),
        "Cc…": Leads(lambda play: play.window.form.fields["cc"].isVisible()),
        "Attach…": DIALOG,
        "Send later…": Leads(lambda play: play.window.form.send_at.moment()),
        "Calendar": POPUP,
        "Remove the time": Leads(lambda play: not play.window.form.send_at.moment()),
        "Confirmation e-mail": box("send_confirmation_email", after=False),
        "Receipt": box("receipt", after=True),
        "Preview": sheet("PreviewPane"),
        "Clear": Leads(lambda play: play.window.form.is_empty()),
        "Submit": Leads(rows_grow, count_rows),
    },
    parts_beside,
)


def select(tab: int) -> Callable[[Play], object]:
    async def show(play: Play) -> None:
        close_sheets(play)
        play.window.switch.choose("tasks")
        detail = play.window.page.detail
        press_row(play.window.page.table, 0)
        await play.until(lambda: detail.row is not None and detail.row.state == "succeeded")
        detail.tabs.setCurrentIndex(tab)

    return show


@pytest.fixture
def places(tmp_path: Path, data: OfficeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a person's folders below the test's own, and tasks of one's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr("sys.platform", "linux")
    (data.tasks / "own.py").write_text(TASKS)


@pytest.mark.usefixtures("places")
def test_the_bars_the_switch_and_the_form(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        play.window.resize(1500, 900)
        await walk(play, FRAME)

    perform(scene)
