"""The letterhead in the editor: an entry of the list, with a logo of any picture."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QColor, QImage, QImageWriter

from desktop.gui.kit.words.table import say
from desktop.gui.templates.letterhead_form import LETTERHEAD, NotAPicture, colours_of, logo_of
from desktop.gui.templates.older_messages import HEAD as HEAD_CASE
from desktop.gui.templates.older_messages import OlderMessages
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused
from tests.gui.templates.conftest import choose, is_saved, opened, template

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.templates.letters_place import LettersPlace
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
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]]
) -> None:
    with qtbot.waitSignal(letters.template_wanted) as wanted:
        choose(letters, LETTERHEAD)
    assert wanted.args == [LETTERHEAD]
    letters.show_template(letterhead())
    head = letters.editor.head
    assert (head.isVisible(), letters.form.isVisible(), letters.name.copy.isEnabled()) == (
        True, False, False,
    )  # fmt: skip
    with qtbot.waitSignal(letters.preview_wanted) as shown:
        qtbot.keyClicks(head.fields["line"].editor, "since 1952")
    assert shown.args[0]["letterhead"]["line"] == "since 1952"
    assert letters.editor.paper.second.text() == "since 1952"
    letters.save.click()
    (asked,) = saved
    assert (asked["name"], asked["parts"]) == (LETTERHEAD, {**HEAD, "line": "since 1952"})
    letters.show_template(template())
    assert (head.isVisible(), letters.form.isVisible()) == (False, True)


def test_letters_are_written_within_it_and_other_texts_are_not(letters: LettersPlace) -> None:
    paper, parts = letters.editor.paper, template()["parts"]
    letters.editor.show_letterhead({**HEAD, "signature": "**Ada** & Co\nOffice"})
    letters.show_template(template(parts={**parts, "format": "markdown"}))
    assert (paper.name.text(), paper.name.isVisible()) == ("TC", True)
    assert paper.signature.text() == "<b>Ada</b> &amp; Co<br>Office"
    letters.show_template(template())
    assert [paper.name.isVisible(), paper.signature.isVisible()] == [False, False]
    letters.form.tools.become.click()
    assert paper.name.isVisible()


def test_an_error_stands_at_its_field(letters: LettersPlace, saved: list[dict[str, Any]]) -> None:
    letters.show_template(letterhead())
    head = letters.editor.head
    head.fields["colour"].set_text(" #0b6b57 ")
    head.edited.emit()
    letters.save.click()
    assert saved[0]["parts"]["colour"] == "#0b6b57"
    head.fields["colour"].set_text("green")
    assert (head.check(), head.fields["colour"].error[:12]) == (False, "A colour is ")
    wrong = [{"path": each, "message": each} for each in ("colour", "name", "logo")]
    letters.show_failure(
        Refused({"type": "", "title": "", "status": 422, "detail": "", "errors": wrong})  # type: ignore[typeddict-item]
    )
    assert [head.fields[each].error for each in ("colour", "name")] == ["colour", "name"]
    assert head.error.text() == "logo"


def test_the_colours_of_the_logo_are_offered_first(letters: LettersPlace) -> None:
    letters.show_template(letterhead())
    head = letters.editor.head
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
        letters = await opened(play, "confirmation")
        choose(letters, LETTERHEAD)
        head = letters.editor.head
        await play.until(head.isVisible)
        head.fields["name"].replace("Tennis Club")
        picture(300).save(str(tmp_path / "logo.png"))
        head.logo_chosen.emit(str(tmp_path / "logo.png"))
        await play.until(lambda: head.parts()["logo"] is not None)
        letters.save.click()
        await play.until(lambda: is_saved(letters))
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
        letters = await opened(play, "confirmation")
        choose(letters, LETTERHEAD)
        await play.until(letters.editor.head.isVisible)
        letters.editor.head.fields["name"].replace("Tennis Club")
        letters.save.click()
        await play.until(lambda: "older_head" in play.told())
        assert "older_text" not in play.told()
        said = say("sentence", "older_head", n=1)
        assert letters.older.text().startswith(f"{said}. They are of the letter")
        choose(letters, "confirmation")
        await play.until(lambda: letters.form.isVisible() and letters.older.text().startswith(said))
        (older,) = (each for each in play.window.cases.facts if each.name == HEAD_CASE)
        play.window.cases.take_back(HEAD_CASE, "confirmation")
        OlderMessages(play.window, play.program.rooms.services)._read_again()  # after a restart
        await play.until(lambda: older in play.window.cases.facts)
        letters.use_new.click()
        await play.until(lambda: "older_head" not in play.told())
        await play.until(lambda: not letters.older.isVisible())
        assert play.api.templates.messages("confirmation")["older"] == []

    perform(act)
