"""The head: search, import, the gear and its menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from desktop.gui.frame.head import WindowHead
from desktop.gui.kit.look.theme import Appearance, Scheme
from tests.gui.hands import answer, asked
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from sendoff_tasks.model.queues import Queue


class LayoutRequests(QObject):
    """Counts what asks a widget to be laid out."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)


@pytest.fixture
def head(qtbot: QtBot, themes: ThemeSource) -> Iterator[WindowHead]:
    menu = QMenu()
    made = WindowHead(QLineEdit(), menu)
    qtbot.addWidget(made)
    made.show()
    yield made
    menu.deleteLater()


def test_what_is_so_all_the_time_stands_beside_the_search(head: WindowHead) -> None:
    assert head.always.isHidden()
    head.say_always(server="sendoff.example.org")
    head.say_always(practice="Practice", access="Read-only")
    assert head.always.text() == "Practice · Read-only · sendoff.example.org"
    assert head.minimumSizeHint().width() < 700
    head.say_always(practice="", access="", server="")
    assert head.always.isHidden()


def test_a_window_at_rest_is_not_laid_out_again(window: AppWindow) -> None:
    requests = LayoutRequests()
    QApplication.processEvents()
    window.installEventFilter(requests)
    for _ in range(100):
        QApplication.processEvents()
    assert requests.count < 10


def queue(**changes: Any) -> Queue:
    same: dict[str, Any] = {
        "name": "mail",
        "concurrency": 16,
        "rate": None,
        "per_day": None,
        "paused": None,
        "held": None,
        "counts": {},
    }
    return same | changes  # type: ignore[return-value]


HELD = {
    "since": "2026-09-21T13:33:20Z",
    "kind": "queue_held",
    "until": None,
    "is_trying": False,
    "reason": "535 no",
    "action": None,
}


def menu_entries(window: AppWindow) -> dict[str, QAction]:
    window.menu.aboutToShow.emit()
    return {each.text(): each for each in window.menu.actions() if each.isVisible()}


def test_one_entry_pauses_and_resumes(window: AppWindow, qtbot: QtBot) -> None:
    menu = window.menu
    with qtbot.waitSignal(menu.pause_chosen):
        menu_entries(window)["Pause sending"].trigger()
    menu.show_paused(True)
    with qtbot.waitSignal(menu.resume_chosen):
        menu_entries(window)["Resume sending"].trigger()


def test_the_appearance_is_chosen_and_has_a_mark(window: AppWindow, themes: ThemeSource) -> None:
    choices = {each.text(): each for each in window.menu.appearance.actions()}
    choices["Dark"].trigger()
    assert themes.appearance is Appearance.DARK
    assert themes.theme.scheme is Scheme.DARK
    menu_entries(window)
    assert [words for words, each in choices.items() if not each.icon().isNull()] == ["Dark"]


def test_a_remembered_answer_to_closing_can_be_forgotten(window: AppWindow) -> None:
    words = "Ask again when closing with open tasks"
    assert words not in menu_entries(window)
    window.show_stats(stats(running=1))
    window.close()
    box = asked()
    assert box is not None
    box.checkBox().click()
    answer("Close, keep sending")
    menu_entries(window)[words].trigger()
    assert words not in menu_entries(window)
