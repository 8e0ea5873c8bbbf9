"""A sheet stands at the right of its host, never blocks it, and gives the focus back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.widgets.sheet import (
    LEAST_HEIGHT,
    LEAST_WIDTH,
    PASSING,
    FootQuestion,
    Sheet,
    TwoColumnScroll,
)
from desktop.gui.kit.widgets.texts import ElidedLabel
from tests.gui.hands import press, press_twice_as_fast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def sheet(host: QWidget, themes: ThemeSource) -> Sheet:
    made = Sheet(300, host)
    made.set_title("Preview")
    return made


def test_it_is_hidden_until_it_is_opened_and_after_its_cross(sheet: Sheet, qtbot: QtBot) -> None:
    assert sheet.isHidden()
    with qtbot.assertNotEmitted(sheet.closed):
        sheet.close()
    sheet.open()
    assert sheet.isVisible()
    assert sheet.accessibleName() == "Preview"
    qtbot.mouseClick(sheet.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert sheet.isHidden()


def test_it_keeps_to_the_right_and_never_leaves_the_host(
    sheet: Sheet, host: QWidget, qtbot: QtBot
) -> None:
    sheet.open()
    for width in (800, 500, 200):
        host.resize(width, 600)
        qtbot.waitUntil(lambda: sheet.geometry().right() == host.rect().right())
        assert sheet.geometry().left() >= 0
        assert sheet.height() == host.height()
    host.resize(340, 600)  # what is left would be a strip of cut words
    qtbot.waitUntil(lambda: sheet.width() == host.width())


def test_it_begins_beside_the_form_where_it_would_cut_through_it(
    host: QWidget, themes: ThemeSource
) -> None:
    px = themes.theme.px
    sheet = Sheet(600, host, least=400)
    sheet.beside = form = QWidget(host)
    form.resize(px(300), 600)
    form.show()
    sheet.open()
    for width, left in ((1000, 400), (850, 300), (650, 0)):
        host.resize(px(width), 600)
        assert sheet.x() == pytest.approx(px(left), abs=1)
    host.resize(px(850), 600)
    sheet.close()
    form.hide()
    sheet.open()
    assert sheet.x() == pytest.approx(px(250), abs=1)


def test_the_focus_comes_and_goes_back(sheet: Sheet, host: QWidget, qtbot: QtBot) -> None:
    typing = QLineEdit(host)
    typing.show()
    typing.setFocus()
    sheet.open()
    assert sheet.hasFocus()
    with qtbot.waitSignal(sheet.closed):
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is typing


@pytest.mark.parametrize("left", ["gone", "disabled", "passing"])
def test_the_focus_goes_home_when_what_had_it_cannot_have_it_again(
    sheet: Sheet, host: QWidget, left: str
) -> None:
    table, retry, button = QLineEdit(host), QPushButton(host), QPushButton(host)
    for each in (table, retry, button):
        each.show()
    sheet.home = lambda: table
    button.setFocus()
    sheet.open()
    match left:
        case "gone":
            shiboken6.delete(button)
        case "disabled":
            button.setEnabled(False)
        case _:
            button.setProperty(PASSING, True)
    sheet.close()
    assert table.hasFocus()


def test_enter_presses_the_default_button_or_the_one_that_has_the_focus(
    sheet: Sheet, qtbot: QtBot
) -> None:
    save, skip, typing = QPushButton("Save"), QPushButton("Skip"), QLineEdit()
    pressed: list[str] = []
    for button in (save, skip):
        button.clicked.connect(lambda _=False, button=button: pressed.append(button.text()))
        sheet.foot.addWidget(button)
    sheet.body.addWidget(typing)
    sheet.open()
    qtbot.keyClick(typing, Qt.Key.Key_Return)
    assert pressed == []
    sheet.set_default(save)
    for place, key in ((typing, Qt.Key.Key_Return), (typing, Qt.Key.Key_Enter)):
        qtbot.keyClick(place, key)
    skip.setFocus()
    qtbot.keyClick(skip, Qt.Key.Key_Return)
    assert pressed == ["Save", "Save", "Skip"]


def test_a_title_that_is_too_long_is_cut_before_the_cross_and_has_a_tip(sheet: Sheet) -> None:
    whole = "Run Yearly statement of everything that anyone ever booked"
    sheet.set_title(whole)
    sheet.open()
    title = sheet.findChild(ElidedLabel)
    assert title is not None
    title.grab()
    assert title.geometry().right() < sheet.width()
    assert whole in title.toolTip()


CONTENT = 300


def half(*parts: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        column.addWidget(part)
    return made


@pytest.fixture
def halves(qtbot: QtBot, themes: ThemeSource) -> TwoColumnScroll:
    wide = QLabel("left")
    wide.setMinimumWidth(CONTENT)
    content = half(wide)
    left = QScrollArea(widgetResizable=True)
    left.setWidget(content)
    made = TwoColumnScroll(left, half(QLabel("right"), QLineEdit()), (1, 2), "Width")
    qtbot.addWidget(made)
    made.resize(1000, 250)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def place_of_second(halves: TwoColumnScroll) -> QPoint:
    line = halves.widget()
    assert isinstance(line, QSplitter)
    second = line.widget(1)
    assert second is not None
    return second.pos()


def is_in_sight(halves: TwoColumnScroll, field: QWidget) -> bool:
    return halves.viewport().rect().contains(field.mapTo(halves.viewport(), QPoint(0, 0)))


def test_halves_go_below_each_other_before_one_is_too_narrow(
    halves: TwoColumnScroll, themes: ThemeSource, qtbot: QtBot
) -> None:
    least = themes.theme.px(LEAST_WIDTH)
    for width in (1000, CONTENT + least + 40, CONTENT + least - 1, CONTENT, 1000):
        halves.resize(width, 250)
        assert halves.is_below == (width < CONTENT + least)
        qtbot.waitUntil(lambda: (place_of_second(halves).y() > 0) == halves.is_below)
        if not halves.is_below:
            qtbot.waitUntil(
                lambda: CONTENT <= place_of_second(halves).x() <= halves.width() - least
            )


def test_below_each_other_each_has_its_height_and_the_focus_comes_into_sight(
    halves: TwoColumnScroll, themes: ThemeSource, qtbot: QtBot
) -> None:
    halves.resize(CONTENT + 100, 250)
    qtbot.waitUntil(lambda: place_of_second(halves).y() >= themes.theme.px(LEAST_HEIGHT))
    field = halves.findChild(QLineEdit)
    assert field is not None
    assert not is_in_sight(halves, field)
    field.setFocus()
    qtbot.waitUntil(lambda: is_in_sight(halves, field))


def test_beside_each_other_in_a_low_window_nothing_is_cut(
    halves: TwoColumnScroll, qtbot: QtBot
) -> None:
    (text,) = (each for each in halves.findChildren(QLabel) if each.text() == "right")
    text.setWordWrap(True)
    text.setText("This text wraps into many lines. " * 20)
    for width in (1000, 790, 700):
        halves.resize(width, 80)
        qtbot.waitUntil(lambda: text.height() >= text.heightForWidth(text.width()))
        assert not halves.horizontalScrollBar().isVisible()
    (field,) = halves.findChildren(QLineEdit)
    halves.resize(1000, 80)
    assert not halves.is_below
    assert not is_in_sight(halves, field)
    field.setFocus()
    qtbot.waitUntil(lambda: is_in_sight(halves, field))


def test_what_is_typed_in_stays_in_sight_when_the_height_shrinks(
    halves: TwoColumnScroll, qtbot: QtBot
) -> None:
    (field,) = halves.findChildren(QLineEdit)
    halves.resize(CONTENT, 400)
    qtbot.waitUntil(lambda: place_of_second(halves).y() > 0)
    field.setFocus()
    qtbot.waitUntil(lambda: is_in_sight(halves, field))
    halves.resize(CONTENT, 120)
    end = field.rect().bottomLeft()
    room = halves.viewport().rect()
    qtbot.waitUntil(lambda: room.contains(field.mapTo(halves.viewport(), end)))
    assert is_in_sight(halves, field)


def test_the_second_press_of_a_double_click_answers_no_question_that_follows(
    qtbot: QtBot, host: QWidget, sheet: Sheet
) -> None:
    question, answered = FootQuestion(QWidget(host)), list[str]()
    sheet.foot.addWidget(question)
    sheet.open()
    following = [("Keep it", None), ("Go back", lambda: answered.append("back"))]
    question.ask_about_changes(lambda: None, lambda: question.ask("Go back?", following))
    press(question.buttons[-1])
    qtbot.waitUntil(question.isVisible)
    press_twice_as_fast(question.buttons[-1])
    assert answered == []
    press(question.buttons[-1])
    assert answered == ["back"]


def test_a_question_ends_though_where_the_focus_came_from_is_gone(
    qtbot: QtBot, host: QWidget, sheet: Sheet
) -> None:
    question, origin = FootQuestion(QWidget(host)), QLineEdit(host)
    sheet.foot.addWidget(question)
    sheet.open()
    origin.show()
    origin.setFocus()
    qtbot.waitUntil(origin.hasFocus)
    question.ask("Go back?", [("Keep it", None)])
    shiboken6.delete(origin)
    question.end()
    assert question.isHidden()
