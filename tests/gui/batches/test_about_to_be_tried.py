"""Messages of a batch that are about to be sent are said to be that, everywhere, until *Undo*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.client.api import new_key
from desktop.gui.batches.batch_model import BatchColumn
from desktop.gui.tasks.table.columns import PROGRESS
from desktop.gui.templates.template_sheet import TemplateSheet
from desktop.settings.preferences import Settings, WindowSettings
from tests.gui.batches.test_batch_verbs import bring, state_of
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

BAR = "held with template Fees"
LONG = Settings(window=WindowSettings(grace_seconds=600.0))


async def corrected(play: Play, tmp_path: Path) -> int:
    """Have a batch of three whose template was broken when they were to leave, and is right now."""
    fees = {"subject": "Fees", "text": "Dear {{ name }}"}
    play.api.templates.save("Fees", {"parts": fees})
    number = bring(play, tmp_path / "members.csv", 3, template="Fees")
    play.api.pause(None)
    play.api.batches.start(number, new_key())
    play.api.templates.save("Fees", {"parts": {**fees, "text": "Pay {{ fee }}"}})
    play.api.resume(None)
    await play.until(lambda: play.states() == ["waiting"] * 3)
    play.program.rooms.templates.open("Fees")
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: sheet.name.value() == "Fees")
    sheet.form.texts["text"].set_source("Dear {{ name }}")
    sheet.foot_row.save.click()
    await play.until(lambda: BAR in play.window.notices.names())
    play.window.switch.choose("batches")
    await play.until(lambda: "try_held" in play.window.batches.card.row.buttons)
    await play.until(lambda: said(play)[3:] == ["Ready to be sent"])
    return number


def said(play: Play) -> list[str]:
    """Return what card, row of the batch, and rows of the tasks say."""
    view = play.window.batches
    following = str(view.model.data(view.model.index(0, BatchColumn.NEXT)))
    rows = [play.model.row_at(place) for place in range(play.model.rowCount())]
    tasks = {play.model.cells(row)[PROGRESS] for row in rows if row is not None}
    return [
        view.card.about.text(),
        state_of(play),
        following,
        *sorted(tasks),
    ]


def send(play: Play) -> None:
    buttons = play.window.notices.bars[BAR].findChildren(QPushButton)
    next(each for each in buttons if each.text() == "Send the 3 messages").click()


def test_no_button_offers_what_was_just_pressed(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    """Card and row went on to say *ready to be sent* while *Undo* was shown."""
    save(data.settings_file, LONG)

    async def scene(play: Play) -> None:
        await corrected(play, tmp_path)
        card, notices = play.window.batches.card, play.window.notices
        before = said(play)
        assert before == [
            "3 messages are ready to be sent.",
            "Ready",
            "to be sent",
            "Ready to be sent",
        ]
        card.row.buttons["try_held"].click()
        await play.until(lambda: state_of(play) == "Waiting")
        await play.until(lambda: BAR not in notices.names())
        about = "3 messages are about to be sent. Undo leaves the batch as it was."
        assert said(play)[0].startswith(about)
        assert "ready to be sent" not in said(play)[0]
        assert said(play)[1:] == ["Waiting", "begins in a moment", "Will be tried"]
        assert "try_held" not in card.row.buttons
        card.row.buttons["undo"].click()
        await play.until(lambda: said(play) == before)
        assert BAR in notices.names()
        assert not play.program.rooms.tasks.verbs.announced
        play.program.rooms.services.grace.seconds = 0.05
        send(play)
        await play.until(lambda: play.states() == ["succeeded"] * 3)
        assert BAR not in notices.names()

    perform(scene)
