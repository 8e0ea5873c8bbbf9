"""Each button of the import sheet is clicked in the real program and does what it says.

A button without a line in these tables fails, as does a line whose button is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.gui.clicks.walks import POPUP, Leads, Place, opened, said, sheet, shut, the, walk
from tests.gui.hands import press
from tests.gui.importing.dropping import checked, drop, members

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.play import Perform, Play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def importing(play: Play) -> Any:
    return the(play, "ImportSheet")


def checked_chip(number: int) -> Leads:
    return Leads(
        lambda play: importing(play).rows.chips[number].isChecked(),
        lambda play: importing(play).rows.chips[number - 1 or 2].click(),
        lambda play: importing(play).rows.chips[0].click(),
    )


IMPORT_LINES: Final = {
    "Needs a look": checked_chip(1),
    "Ready": checked_chip(2),
    "All": checked_chip(0),
    "Change how the file is read": Leads(
        lambda play: importing(play).source.read_as.header.isVisible()
    ),
    "Ort": Leads(
        lambda play: importing(play).source.columns()["Ort"] is None,
        end=lambda play: importing(play).source.columns_form.ticks["Ort"].click(),
    ),
    "Edit…": sheet("TemplateSheet"),
    "Send later…": Leads(lambda play: importing(play).source.sending.moment.moment()),
    "Calendar": POPUP,
    "Remove the time": Leads(lambda play: not importing(play).source.sending.moment.moment()),
    "Send row # to me": Leads(lambda play: "The message goes to" in said(play)),
    "Close": shut("ImportSheet"),
    "Send #": shut("ImportSheet"),
}


def checked_rows(play: Play) -> int:
    batch = importing(play).batch
    return int(batch["counts"]["ready"]) if batch else 0


def test_the_import_sheet(perform: Perform, tmp_path: Path) -> None:
    path = members(
        tmp_path,
        "Ada;ada@example.org;Opera;Wien",
        "Bo;bo@example,org;Opera;Ulm",
        "Cy;cy@@x;Opera;Bonn",
    )

    async def show_import(play: Play) -> None:
        if "ImportSheet" not in opened(play):
            drop(play, path)
            await play.until(lambda: checked(importing(play), 3))
            await play.until(lambda: importing(play).rows.model.rowCount())

    async def scene(play: Play) -> None:
        play.window.resize(1500, 1000)
        press(play.window.top_bar.pause.button)
        await show_import(play)
        importing(play).card.editor.setText("bo@example.org")
        press(importing(play).card.save)
        await play.until(lambda: checked_rows(play) == 2)
        await walk(play, Place(show_import, importing, IMPORT_LINES))

    perform(scene)
