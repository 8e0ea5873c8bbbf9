"""The window over a backend with items whose messages failed, and the hands of a person."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtTest import QTest

from desktop.gui.frame.room import UndoTime
from desktop.gui.items.correction_head import CorrectionHead
from desktop.gui.items.corrections import Corrections
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.link.drafts import DraftBox, DraftKind, TypedDrafts
from desktop.gui.link.jobs import Jobs
from desktop.gui.link.outbox import Outbox
from desktop.gui.tasks.acting.task_verbs import TaskVerbs
from tests.gui.items.correction.failed_items import FailedItems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.frame.pins import PinnedRow

SENDS = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


class Clerk:
    """Corrects what the desk shows."""

    def __init__(
        self, window: AppWindow, backend: FailedItems, box: DraftBox, qtbot: QtBot
    ) -> None:
        self.window, self.backend, self.qtbot = window, backend, qtbot
        self.pane, self.source = window.page.detail, window.page.detail._api
        self.box, self.pool = box, QThreadPool(maxThreadCount=1)
        self.trouble: list[Exception] = []
        self.box_jobs = Jobs(self.pool, self.trouble.append)
        grace = UndoTime()
        grace.seconds = 5.0
        self.outbox = Outbox(self.source, box, self.box_jobs, window.notes.warn, window)
        verbs = TaskVerbs(window, window.page, self.source, self.outbox, grace)
        given: Any = SimpleNamespace(
            source=self.source, outbox=self.outbox, box=box, box_jobs=self.box_jobs, grace=grace
        )
        self.drafts = TypedDrafts(DraftKind.CORRECTIONS, box, self.box_jobs, window)
        self.corrections = Corrections(window, window.page, given, verbs, self.drafts)
        self.corrections.begin()
        qtbot.waitUntil(lambda: not self.box_jobs.under_way)  # what the last window left is read

    @property
    def head(self) -> CorrectionHead:
        head = self.pane.paper.head
        assert isinstance(head, CorrectionHead)
        return head

    def show(self, task: int) -> None:
        """Choose a task in the list, and wait until it is read."""
        position = self.window.page.model.position_of(task)
        assert position is not None
        self.window.page.table.selectRow(position)
        self.window.page.table.picked.emit()
        self.is_at(task)

    def is_at(self, task: int) -> None:
        """Wait until a task is on the desk, with all that is known of it."""
        pane = self.pane
        self.qtbot.waitUntil(lambda: pane.task == task and pane.read is not None)
        self.qtbot.waitUntil(lambda: pane.ticket is None)

    def type(self, text: str, path: str = EMAIL) -> None:
        self.head.form.fields[path].replace(text)

    def press_keys(self) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, *SENDS)

    def press(self) -> None:
        """Press the main button."""
        self.pane.foot.main.click()

    def choose(self, verb: str) -> None:
        """Choose an entry of the menu."""
        (entry,) = (each for each in self.pane.shown.head.more if each.verb == verb)
        self.pane.acted.emit(entry)

    @property
    def main(self) -> str:
        return self.pane.foot.texts[-1] if self.pane.foot.texts else ""

    def address(self) -> str:
        return self.head.form.fields[EMAIL].text()

    def said(self) -> list[str]:
        return [note.text() for note in self.window.notes.shown]

    def pins(self) -> list[PinnedRow]:
        """What is pinned below the new item."""
        return self.window.pins.shown()[1:]

    def sent(self) -> dict[int, str]:
        """The addresses that items were corrected to."""
        corrected = self.backend.corrected.items()
        return {item: body["recipient"]["email"] for (item, _), body in corrected}

    def until_answered(self) -> None:
        under_way = self.source.jobs.under_way, self.box_jobs.under_way
        self.qtbot.waitUntil(lambda: not any((self.outbox._open, *under_way)))

    def end(self) -> None:
        self.box_jobs.cancel_all()
        self.pool.waitForDone()


@pytest.fixture
def backend() -> FailedItems:
    return FailedItems()


@pytest.fixture
def box(tmp_path: Path) -> DraftBox:
    (drafts := tmp_path / "drafts").mkdir()
    return DraftBox(drafts)


@pytest.fixture
def clerk(
    qtbot: QtBot,
    window_over: Callable[[object], AppWindow],
    backend: FailedItems,
    box: DraftBox,
) -> Iterator[Clerk]:
    made = Clerk(window_over(backend), backend, box, qtbot)
    yield made
    made.end()
