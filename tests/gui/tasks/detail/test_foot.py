"""What is asked in the foot of a page: in place of its buttons, about what the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.gui.kit.widgets.field import Field
from desktop.gui.tasks.detail.desk_content import DeskAction, DeskContent, Foot, Head
from desktop.gui.tasks.detail.desk_page import DeskPage
from desktop.gui.tasks.detail.foot import FootQuestion
from sendoff_tasks.client.errors import Refused
from tests.gui.hands import press

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

pytestmark = pytest.mark.dressed
CANCEL = DeskAction("cancel", "Cancel", "ban")


class Asked(FootQuestion):
    """Asks for a word."""

    def __init__(self) -> None:
        self.field = Field("Word", lambda text: None if text else "Which word?")
        self.field.set_text("now")
        super().__init__("Change the word", "Save", "About May", {"word": self.field})
        self.word = self.field.editor


@pytest.fixture
def page(qtbot: QtBot, themes: ThemeSource) -> DeskPage:
    made = DeskPage()
    qtbot.addWidget(made)
    made.resize(840, 700)
    made.show_mode(shown("no. 7"))
    made.show()
    made.activateWindow()
    return made


def shown(number: str, name: str = "May") -> DeskContent:
    return DeskContent(Head(name, number), foot=Foot(right=(CANCEL,)))


def test_a_question_takes_the_place_of_the_buttons_and_gives_the_focus_back(
    qtbot: QtBot, page: DeskPage
) -> None:
    question, button = Asked(), page.foot.main
    button.setFocus()
    question.ask(page.foot)
    qtbot.waitUntil(question.word.hasFocus)
    assert not button.isVisible()
    answers, warned = list[str](), list[Exception]()
    question.answered.connect(lambda: answers.append(question.field.text()))
    question.field.set_text("soon")
    for _ in range(2):  # the answer is on its way
        QTest.keyClick(question.word, Qt.Key.Key_Return)
    assert answers == ["soon"]
    question.answer.has_failed(warned.append, ValueError("Not this one."))
    assert question.trouble.text() == "Not this one."
    question.field.set_text("")
    press(question.button)
    assert (len(answers), question.field.error) == (1, "Which word?")
    question.field.set_text("soon")
    press(question.button)
    assert answers == ["soon", "soon"]
    errors = [{"path": "word", "message": "Another one."}]
    problem: Any = {"status": 422, "title": "", "detail": "Wrong.", "errors": errors}
    question.answer.has_failed(warned.append, Refused(problem))
    assert (question.field.error, question.trouble.text()) == ("Another one.", "")
    QTest.keyClick(question.word, Qt.Key.Key_Escape)
    assert question.isHidden()
    assert button.hasFocus()
    assert warned == []
    question.answer.has_failed(warned.append, late := ValueError("Too late."))
    assert warned == [late]


def test_a_question_ends_with_what_it_is_about_and_not_before(qtbot: QtBot, page: DeskPage) -> None:
    question = Asked()
    question.ask(page.foot)
    qtbot.waitUntil(question.word.hasFocus)
    question.field.set_text("soon")
    page.show_mode(shown("no. 7", "May, corrected"))
    assert (question.isVisible(), question.field.text()) == (True, "soon")
    page.show_mode(shown("no. 8"))
    assert not page.foot.asks
    assert page.area.hasFocus()
    assert page.foot.isVisible()
