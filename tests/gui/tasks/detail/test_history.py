"""The history: its links and facts, the attempts with their tracebacks, the log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.tasks.detail.desk_content import Fact, TaskHistory
from desktop.gui.tasks.detail.facts import CAUSE, facts_of
from desktop.gui.tasks.detail.history import HistoryView
from tests.gui.tasks.detail.conftest import AT, attempt
from tests.gui.tasks.detail.scenes import NOW, read_in, row_in
from tests.gui.tasks.table.task_source import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

MESSAGE_ID = "01a1f862b07a.fde79bfd109a8ff9@example.org"
LEVELS = ("info", "warning", "error")
LINES: Any = tuple(
    {"at": stamp(n), "attempt": 1, "level": LEVELS[n % 3], "text": f"Order {n} [x]"}
    for n in range(60)
)


def facts(name: str, **detail: Any) -> dict[str, str]:
    """Return the lines of a scene by their names; without a name, by their texts."""
    found = facts_of(row_in(name), read_in(name, **detail), NOW)
    return {each.name or each.text: each.text for each in found if each.text}


def test_what_is_known_of_a_hand_over_is_said() -> None:
    handed = {"at": stamp(AT), "what": "mail to Ada <ada@example.org>", "to": "mail.example.org"}
    said = facts("uncertain", handed_over=handed, reference=f"<{MESSAGE_ID}>")
    assert said["Handed over"] == "mail to Ada <ada@example.org>"
    assert said["When"] == day_and_time(AT, NOW, seconds=True)
    assert said["Server"] == "mail.example.org"
    assert said["Message-ID"] == MESSAGE_ID
    assert "Copy Message-ID" in said
    own = facts("own, uncertain", handed_over={**handed, "what": "", "to": ""}, reference=None)
    assert "When" in own
    assert not {"Handed over", "Server", "To", "Reference"} & own.keys()


def test_the_item_of_a_task_is_told_with_its_fields() -> None:
    read = read_in("sent")
    fields = {"note": "by the\ndoor", "Seats": ["A1", "A2"], "empty": ""}
    item: Any = {"title": "Opera", "template": None, "fields": fields, "tasks": []}
    found = facts_of(row_in("sent"), replace(read, item=item), NOW)
    said = {each.name: each.text for each in found}
    assert [said[name] for name in ("Title", "Note", "Seats")] == ["Opera", "by the door", "A1, A2"]
    assert said["Item"] == "205"


def test_the_cause_of_what_is_paused_is_not_named_by_an_earlier_error() -> None:
    cause: Any = {"cause": "5f0c1b7a94d2e386", "error": "550 no such user"}
    read = read_in("queued, paused", **cause)
    (link,) = [
        each for each in facts_of(row_in("queued, paused"), read, NOW) if each.place == CAUSE
    ]
    assert link.text == "All with this reason"
    assert link.leads[0] == cause["cause"]
    assert "Paused since" in link.leads[1]


@pytest.fixture
def view(qtbot: QtBot, themes: ThemeSource) -> HistoryView:
    made = HistoryView()
    qtbot.addWidget(made)
    made.resize(500, 600)
    made.show()
    return made


def show(view: HistoryView, **parts: Any) -> None:
    view.show_history(TaskHistory(is_there=True, **parts), QWidget())


def told(view: HistoryView) -> Sequence[str]:
    return [label.text() for label in view.attempts.findChildren(QLabel)]


def test_attempts_have_a_traceback_on_demand_which_stays_open(view: HistoryView) -> None:
    first: Any = (attempt(1), attempt(2, worker="mill 417"))
    show(view, attempts=first)
    entry = view.attempts.entries[0]
    assert entry.number == 2
    assert any(text.endswith(" · on mill 417") for text in told(view))
    opened = [entry.is_open]
    entry.toggle.click()
    assert [*opened, entry.is_open] == [False, True]
    show(view, attempts=(*first, attempt(3)))
    assert [(each.number, each.is_open) for each in view.attempts.entries] == [
        (3, False),
        (2, True),
        (1, False),
    ]
    other: Any = (attempt(9),)
    show(view, attempts=other)
    assert [each.is_open for each in view.attempts.entries] == [False]


def test_the_tries_of_an_outage_are_one_line_and_an_answer_stands_with_its_attempt(
    view: HistoryView,
) -> None:
    tries: Any = (attempt(2881, "offline", count=2881), attempt(2882, "succeeded", error=None))
    show(view, attempts=tries, answer="250 2.0.0 taken")
    words = told(view)
    assert "Attempts 1 to 2881 · 2,881 tries in one outage" in words
    assert "no connection" in words
    assert words.count("250 2.0.0 taken") == 1
    show(view)
    assert told(view)[-1] == "It has not been tried yet."


def test_the_level_of_a_line_is_a_word_as_well(view: HistoryView) -> None:
    show(view, log=LINES)
    lines = view.log.toPlainText().splitlines()
    first = [line.split("  ", 2)[2] for line in lines[:3]]
    assert first == ["Order 0 [x]", "warning: Order 1 [x]", "error: Order 2 [x]"]
    assert len(lines) == len(LINES)
    assert view.log.verticalScrollBar().maximum() == 0  # the page scrolls
    with_none = TaskHistory(is_there=True)
    view.show_history(with_none, QWidget())
    assert view.log.isHidden()
    assert view.log_link.isHidden()


def test_a_link_leads_on_and_keeps_the_focus_when_others_come(
    view: HistoryView, qtbot: QtBot
) -> None:
    batch, item = Fact("Batch", "7", "batch", 7), Fact("Item", "205", "item", 205)
    show(view, facts=(item,))
    link = view.links.values["item"]
    with qtbot.waitSignal(view.link_chosen) as chosen:
        link.click()
    assert chosen.args == ["item", 205]
    qtbot.waitUntil(view.isActiveWindow)
    link.setFocus()
    show(view, facts=(item, Fact("Added", "14:00"), batch))
    assert link.hasFocus()
    assert [each.isVisible() for each in view.links.values.values()].count(True) == 2
    assert view.links.values["batch"].accessibleName() == "Batch: 7"
    show(view, facts=(Fact("", "Copy Message-ID", "copy", MESSAGE_ID),))
    assert link.isHidden()
    view.links.values["copy"].click()
    assert QGuiApplication.clipboard().text() == MESSAGE_ID
