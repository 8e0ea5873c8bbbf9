"""What is typed into a template is kept as it is typed, and the next window leads back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from desktop.client.drafts import Typed
from desktop.gui.frame.drafts import CONTINUE
from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.templates.editing import UNSAVED_BAR
from desktop.gui.templates.template_sheet import TemplateSheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.kit.widgets.sheet import Sheet
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

SheetT = TypeVar("SheetT", bound="Sheet")


async def opened(play: Play, kind: type[SheetT]) -> SheetT:
    await play.until(lambda: any(each.isVisible() for each in play.window.findChildren(kind)))
    (sheet,) = play.window.findChildren(kind)
    return sheet


def go_on(play: Play, bar: str) -> None:
    play.window.notices.action_chosen.emit(bar, CONTINUE)


def test_a_template_that_was_not_saved_is_pointed_to(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    kept = data.drafts / Typed.TEMPLATES

    async def editor(play: Play) -> TemplateSheet:
        sheet = await opened(play, TemplateSheet)
        await play.until(lambda: sheet.editor.saved is not None)
        return sheet

    async def type_it(play: Play) -> None:
        play.program.rooms.templates.open()
        sheet = await editor(play)
        sheet.form.texts["subject"].setPlainText("Tonight")
        await play.until(lambda: kept.exists() and "Tonight" in kept.read_text())

    async def find_it(play: Play) -> None:
        await play.until(lambda: UNSAVED_BAR in play.window.notices.names())
        words = play.window.notices.text(UNSAVED_BAR)
        assert words == "Your changes to the template “confirmation” are not saved yet."
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
