"""Files chosen for a template are laid ready for its edit; none is lost or attached unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.client.calls.templates import TemplateCalls
from desktop.client.errors import BackendGone, TooSlow
from desktop.gui.frame.unfinished import CONTINUE
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
        sheet.name.copy_button.click()
        sheet.form.attachments.add([str(plan)])
        await play.until(lambda: "Remove plan.pdf" in buttons(sheet))
        assert not (data.templates / "Fees 2.jinja").exists()
        await play.until(lambda: "plan.pdf" in _addresses(sheet))  # so does a test
        sheet.foot_row.cancel.click()
        sheet.question.buttons[1].click()
        assert sheet.isHidden()
        assert (names(play), play.api.templates.all()[-1]["name"]) == ([], "Fees")
        await opened(play)
        sheet.form.attachments.add([str(plan)])
        sheet.foot_row.save.click()  # it waits for the file
        await play.until(sheet.isHidden)
        assert names(play) == ["plan.pdf"]

    perform(scene)


def test_what_was_attached_and_not_saved_is_there_in_the_next_window(
    perform: Callable[[Scene], None], data: DataFolder, plan: Path
) -> None:
    kept = data.drafts / "templates.json"

    async def attach(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        sheet.form.attachments.add([str(plan)])
        await play.until(lambda: "Remove plan.pdf" in buttons(sheet))
        await play.until(lambda: kept.exists() and '"added": {"plan.pdf"' in kept.read_text())

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
    plan.unlink()  # it is laid ready
    perform(go_on)


def test_a_file_waits_for_a_backend_that_does_not_answer(
    perform: Callable[[Scene], None], plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> Any:
        raise BackendGone

    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        with monkeypatch.context() as broken:
            broken.setattr(TemplateCalls, "lay_ready", cut_off)
            sheet.form.attachments.add([str(plan)])
            await play.until(lambda: "attached once it does" in sheet.form.attachments.words.text())
        assert "Leave plan.pdf out" in buttons(sheet)
        play.kill_backend()
        await play.until(lambda: "Remove plan.pdf" in buttons(sheet))
        sheet.discard()

    perform(scene)


def test_a_file_is_sent_after_one_that_got_no_answer(
    perform: Callable[[Scene], None], plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> Any:
        raise TooSlow("It took too long.")

    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        files = sheet.form.attachments
        with monkeypatch.context() as broken:
            broken.setattr(TemplateCalls, "lay_ready", slow)
            files.add([str(plan)])
            await play.until(lambda: files.words.text() == "It took too long.")
        buttons(sheet)["Leave plan.pdf out"].click()
        files.add([str(plan)])
        await play.until(lambda: "Remove plan.pdf" in buttons(sheet))
        sheet.discard()

    perform(scene)


def test_each_file_that_is_refused_is_named(
    perform: Callable[[Scene], None], tmp_path: Path, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty, odd, huge = (tmp_path / name for name in ("empty.txt", "a|b.pdf", "huge.bin"))
    empty.touch()
    odd.write_bytes(b"%PDF")
    with huge.open("wb") as sparse:
        sparse.truncate(26 * 1024 * 1024)

    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", FEES)
        sheet = await opened(play)
        files = sheet.form.attachments
        chosen = [empty, odd, plan, huge, tmp_path / "gone.pdf"]
        files.add([str(each) for each in chosen])
        await play.until(lambda: not files.coming)
        signs = '" * / : < > ? \\ |'
        assert files.words.text().split("\n") == [
            "“empty.txt” is not attached. The file is empty.",
            f"“a|b.pdf” is not attached. A file's name cannot have {signs} or control characters.",
            "“huge.bin” is not attached. All attachments together can have 25 MiB at most.",
            "“gone.pdf” is not attached. No such file or directory.",
        ]
        await play.until(lambda: buttons(sheet).keys() == {"Remove plan.pdf", "Attach…"})
        sheet.discard()

    perform(scene)


def _addresses(sheet: TemplateSheet) -> str:
    return sheet.preview._addresses.text()
