"""Each button of the window's own places is clicked in the real program and does what it says.

A button without a line in these tables fails, as does a line whose button is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from desktop.gui.tasks.filters import FILTERS, IN_ROW, MOST_IN_ROW
from tests.gui.clicks.walks import DIALOG, POPUP, Leads, Place, close_dialogs, dialog, walk

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desktop.gui.items.form.form_parts import FormSnapshot
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


def chip(name: str) -> Leads:
    return Leads(
        lambda play: play.window.page.chips.chips[name].isChecked(),
        lambda play: play.window.page.chips.choose("done" if name == "all" else "all"),
        lambda play: play.window.page.chips.choose("all"),
    )


def rows_grow(play: Play) -> bool:
    return play.model.rowCount() > int(play.window.property("rows") or 0)


def count_rows(play: Play) -> None:
    play.window.setProperty("rows", play.model.rowCount())


async def frame(play: Play) -> None:
    """Show the tasks, with something typed in the form."""
    close_dialogs(play)
    play.window.places.leave()
    play.window.places.go_home()
    play.window.desk.show_page(play.window.form)
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
        form: FormSnapshot = {"number": "", "values": values, "tasks": tasks}
        if play.window.property("rows") is not None:  # the first one is submitted
            form["send_at"] = "2090-01-01T00:00:00.000Z"
        play.window.form.restore(form)


def parts_beside(play: Play) -> tuple[QWidget, ...]:
    window = play.window
    views = (window.page.detail, window.items.card, window.batches.card)
    return (*views, window.notes.line, *window.dialogs.made)


MORE: Final = "More: " + ", ".join(
    f"{each.title}, #"
    for name, each in FILTERS.items()
    if name not in {"all", *IN_ROW[:MOST_IN_ROW]}
)


FRAME: Final = Place(
    frame,
    lambda play: play.window,
    {
        "Set up real sending": dialog("MailSettingsDialog"),
        "Import…": DIALOG,
        "Choose a spreadsheet…": DIALOG,
        "Try with three examples": Leads(lambda play: play.window.places.shown),
        "Narrow the search": POPUP,
        "Settings": POPUP,
        **{FILTERS[name].title: chip(name) for name in ("all", *IN_ROW[:MOST_IN_ROW])},
        MORE: POPUP,
        "no. #": Leads(lambda play: play.window.form.number.isVisible()),
        "Keep “Title” for the next item": Leads(
            lambda play: play.window.form.pins["title"].isChecked()
        ),
        "Cc…": Leads(lambda play: play.window.form.fields["cc"].isVisible()),
        "Attach…": DIALOG,
        "Edit…": Leads(
            lambda play: play.window.places.shown,
            end=lambda play: play.window.places.go_home(),
        ),
        "More actions": POPUP,
        "Later": Leads(lambda play: play.window.form.send_at.moment()),
        "Calendar": POPUP,
        "Remove the time": Leads(lambda play: not play.window.form.send_at.moment()),
        "Submit": Leads(rows_grow, count_rows),
        "Plan": Leads(rows_grow, count_rows),
    },
    parts_beside,
)


def offers_undo(play: Play) -> bool:
    front = play.window.notes.front
    return front is not None and front.offers_undo


async def form_is_cleared(play: Play) -> None:
    """Show the note that the form was cleared."""
    if not play.notes():
        await frame(play)
        play.window.form.clear_action.trigger()


NOTES: Final = Place(
    form_is_cleared,
    lambda play: play.window.notes.line,
    {"Undo": Leads(lambda play: not offers_undo(play))},
)


@pytest.fixture
def places(tmp_path: Path, data: OfficeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a person's folders below the test's own, and tasks of one's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr("sys.platform", "linux")
    (data.tasks / "own.py").write_text(TASKS)


@pytest.mark.usefixtures("places")
def test_the_bars_the_switch_and_the_form(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        play.window.halves.restoreState(b"800.0")  # room for all filters
        play.window.resize(1500, 900)
        await walk(play, NOTES)
        await walk(play, FRAME)

    perform(scene)
