"""A file that did not reach its template is named until the person decides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.client.calls.templates import TemplateCalls
from desktop.client.drafts import Typed
from desktop.client.errors import BackendGone
from desktop.gui.actions.unfinished_typing import ATTACHMENTS
from desktop.gui.frame.notices.notice_bar import NoticeBar
from desktop.gui.template.template_sheet import TemplateSheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

FEES = {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}}


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    made = [tmp_path / name for name in ("plan.pdf", "map.pdf")]
    for each in made:
        each.write_bytes(b"%PDF")
    return [str(each) for each in made]


async def opened(play: Play) -> TemplateSheet:
    play.program.actions.open_templates("Fees")
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: (sheet.editor.saved or {}).get("name") == "Fees")
    return sheet


def buttons(sheet: TemplateSheet) -> dict[str, QPushButton]:
    found = sheet.form.attachments.findChildren(QPushButton)
    return {each.accessibleName() or each.text(): each for each in found if each.isVisible()}


def test_what_a_lost_backend_did_not_take_is_named_and_can_be_attached_again(
    perform: Callable[[Scene], None],
    data: DataFolder,
    files: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = data.drafts / Typed.ATTACHMENTS

    def cut_off(_: object, _name: str, path: Path) -> Any:
        assert path.name in kept.read_text()  # the window may be killed at any moment
        raise BackendGone

    async def attach_them(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        with monkeypatch.context() as broken:
            broken.setattr(TemplateCalls, "attach", cut_off)
            sheet.form.attachments.attach_chosen.emit(files)
            await play.until(lambda: "Leave map.pdf out" in buttons(sheet))
        sheet.foot_row.save.click()
        words = "plan.pdf was not added. Attach it again, or leave it out."
        assert sheet.form.attachments.words.text() == words
        buttons(sheet)["Attach plan.pdf again"].click()
        await play.until(lambda: "Remove plan.pdf" in buttons(sheet))
        assert "Attach map.pdf again" in buttons(sheet)
        sheet.close()
        assert sheet.isHidden()  # nothing else is changed

    async def decide(play: Play) -> None:
        bars = play.window.notices
        await play.until(lambda: ATTACHMENTS in bars.names())
        said = "Check the attachments of the template “Fees”: map.pdf may be missing."
        assert bars.text(ATTACHMENTS) == said
        press(bars, "Continue")
        (sheet,) = play.window.findChildren(TemplateSheet)
        await play.until(lambda: "Leave map.pdf out" in buttons(sheet))
        assert ATTACHMENTS not in bars.names()
        buttons(sheet)["Leave map.pdf out"].click()
        await play.until(lambda: not kept.exists())
        await play.until(lambda: buttons(sheet).keys() == {"Remove plan.pdf", "Attach…"})
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)

    perform(attach_them)
    perform(decide)


def test_a_file_whose_answer_was_lost_is_not_called_missing(
    perform: Callable[[Scene], None],
    data: DataFolder,
    files: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attach = TemplateCalls.attach

    def lose_answer(calls: TemplateCalls, name: str, path: Path) -> Any:
        attach(calls, name, path)
        raise BackendGone

    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        monkeypatch.setattr(TemplateCalls, "attach", lose_answer)
        sheet.form.attachments.attach_chosen.emit(files[:1])
        await play.until(lambda: "Remove plan.pdf" in buttons(sheet))
        await play.until(lambda: not (data.drafts / Typed.ATTACHMENTS).exists())

    perform(scene)


def test_a_file_that_cannot_be_read_is_named(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        sheet.form.attachments.attach_chosen.emit([str(tmp_path / "gone.pdf")])
        await play.until(lambda: "Leave gone.pdf out" in buttons(sheet))
        words = sheet.form.attachments.words.text()
        assert words == "gone.pdf: No such file or directory."

    perform(scene)


def press(bars: NoticeBar, word: str) -> None:
    found = [each for each in bars.findChildren(QPushButton) if each.text() == word]
    found[0].click()
