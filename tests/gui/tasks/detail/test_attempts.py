"""The log and the tracebacks of a task."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt

from desktop.gui.tasks.detail.attempts import Frames, LogPage, folded
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


def test_it_follows_its_end_until_the_person_scrolls_away(qtbot: QtBot, page: LogPage) -> None:
    bar = page.log.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    more = [*LINES, *LINES]
    page.log.show_log(1, more)
    assert bar.value() == bar.maximum()
    bar.setValue(3)
    assert not page.follow.isChecked()
    page.log.show_log(1, [*more, *LINES])
    assert bar.value() == 3
    qtbot.mouseClick(page.follow, Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    assert bar.value() == bar.maximum()
    bar.setValue(3)
    page.log.show_log(2, LINES)
    assert page.follow.isChecked()
    assert bar.value() == bar.maximum()


def read() -> None:
    try:
        json.loads("{x")
    except ValueError as error:
        raise RuntimeError("the file is broken") from error


def bad() -> str:
    try:
        read()
    except RuntimeError as error:
        error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
        return "".join(traceback.format_exception(error))
    return ""


def test_calls_of_libraries_are_counted_and_own_lines_stay() -> None:
    trace = bad()
    parts = folded(trace)
    (frames,) = [part for part in parts if isinstance(part, Frames)]
    assert frames.count == trace.count("/json/") > 1
    own = [part for part in parts if isinstance(part, str)]
    assert [line for line in own if "File" in line and "/json/" in line] == []
    assert own[-1] == "RuntimeError: the file is broken"
    assert any(line.startswith("json.decoder.JSONDecodeError: ") for line in own)
    assert sum(__file__ in line for line in own) == 2
    assert '    json.loads("{x")' in own


def test_a_folder_whose_name_only_begins_alike_is_not_the_tasks_own() -> None:
    library = "/srv/shop-env/lib/python3.12/site-packages/httpx.py"
    lines = [
        *("Traceback (most recent call last):", '  File "/srv/shop/tasks.py", line 3, in send'),
        *(f'  File "{library}", line 9, in get', "Gone: 410"),
    ]
    assert folded("\n".join(lines)) == [*lines[:2], Frames(1), "Gone: 410"]


def test_a_task_of_a_package_is_its_own_and_a_text_without_calls_stays() -> None:
    home = "C:\\Python312\\Lib\\site-packages\\shop\\tasks.py"
    other = "C:\\Python312\\Lib\\site-packages\\httpx\\client.py"
    begin = "Traceback (most recent call last):"
    lines = [
        *(begin, f'  File "{home}", line 3, in send', "    get()"),
        *(f'  File "{other}", line 9, in get', "    raise Gone", "    ^^^^^", "Gone: 410"),
    ]
    assert folded("\n".join(lines)) == [*lines[:3], Frames(1), "Gone: 410"]
    assert folded("The process ended with 9.\n  | a group") == [
        *("The process ended with 9.", "  | a group"),
    ]
