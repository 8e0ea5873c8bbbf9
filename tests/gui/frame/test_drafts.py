"""What is typed is kept as it is typed, and the next window leads back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from PySide6.QtCore import QObject, QThreadPool

from desktop.client.drafts import DraftBox, Typed
from desktop.gui.frame.drafts import CONTINUE, TypedDrafts
from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.link.jobs import Jobs
from desktop.gui.templates.editing import UNSAVED_BAR
from desktop.gui.templates.template_sheet import TemplateSheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.widgets.sheet import Sheet
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play


@pytest.fixture
def box_jobs(qapp: object) -> Iterator[Jobs]:
    """Jobs on one thread, as those of the drafts are."""
    unhandled: list[Exception] = []
    pool = QThreadPool(maxThreadCount=1)
    jobs = Jobs(pool, unhandled.append)
    yield jobs
    jobs.cancel_all()
    pool.waitForDone()
    assert not unhandled


def test_what_is_kept_before_the_first_look_leaves_the_rest_there(
    qtbot: QtBot, tmp_path: Path, box_jobs: Jobs
) -> None:
    box, parent = DraftBox(tmp_path), QObject()
    box.save_typed(Typed.TEMPLATES, {"1": {"text": "a"}, "2": {"text": "b"}})
    drafts = TypedDrafts(Typed.TEMPLATES, box, box_jobs, parent)
    for text in ("c", "cd", "cde"):
        drafts.keep("1", {"text": text})
    drafts.keep("3", None)
    drafts.read(lambda: None)
    qtbot.waitUntil(lambda: box.load_typed(Typed.TEMPLATES).get("1") == {"text": "cde"})
    assert box.load_typed(Typed.TEMPLATES) == {"2": {"text": "b"}, "1": {"text": "cde"}}
    assert drafts.names() == ["2", "1"]
    for name in drafts.names():
        drafts.keep(name, None)
    qtbot.waitUntil(lambda: not (tmp_path / Typed.TEMPLATES).exists())


def test_a_file_that_cannot_be_read_is_put_aside(
    qtbot: QtBot, tmp_path: Path, box_jobs: Jobs
) -> None:
    (tmp_path / Typed.IMPORTS).write_text("{half")
    parent = QObject()
    drafts = TypedDrafts(Typed.IMPORTS, DraftBox(tmp_path), box_jobs, parent)
    with qtbot.waitSignal(drafts.changed):
        drafts.keep("7", {})
    qtbot.waitUntil((tmp_path / Typed.IMPORTS).exists)
    assert (tmp_path / f"{Typed.IMPORTS}.broken").read_text() == "{half"
    assert not DraftBox(tmp_path).load().broken


SheetT = TypeVar("SheetT", bound="Sheet")


async def opened(play: Play, kind: type[SheetT]) -> SheetT:
    await play.until(lambda: any(each.isVisible() for each in play.window.findChildren(kind)))
    (sheet,) = play.window.findChildren(kind)
    return sheet


def go_on(play: Play, bar: str) -> None:
    play.window.notices.action_chosen.emit(bar, CONTINUE)


def test_a_template_that_was_not_saved_is_pointed_to(perform: Perform, data: DataFolder) -> None:
    kept = data.drafts / Typed.TEMPLATES

    async def editor(play: Play) -> TemplateSheet:
        sheet = await opened(play, TemplateSheet)
        await play.until(lambda: sheet.editor.saved is not None)
        return sheet

    async def type_it(play: Play) -> None:
        play.program.rooms.templates.open()
        sheet = await editor(play)
        sheet.form.texts["subject"].setPlainText("Tonight")
        play.window.form.fields["recipient.name"].set_text("half a na")
        await play.until(lambda: kept.exists() and "Tonight" in kept.read_text())

    async def find_it(play: Play) -> None:
        await play.until(lambda: UNSAVED_BAR in play.window.notices.names())
        words = play.window.notices.text(UNSAVED_BAR)
        assert words == "Your changes to the template “confirmation” are not saved yet."
        name = play.window.form.fields["recipient.name"]
        await play.until(lambda: name.text() == "half a na")
        go_on(play, UNSAVED_BAR)
        sheet = await editor(play)
        await play.until(lambda: sheet.form.texts["subject"].source() == "Tonight")
        assert UNSAVED_BAR not in play.window.notices.names()

    async def put_it_aside(play: Play) -> None:
        await play.until(lambda: UNSAVED_BAR in play.window.notices.names())
        play.window.notices.action_chosen.emit(UNSAVED_BAR, DISMISS)
        assert UNSAVED_BAR not in play.window.notices.names()
        play.program.rooms.templates.open()
        sheet = await editor(play)
        await play.until(lambda: sheet.form.texts["subject"].source() == "Tonight")

    for scene in (type_it, find_it, put_it_aside):
        perform(scene)
