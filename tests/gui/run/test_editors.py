"""The fields of arguments: hints, errors, and what is stepped by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.run.arguments import ABSENT, Argument, ArgumentChoice, ArgumentKind
from desktop.gui.run.editors import ChoiceEditor, TextEditor, TimeEditor, editor_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.mark.parametrize(
    ("example", "hint"),
    [(["a"], 'JSON, such as ["a"]'), (ABSENT, "JSON, such as 12, true or [1, 2]")],
)
def test_json_is_asked_for_by_an_example(
    qtbot: QtBot, themes: ThemeSource, example: object, hint: str
) -> None:
    editor = editor_of(Argument("x", ArgumentKind.JSON, label="X", example=example))
    assert isinstance(editor, TextEditor)
    qtbot.addWidget(editor)
    assert editor.field.editor.placeholderText() == hint
    editor.show_error(("0", "city"), "Enter a text.")
    assert editor.error == "0.city: Enter a text."


@pytest.mark.parametrize("kind", list(ArgumentKind))
@pytest.mark.parametrize("optional", [False, True])
def test_a_long_name_makes_no_form_wider(
    qtbot: QtBot, themes: ThemeSource, kind: ArgumentKind, optional: bool
) -> None:
    name = "A name that its author wrote without a thought of how wide it would become"
    choices = (ArgumentChoice(name, name), ArgumentChoice("b", "b"))
    asked = Argument("x", kind, label=name, choices=choices, optional=optional)
    editor = editor_of(asked)
    qtbot.addWidget(editor)
    editor.show()
    assert editor.minimumSizeHint().width() <= themes.theme.px(360)


def test_a_choice_that_is_to_be_made_says_so(qtbot: QtBot, themes: ThemeSource) -> None:
    choices = (ArgumentChoice("a", "a"), ArgumentChoice("b", "b"))
    editor = editor_of(Argument("x", ArgumentKind.CHOICE, label="X", choices=choices))
    assert isinstance(editor, ChoiceEditor)
    qtbot.addWidget(editor)
    assert editor.choice.placeholderText() == "Choose one"


def test_an_optional_day_may_be_left_empty(qtbot: QtBot, themes: ThemeSource) -> None:
    editor = editor_of(Argument("x", ArgumentKind.DATE, label="X", optional=True))
    assert isinstance(editor, TimeEditor)
    qtbot.addWidget(editor)
    editor.show_typed("")
    assert (editor.editor.text(), editor.check(), editor.typed()) == ("", True, "")
    editor.show_typed("2026-11-25")
    assert (editor.check(), editor.typed()) == (True, "2026-11-25")
    editor.editor.setText("soon")
    assert not editor.check()
    editor.editor.clear()
    assert (editor.check(), editor.typed()) == (True, "")


@pytest.mark.parametrize("place", ["de_DE"], indirect=True)
def test_a_number_is_typed_and_shown_as_the_system_writes_it(
    qtbot: QtBot, themes: ThemeSource, place: str
) -> None:
    editor = editor_of(Argument("x", ArgumentKind.NUMBER, least=0.5))
    assert isinstance(editor, TextEditor)
    qtbot.addWidget(editor)
    assert editor.field.editor.placeholderText() == "0,5 or more"
    editor.show_typed("1.5")
    assert editor.field.text() == "1,5"
    for typed in ("2,75", "2.75"):
        editor.field.set_text(typed)
        assert editor.check()
        assert editor.typed() == "2.75"
