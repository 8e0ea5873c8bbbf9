"""Numbers are stepped within their bounds, and lists of choices are checked one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from desktop.gui.run.argument_form import editor_of
from desktop.gui.run.arguments import Argument, ArgumentChoice, ArgumentKind
from desktop.gui.run.choice_editors import ChoiceEditor, SeveralEditor
from desktop.gui.run.editors import TimeEditor
from desktop.gui.run.number_editor import NumberEditor

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


def test_a_number_is_stepped_by_keys_and_buttons(qtbot: QtBot, themes: ThemeSource) -> None:
    pages = editor_of(
        Argument("pages", ArgumentKind.WHOLE, label="Pages", least=2, most=30), themes
    )
    assert isinstance(pages, NumberEditor)
    qtbot.addWidget(pages)
    pages.dress(themes.theme)
    pages.show_typed("")
    told: list[str] = []
    pages.edited.connect(lambda: told.append(pages.typed()))
    editor = pages.field.editor
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Down):
        qtbot.keyClick(editor, key)
    qtbot.mouseClick(pages.more, Qt.MouseButton.LeftButton)
    assert told[-1] == "13"
    for _ in range(3):
        pages.step(10)
    assert pages.typed() == "30"
    assert pages.check()
    qtbot.mouseClick(pages.less, Qt.MouseButton.LeftButton)
    assert (pages.typed(), pages.more.accessibleName()) == ("29", "More: Pages")
    share = editor_of(Argument("share", ArgumentKind.NUMBER, label="Share"), themes)
    assert isinstance(share, NumberEditor)
    qtbot.addWidget(share)
    share.show_typed("0.3")
    share.step(1)
    assert share.typed() == "1.3"
    share.show_typed("much")
    share.step(-1)
    assert share.typed() == "0"


def test_a_list_of_choices_has_a_box_for_each(qtbot: QtBot, themes: ThemeSource) -> None:
    choices = tuple(ArgumentChoice(word, word) for word in ("pdf", "csv", "txt"))
    argument = Argument("kinds", ArgumentKind.SEVERAL, label="Kinds", choices=choices, shortest=1)
    kinds = editor_of(argument, themes)
    assert isinstance(kinds, SeveralEditor)
    qtbot.addWidget(kinds)
    kinds.dress(themes.theme)
    kinds.show_typed([2])
    kinds.show()
    with qtbot.waitSignal(kinds.edited):
        qtbot.mouseClick(
            kinds.boxes[0], Qt.MouseButton.LeftButton, pos=kinds.boxes[0].rect().center()
        )
    assert kinds.typed() == [0, 2]
    kinds.show_typed([])
    assert not kinds.check()
    assert kinds.error == "Choose 1 at least."


@pytest.mark.parametrize("kind", list(ArgumentKind))
@pytest.mark.parametrize("optional", [False, True])
def test_a_long_name_makes_no_form_wider(
    qtbot: QtBot, themes: ThemeSource, kind: ArgumentKind, optional: bool
) -> None:
    name = "A name that its author wrote without a thought of how wide it would become"
    choices = (ArgumentChoice(name, name), ArgumentChoice("b", "b"))
    inside = (Argument("x", ArgumentKind.LINE, label=name),)
    asked = Argument("x", kind, label=name, choices=choices, members=inside, optional=optional)
    editor = editor_of(asked, themes)
    qtbot.addWidget(editor)
    editor.dress(themes.theme)
    editor.show()
    assert editor.minimumSizeHint().width() <= themes.theme.px(360)


def test_a_choice_that_is_to_be_made_says_so(qtbot: QtBot, themes: ThemeSource) -> None:
    choices = (ArgumentChoice("a", "a"), ArgumentChoice("b", "b"))
    editor = editor_of(Argument("x", ArgumentKind.CHOICE, label="X", choices=choices), themes)
    assert isinstance(editor, ChoiceEditor)
    qtbot.addWidget(editor)
    assert editor.choice.placeholderText() == "Choose one"


@pytest.mark.parametrize("cursor", [0, 4, 10])
def test_arrows_step_the_day_where_there_is_no_time(
    qtbot: QtBot, themes: ThemeSource, cursor: int
) -> None:
    day = editor_of(Argument("day", ArgumentKind.DATE, label="Day"), themes)
    assert isinstance(day, TimeEditor)
    qtbot.addWidget(day)
    day.show_typed("2026-11-23")
    day.editor.setCursorPosition(cursor)
    qtbot.keyClick(day.editor, Qt.Key.Key_Up)
    assert day.typed() == "2026-11-24"
    qtbot.keyClick(day.editor, Qt.Key.Key_Down)
    assert day.typed() == "2026-11-23"
