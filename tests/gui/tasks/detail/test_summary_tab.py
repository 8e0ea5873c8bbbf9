"""The summary: headline, links, and what is known of an uncertain task."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.detail.explanation import explanation, headline, sent_again
from desktop.gui.tasks.detail.summary_tab import CAUSE
from desktop.gui.tasks.detail.task_detail import DetailPane
from tests.gui.tasks.detail.conftest import AT, show
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

NOW = 1_800_000_000.0
SOON = stamp(NOW + 5)


def test_a_scheduled_message_says_when_it_is_sent() -> None:
    task = task_row(1, "scheduled", run_at=SOON)
    assert headline(row_of(task), NOW) == "Will be sent in 5 s"
    again = task_row(2, "scheduled", run_at=SOON, resend_of=1)
    assert ": Will be sent in 5 s" in sent_again(row_of(task), [task, again], NOW)
    other = row_of(task_row(1, "scheduled", run_at=SOON, task="own", queue="default"))
    assert headline(row_of(task), NOW, lacks=["fee"]) == "Something is missing"
    assert headline(other, NOW) == "Starts in 5 s"


def test_a_kept_message_says_how_it_is_sent() -> None:
    kept = row_of(task_row(1, reason="kept"))
    said = "It was kept in practice mode, not sent. With real sending, Send sends it."
    assert explanation(kept, NOW).endswith(said)
    assert headline(kept, NOW).startswith("Kept in the outbox (practice)")


def test_the_cause_of_what_is_paused_is_not_named_by_an_earlier_error(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    paused = {"reason": "queue_paused", "reason_data": {"queue": "mail", "since": stamp(AT)}}
    told = {"cause": "5f0c1b7a94d2e386", "error": "550 no such user"}
    source.change(11, "queued", **paused, **told)
    show(qtbot, detail, 11)
    link = detail.summary.links.values[CAUSE]
    qtbot.waitUntil(link.isVisible)
    with qtbot.waitSignal(detail.link_chosen) as chosen:
        link.click()
    cause, words = chosen.args[1]
    assert (chosen.args[0], cause) == (CAUSE, "5f0c1b7a94d2e386")
    assert "paused since" in words


MESSAGE_ID = "01a1f862b07a.fde79bfd109a8ff9@example.org"


@pytest.fixture
def source() -> TaskSource:
    lost = "localhost gave no answer after the e-mail was handed over."
    made = TaskSource(
        [
            task_row(1, "uncertain", error=lost),
            task_row(2, "uncertain", error=lost),
            task_row(3, "uncertain", queue="books", reason="cut_short"),
            task_row(4, "failed", error="550 No such user"),
        ]
    )
    handed = {"at": stamp(AT), "what": "mail to Ada <ada@example.org>", "to": "mail.example.org"}
    made.details[1] = {"handed_over": handed, "reference": MESSAGE_ID}
    made.details[3] = {"handed_over": {"at": stamp(AT), "what": "", "to": ""}, "reference": None}
    return made


def facts(detail: DetailPane) -> dict[str, str]:
    """Return the lines shown, by their names."""
    evidence = detail.summary.evidence
    return {
        evidence.facts.names[key].text(): label.text()
        for key, label in evidence.facts.values.items()
        if label.isVisible()
    }


def button(detail: DetailPane, words: str) -> QPushButton:
    found = [b for b in detail.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert len(found) == 1, words
    return found[0]


def test_what_is_known_of_an_uncertain_task_is_shown_and_what_each_way_out_does(
    qtbot: QtBot, detail: DetailPane
) -> None:
    show(qtbot, detail, 1)
    when = day_and_time(AT, time.time(), seconds=True)
    assert facts(detail) == {
        "Handed over": "mail to Ada <ada@example.org>",
        "When": when,
        "Server": "mail.example.org",
        "Message-ID": MESSAGE_ID,
    }
    assert "Ask the recipient whether it arrived, or your mail provider" in (
        detail.summary.explanation.text()
    )
    qtbot.mouseClick(button(detail, "Copy Message-ID"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == MESSAGE_ID
    menu = detail.tabs.more.menu()
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    assert f"Message-ID: {MESSAGE_ID}" in QGuiApplication.clipboard().text()
    said = detail.summary.evidence.effects.text()
    assert said.startswith("It was sent: the task ends here, and nothing else is sent.\n")
    assert "Send again: if the first e-mail arrived, the person gets two." in said
    for words in ("It was sent", "Send again", "Mark as seen"):
        description = button(detail, words).accessibleDescription()
        assert f"{words}: {description}".lower() in said.lower()
    show(qtbot, detail, 2)
    assert facts(detail) == {}
    assert detail.summary.evidence.effects.isVisible()
    show(qtbot, detail, 3)
    assert list(facts(detail)) == ["When"]
    assert "Run again: everything is done once more" in detail.summary.evidence.effects.text()


def is_whole(label: QLabel) -> bool:
    return label.height() >= label.heightForWidth(label.width()) > 0


@pytest.mark.parametrize(("width", "size"), [(360, 100), (480, 200)])
def test_in_a_narrow_window_the_message_id_and_the_button_that_copies_it_are_whole(
    qtbot: QtBot, detail: DetailPane, themes: ThemeSource, width: int, size: int
) -> None:
    themes.set_text_size(size)
    detail.resize(width, 600)
    show(qtbot, detail, 1)
    summary, evidence = detail.summary, detail.summary.evidence
    for label in (
        *evidence.facts.values.values(),
        summary.facts.values["to"],
        summary.facts.values["message_id"],
    ):
        qtbot.waitUntil(partial(is_whole, label))
    copy = evidence.copy
    assert copy.width() >= copy.sizeHint().width()
    inside = copy.mapTo(summary.viewport(), copy.rect().bottomRight())
    assert inside.x() < summary.viewport().width()


def test_it_is_there_only_while_the_outcome_is_not_known(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    show(qtbot, detail, 4)
    assert not detail.summary.evidence.isVisible()
    show(qtbot, detail, 1)
    detail.apply(source.change(1, "succeeded"))
    assert not detail.summary.evidence.isVisible()
