"""The log and the tracebacks of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.tasks.detail.attempts import LogPage
from tests.gui.tasks.table.task_source import stamp

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


LEVELS = ("info", "warning", "error")
LINES: list[Any] = [
    {"at": stamp(n), "attempt": 1, "level": LEVELS[n % 3], "text": f"Order {n} [x]"}
    for n in range(60)
]


@pytest.fixture
def page(qtbot: QtBot, themes: ThemeSource) -> LogPage:
    made = LogPage()
    qtbot.addWidget(made)
    made.resize(700, 220)
    made.show()
    made.log.show_log(1, LINES)
    return made


def shown(page: LogPage) -> list[str]:
    text = page.log.toPlainText()
    return [line.split("  ", 2)[2].split(": ")[-1] for line in text.splitlines()]


def test_the_level_of_a_line_is_a_word_as_well(page: LogPage) -> None:
    first = [line.split("  ", 2)[2] for line in page.log.toPlainText().splitlines()[:3]]
    assert first == ["Order 0 [x]", "warning: Order 1 [x]", "error: Order 2 [x]"]


def test_it_is_searched(qtbot: QtBot, page: LogPage) -> None:
    assert len(shown(page)) == 60
    qtbot.keyClicks(page.search, "oRDER 5")
    assert shown(page) == [f"Order {n} [x]" for n in (5, *range(50, 60))]
    again: Any = {**LINES[2], "text": "order 5 again"}
    page.log.show_log(1, [*LINES, again, LINES[1]])
    assert shown(page)[-1] == "order 5 again"
    page.search.clear()
    qtbot.keyClicks(page.search, "[y]")
    assert shown(page) == []


def test_it_follows_its_end_until_the_person_scrolls_away(page: LogPage) -> None:
    bar = page.log.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    more = [*LINES, *LINES]
    page.log.show_log(1, more)
    assert bar.value() == bar.maximum()
    bar.setValue(3)
    more = [*more, *LINES]
    page.log.show_log(1, more)
    assert bar.value() == 3
    bar.setValue(bar.maximum())
    page.log.show_log(1, [*more, *LINES])
    assert bar.value() == bar.maximum()
    bar.setValue(3)
    page.log.show_log(2, LINES)
    assert bar.value() == bar.maximum()
