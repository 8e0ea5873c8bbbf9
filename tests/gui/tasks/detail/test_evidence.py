"""An uncertain task shows what was handed over, when, where and as what, and what helps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.tasks.detail.task_detail import DetailPane
from tests.gui.tasks.detail.conftest import show
from tests.gui.tasks.detail.test_selected_tasks import some
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


AT = 1_790_000_000.0
MESSAGE_ID = "01a1f862b07a.fde79bfd109a8ff9@example.org"


@pytest.fixture
def source() -> TaskSource:
    lost = "localhost gave no answer after the message was handed over."
    made = TaskSource(
        [
            task_row(1, "uncertain", error=lost),
            task_row(2, "uncertain", error=lost),
            task_row(3, "uncertain", queue="books", why="The program was stopped."),
            task_row(4, "failed", error="550 No such user"),
        ]
    )
    handed = {"at": stamp(AT), "what": "mail to Ada <ada@example.org>", "to": "mail.example.org"}
    made.details[1] = {"handed_over": handed | {"message_id": MESSAGE_ID}}
    made.details[3] = {"handed_over": {"at": stamp(AT), "what": "", "to": "", "message_id": None}}
    return made


def facts(detail: DetailPane) -> dict[str, str]:
    """Return the lines shown, by their names."""
    evidence = detail.summary.evidence
    return {
        evidence.names[key].text(): label.text()
        for key, label in evidence.facts.items()
        if label.isVisible()
    }


def button(detail: DetailPane, words: str) -> QPushButton:
    found = [b for b in detail.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert len(found) == 1, words
    return found[0]


def test_a_mail_shows_when_what_where_and_its_message_id(qtbot: QtBot, detail: DetailPane) -> None:
    show(qtbot, detail, 1)
    when = day_and_time(AT, time.time(), seconds=True)
    assert facts(detail) == {
        "Handed over": "mail to Ada <ada@example.org>",
        "When": when,
        "Server": "mail.example.org",
        "Message-ID": MESSAGE_ID,
    }
    assert "Ask the recipient, or look in the mail server's log" in (
        detail.summary.explanation.text()
    )


def test_the_message_id_is_copied(qtbot: QtBot, detail: DetailPane) -> None:
    show(qtbot, detail, 1)
    qtbot.mouseClick(button(detail, "Copy Message-ID"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == MESSAGE_ID
    copy = next(b for b in detail.findChildren(QPushButton) if b.accessibleName() == "Copy")
    copy.click()
    assert f"Message-ID: {MESSAGE_ID}" in QGuiApplication.clipboard().text()


def test_what_each_way_out_does_stands_there_and_at_its_button(
    qtbot: QtBot, detail: DetailPane
) -> None:
    show(qtbot, detail, 1)
    said = detail.summary.evidence.effects.text()
    assert said.startswith("It was sent: the task ends here, and no other e-mail is sent.\n")
    assert "Send again: it is sent once more as the same message;" in said
    for words in ("It was sent", "Send again"):
        description = button(detail, words).accessibleDescription()
        assert f"{words}: {description}" in said


def test_a_task_that_told_nothing_has_only_the_moment(qtbot: QtBot, detail: DetailPane) -> None:
    show(qtbot, detail, 3)
    assert list(facts(detail)) == ["When"]
    assert "Run again: it runs once more" in detail.summary.evidence.effects.text()


def test_without_evidence_there_is_still_what_each_way_out_does(
    qtbot: QtBot, detail: DetailPane
) -> None:
    show(qtbot, detail, 1)
    show(qtbot, detail, 2)
    assert facts(detail) == {}
    assert detail.summary.evidence.effects.isVisible()


def test_it_is_there_only_while_the_outcome_is_not_known(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    show(qtbot, detail, 4)
    assert not detail.summary.evidence.isVisible()
    show(qtbot, detail, 1)
    detail.apply(source.change(1, "succeeded"))
    assert not detail.summary.evidence.isVisible()
    assert detail.summary.lines.isVisible()


def test_many_uncertain_ones_say_together_what_the_buttons_do(detail: DetailPane) -> None:
    detail.show_selected(some(*(task_row(n, "uncertain") for n in (1, 2))))
    said = detail.selected.effects
    assert said.text().startswith("It was sent (2): the task ends here")
    detail.show_selected(some(*(task_row(n, "failed") for n in (1, 2))))
    assert not said.isVisible()


@pytest.mark.parametrize("width", [340, 480, 988])
def test_it_is_never_wider_than_its_room(qtbot: QtBot, detail: DetailPane, width: int) -> None:
    detail.resize(width, 260)
    show(qtbot, detail, 1)
    summary = detail.summary
    inside = summary.widget()
    assert inside is not None
    qtbot.waitUntil(lambda: inside.width() == summary.viewport().width())
    for label in summary.evidence.findChildren(QLabel):
        right = label.mapTo(summary.viewport(), label.rect().topRight()).x()
        assert right < summary.viewport().width()
