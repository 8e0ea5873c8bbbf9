"""The letterhead in the editor: an entry of the list, with a logo of any picture."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QColor, QImage, QImageWriter

from desktop.gui.templates.letterhead_form import LETTERHEAD, NotAPicture, colours_of, logo_of
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused
from tests.gui.templates.conftest import choose, opened, template

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.templates.template_sheet import TemplateSheet
    from tests.gui.play import Perform, Play

HEAD: dict[str, Any] = {"name": "TC", "line": "", "colour": "", "signature": "", "logo": None}


def letterhead(**parts: Any) -> dict[str, Any]:
    none: dict[str, list[Any]] = {"attachments": [], "fields": [], "versions": []}
    kind = {"name": LETTERHEAD, "own": False, "built_in": False}
    return {**kind, **none, "parts": {**HEAD, **parts}}


def picture(side: int, colour: str = "#0B6B57") -> QImage:
    made = QImage(side, side, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


def in_base64(image: QImage) -> str:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return b64encode(bytes(buffer.data().data())).decode()


def test_it_is_chosen_in_the_list_and_saved(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    with qtbot.waitSignal(sheet.template_wanted) as wanted:
        choose(sheet, LETTERHEAD)
    assert wanted.args == [LETTERHEAD]
    sheet.show_template(letterhead())
    head = sheet.editor.head
    assert (head.isVisible(), sheet.form.isVisible(), sheet.name.more.isVisible()) == (
        True, False, False,
    )  # fmt: skip
    with qtbot.waitSignal(sheet.preview_wanted) as shown:
        qtbot.keyClicks(head.fields["line"].editor, "since 1952")
    assert shown.args[0]["letterhead"]["line"] == "since 1952"
    assert not sheet.close()  # there is a question first
    sheet.question.end()
    sheet.foot_row.save.click()
    (asked,) = saved
    assert (asked["name"], asked["parts"]) == (LETTERHEAD, {**HEAD, "line": "since 1952"})
    sheet.show_template(template())
    assert (head.isVisible(), sheet.form.isVisible()) == (False, True)


def test_an_error_stands_at_its_field(sheet: TemplateSheet, saved: list[dict[str, Any]]) -> None:
    sheet.show_template(letterhead())
    head = sheet.editor.head
    head.fields["colour"].set_text(" #0b6b57 ")
    head.edited.emit()
    sheet.foot_row.save.click()
    assert saved[0]["parts"]["colour"] == "#0b6b57"
    head.fields["colour"].set_text("green")
    assert (head.check(), head.fields["colour"].error[:12]) == (False, "A colour is ")
    wrong = [{"path": each, "message": each} for each in ("colour", "name", "logo")]
    sheet.show_failure(
        Refused({"type": "", "title": "", "status": 422, "detail": "", "errors": wrong})  # type: ignore[typeddict-item]
    )
    assert [head.fields[each].error for each in ("colour", "name")] == ["colour", "name"]
    assert head.error.text() == "logo"


def test_the_colours_of_the_logo_are_offered_first(sheet: TemplateSheet) -> None:
    sheet.show_template(letterhead())
    head = sheet.editor.head
    head.set_logo(in_base64(picture(40, "#AA3311")))
    assert head.parts()["colour"] == head.discs[0].colour == "#AA3311"
    assert head.discs[0].isChecked()
    head.discs[1].click()
    assert head.parts()["colour"] == head.discs[1].colour
    head.remove.click()
    assert head.parts()["logo"] is None
    assert colours_of(picture(9, "#FFFFFF")) == []


@pytest.mark.parametrize("size", [(3000, 1000), (20, 10), (500, 1)])
def test_a_logo_is_made_of_any_picture(tmp_path: Path, size: tuple[int, int]) -> None:
    file = tmp_path / "logo.bmp"
    picture(10).scaled(*size).save(str(file))
    content = b64decode(logo_of(str(file)))
    made = QImage.fromData(content)
    assert max(made.width(), made.height()) == min(240, max(size))
    assert len(content) <= 64 * 1024
    (tmp_path / "no.png").write_bytes(b"no picture")
    with pytest.raises(NotAPicture):
        logo_of(str(tmp_path / "no.png"))


def test_a_noisy_picture_becomes_small_enough(tmp_path: Path) -> None:
    noisy = QImage(240, 240, QImage.Format.Format_RGB32)
    for x in range(240):
        for y in range(240):
            noisy.setPixel(x, y, hash((x * 7919, y * 104729)) & 0xFFFFFF)
    noisy.save(str(tmp_path / "noise.png"))
    assert len(b64decode(logo_of(str(tmp_path / "noise.png")))) <= 64 * 1024


def test_it_is_read_and_saved_by_the_backend(perform: Perform, tmp_path: Path) -> None:
    async def act(play: Play) -> None:
        sheet = await opened(play, "confirmation")
        choose(sheet, LETTERHEAD)
        head = sheet.editor.head
        await play.until(head.isVisible)
        head.fields["name"].replace("Tennis Club")
        picture(300).save(str(tmp_path / "logo.png"))
        head.logo_chosen.emit(str(tmp_path / "logo.png"))
        await play.until(lambda: head.parts()["logo"] is not None)
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)
        kept = play.api.templates.letterhead()
        assert (kept["name"], kept["colour"]) == ("Tennis Club", "#0B6B57")
        assert kept["logo"] == head.parts()["logo"]

    perform(act)


def test_waiting_letters_are_offered_the_new_letterhead(perform: Perform) -> None:
    async def act(play: Play) -> None:
        body: Any = {
            "title": "Concert",
            "recipient": {"name": "Ada", "email": "ada@example.org"},
            "template": "confirmation",
            "delay": 3600.0,
        }
        play.api.items.submit(None, body, new_key())
        sheet = await opened(play, "confirmation")
        choose(sheet, LETTERHEAD)
        await play.until(sheet.editor.head.isVisible)
        sheet.editor.head.fields["name"].replace("Tennis Club")
        sheet.foot_row.save.click()
        await play.until(lambda: "older_text" in play.told())
        play.choose("use_new")
        await play.until(lambda: "older_text" not in play.told())
        assert play.api.templates.messages("confirmation")["older"] == []

    perform(act)
