"""The person whose values the letter shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from desktop.gui.templates.letter_reader import LetterReader
from tests.gui.hands import pick

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.items import Item
    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def reader(qtbot: QtBot, themes: ThemeSource) -> LetterReader:
    made = LetterReader()
    qtbot.addWidget(made)
    return made


def items(*titles: str) -> list[Item]:
    """Items with these titles, the newest first."""
    numbered = ({"item_id": number, "title": title} for number, title in enumerate(titles, 1))
    return cast("list[Item]", [*numbered][::-1])


def test_items_that_come_late_ask_for_the_message_of_the_one_they_show(
    reader: LetterReader,
) -> None:
    asked: list[dict[str, int]] = []
    reader.reader_changed.connect(lambda: asked.append(reader.subject))
    assert (reader.currentText(), reader.subject) == ("as an example", {})
    reader.show_items(items("A", "B"), 1)
    reader.show_items(items("A", "B"), None)
    assert asked == [{"item_id": 1}]
    assert reader.currentText() == "as A"
    reader.show_items(items("A", "B"), 2)
    pick(reader, "1")
    assert asked == [{"item_id": 1}, {"item_id": 2}, {"item_id": 1}]


def test_two_of_one_name_are_told_apart_by_their_numbers(reader: LetterReader) -> None:
    reader.show_items(items("A", "A", ""), None)
    words = [reader.itemText(at) for at in range(reader.count())]
    assert words[:3] == ["as item 3", "as A item 2", "as A item 1"]
