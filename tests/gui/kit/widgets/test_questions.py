"""A question calls the answer that is chosen; Enter, Escape and the cross choose none."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.gui.kit.widgets.dialog import Dialog
from desktop.gui.kit.widgets.questions import ask, ask_about_changes
from tests.gui.hands import answer, asked, press_twice_as_fast

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMessageBox, QWidget


def test_only_a_pressed_answer_is_followed(host: QWidget) -> None:
    chosen: list[str] = []
    answers = [(word, partial(chosen.append, word)) for word in ("Forget", "Forget all")]
    refusals: list[Callable[[QMessageBox], object]] = [
        lambda box: QTest.keyClick(box, Qt.Key.Key_Return),
        lambda box: QTest.keyClick(box, Qt.Key.Key_Enter),
        lambda box: QTest.keyClick(box, Qt.Key.Key_Escape),
        lambda box: box.close(),
        lambda _: answer("Keep"),
    ]
    for refuse in refusals:
        refuse(ask(host, "Forget Ada?", "Keep", *answers))
        assert asked() is None
    assert chosen == []
    for word, _ in answers:
        ask(host, "Forget Ada?", "Keep", *answers)
        answer(word)
    assert chosen == ["Forget", "Forget all"]


def test_the_second_press_of_a_double_click_answers_no_question_that_follows(host: QWidget) -> None:
    chosen: list[str] = []
    again = ("Forget", partial(chosen.append, "twice"))
    ask(host, "Forget Ada?", "Keep", ("Forget", lambda: ask(host, "Bo, too?", "Keep", again)))
    answer("Forget")
    following = asked()
    assert following is not None
    for button in following.buttons():
        press_twice_as_fast(button)
    assert (chosen, following.isVisible()) == ([], True)


def test_what_is_asked_about_the_changes_of_a_dialog_goes_with_it(host: QWidget) -> None:
    dialog, chosen = Dialog("Settings", 400, host), list[str]()
    discard, save = (partial(chosen.append, each) for each in ("discard", "save"))
    dialog.open()
    ask_about_changes(dialog, discard, save)
    dialog.close()
    assert (asked(), chosen) == (None, [])
    for word in ("Discard", "Save"):
        ask_about_changes(dialog, discard, save)
        answer(word)
    assert chosen == ["discard", "save"]
