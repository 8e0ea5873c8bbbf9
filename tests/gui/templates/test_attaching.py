"""Files chosen for a template are attached when it is saved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.gui.frame.drafts import CONTINUE
from desktop.gui.templates.editing import UNSAVED_BAR
from desktop.gui.templates.template_sheet import TemplateSheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

FEES = {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    made = tmp_path / "plan.pdf"
    made.write_bytes(b"%PDF")
    return made


async def opened(play: Play, name: str = "Fees") -> TemplateSheet:
    play.program.rooms.templates.open(name)
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: (sheet.editor.saved or {}).get("name") == name)
    return sheet


def buttons(sheet: TemplateSheet) -> dict[str, QPushButton]:
    found = sheet.form.attachments.findChildren(QPushButton)
    return {each.accessibleName() or each.text(): each for each in found if each.isVisible()}


def names(play: Play, template: str = "Fees") -> list[str]:
    return [each["file"] for each in play.api.templates.one(template)["attachments"]]


def test_cancel_takes_back_what_was_attached(
    perform: Callable[[Scene], None], data: DataFolder, plan: Path
) -> None:
    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        sheet.form.attachments.add([str(plan)])
        await play.until(lambda: "plan.pdf" in _addresses(sheet))
        sheet.foot_row.cancel.click()
        sheet.question.buttons[1].click()
        assert sheet.isHidden()
        assert names(play) == []
        assert not (data.templates / "attachments").exists()

    perform(scene)


def test_a_save_attaches_the_files_also_those_of_a_copy(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path, plan: Path
) -> None:
    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        sheet.form.attachments.add([str(plan)])
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)
        assert names(play) == ["plan.pdf"]
        other = tmp_path / "other" / "plan.pdf"
        other.parent.mkdir()
        other.write_bytes(b"another")
        await opened(play)
        sheet.name.copy_button.click()
        sheet.form.attachments.add([str(other)])
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)
        assert names(play, "Fees 2") == ["plan.pdf"]
        kept = data.templates / "attachments"
        assert (kept / "Fees" / "plan.pdf").read_bytes() == b"%PDF"
        assert (kept / "Fees 2" / "plan.pdf").read_bytes() == b"another"

    perform(scene)


def test_what_was_attached_and_not_saved_is_there_in_the_next_window(
    perform: Callable[[Scene], None], data: DataFolder, plan: Path
) -> None:
    kept = data.drafts / "templates.json"

    async def attach(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        sheet.form.attachments.add([str(plan)])
        await play.until(lambda: kept.exists() and '"files": {"plan.pdf"' in kept.read_text())

    async def go_on(play: Play) -> None:
        await play.until(lambda: UNSAVED_BAR in play.window.notices.names())
        play.window.notices.action_chosen.emit(UNSAVED_BAR, CONTINUE)
        await play.until(lambda: play.window.findChildren(TemplateSheet))
        (sheet,) = play.window.findChildren(TemplateSheet)
        await play.until(lambda: "Remove plan.pdf" in buttons(sheet))
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)
        assert (data.templates / "attachments" / "Fees" / "plan.pdf").read_bytes() == b"%PDF"
        await play.until(lambda: not kept.exists())

    perform(attach)
    perform(go_on)


@pytest.mark.parametrize(
    ("name", "why"), [("a|b.pdf", "A file's name cannot have"), ("gone.pdf", "No such file")]
)
def test_a_save_that_cannot_attach_a_file_says_which(
    perform: Callable[[Scene], None], tmp_path: Path, name: str, why: str
) -> None:
    chosen = tmp_path / name
    chosen.write_bytes(b"%PDF")

    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        files = sheet.form.attachments
        files.add([str(chosen)])
        if name == "gone.pdf":
            await asyncio.to_thread(chosen.unlink)
        sheet.foot_row.save.click()
        said = f"“{name}” is not attached. {why}"
        await play.until(lambda: files.words.text().startswith(said))
        assert (names(play), sheet.has_changes()) == ([], True)
        sheet.discard()

    perform(scene)


def _addresses(sheet: TemplateSheet) -> str:
    return sheet.preview._addresses.text()
