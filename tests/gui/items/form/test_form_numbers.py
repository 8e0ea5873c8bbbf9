"""The number of an item: proposed, typed by hand, or taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.kit.widgets.buttons import Link
from tests.gui.items.form.test_item_form import NAME, fill, problem

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_number_typed_by_hand_is_asked_for(
    form: ItemForm, qtbot: QtBot, submitted: list[Any]
) -> None:
    fill(form)
    form.number.editor.selectAll()
    qtbot.keyClicks(form.number.editor, "1300")
    form.submit()
    assert submitted[0][0] == 1300


def test_the_proposed_number_typed_again_is_still_a_proposal(
    form: ItemForm, qtbot: QtBot, submitted: list[Any]
) -> None:
    fill(form)
    form.number.editor.selectAll()
    qtbot.keyClicks(form.number.editor, "1211")
    form.submit()
    assert submitted[0][0] is None


def test_a_new_proposal_leaves_a_number_typed_by_hand(form: ItemForm, qtbot: QtBot) -> None:
    form.propose(1212)
    assert form.number.text() == "1212"
    qtbot.keyClicks(form.number.editor, "0")
    form.propose(1213)
    assert form.number.text() == "12120"


def test_a_taken_number_offers_the_next_free_one(
    form: ItemForm, qtbot: QtBot, submitted: list[Any]
) -> None:
    fill(form)
    form.number.editor.selectAll()
    qtbot.keyClicks(form.number.editor, "1207")
    form.submit()
    form.propose(1212)
    form.show_problem(problem(409, "Item 1207 is there with other content."))
    assert form.number.error == "Item 1207 is there with other content."
    link = form.number.message.findChild(Link)
    assert link is not None
    assert link.text() == "Use 1212"
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert form.number.text() == "1212"
    assert form.number.error == ""
    form.submit()
    assert [number for number, _ in submitted] == [1207, None]


def test_the_number_is_shown_that_the_item_will_get_or_none(
    form: ItemForm, qtbot: QtBot, submitted: list[Any]
) -> None:
    """While a batch took the next ones, the form kept the number it had."""
    fill(form)
    qtbot.keyClicks(form.fields[NAME].editor, "I")
    form.propose(None)
    assert form.number.text() == ""
    form.submit()
    assert [number for number, _ in submitted] == [None]
    form.propose(1300)
    assert form.number.text() == "1300"
    form.propose(1299)  # an item was taken back
    assert form.number.text() == "1299"


def test_the_number_does_not_move_under_the_cursor(form: ItemForm, qtbot: QtBot) -> None:
    editor = form.number.editor
    assert isinstance(editor, QLineEdit)
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    editor.selectAll()
    form.propose(1300)
    assert editor.selectedText() == "1211"
    qtbot.keyClicks(editor, "7")
    assert form.number.number() == 7
