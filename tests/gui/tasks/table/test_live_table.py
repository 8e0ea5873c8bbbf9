"""The table, chips and detail on a real backend: what happens there is seen here, live."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Signal

from desktop.client.api import Api, ApiSource, new_key
from desktop.client.stream import EventStream
from desktop.gui.tasks.detail.task_detail import MESSAGE, DetailPane
from desktop.gui.tasks.state_chips import StateChips
from desktop.gui.tasks.table.columns import BY_KEY
from desktop.gui.tasks.table.task_model import TaskModel
from desktop.gui.tasks.table.task_table import TaskTable
from tests.gui.play import post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop.contract.events import BatchesEvent, Notice, PendingEvent, Stats, TasksEvent
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from tests.conftest import RunningBackend


class Stream(QObject):
    """Hears a backend on a loop of its own and tells the GUI thread by signals."""

    began = Signal()
    was_reset = Signal()
    tasks_came = Signal(object)
    stats_came = Signal(object)

    def __init__(self, backend: RunningBackend) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(EventStream(self).run(backend.backend))
        self._thread = threading.Thread(target=self._listen)

    def begin(self) -> None:
        """Listen, once all signals are connected: what comes before that is lost."""
        self._thread.start()

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()
        self._loop.close()

    def _listen(self) -> None:
        self._loop.run_until_complete(asyncio.wait({self._task}))

    def connected(self) -> None:
        self.began.emit()

    def disconnected(self) -> None:
        pass

    def reset(self) -> None:
        self.was_reset.emit()

    def tasks(self, event: TasksEvent) -> None:
        self.tasks_came.emit(event)

    def batches(self, event: BatchesEvent) -> None:
        pass

    def stats(self, stats: Stats) -> None:
        self.stats_came.emit(stats)

    def notice(self, notice: Notice) -> None:
        pass

    def pending(self, event: PendingEvent) -> None: ...

    def functions(self) -> None:
        pass

    def search(self) -> None:
        pass


class Monitor:
    """Table, chips and detail over a real backend, wired as in the window."""

    def __init__(self, api: Api, jobs: Jobs, themes: ThemeSource, stream: Stream) -> None:
        source = ApiSource(api)
        self.model = TaskModel(source, jobs)
        self.table = TaskTable(self.model)
        self.model.setParent(self.table)
        self.chips = StateChips()
        self.detail = DetailPane(source, jobs)
        self.chips.group_chosen.connect(self.table.show_group)
        self.table.selection_changed.connect(lambda ids: self.detail.show_task(ids[0]))
        stream.tasks_came.connect(self.model.apply)
        stream.tasks_came.connect(self.detail.apply)
        stream.was_reset.connect(self.model.reset)
        stream.stats_came.connect(self.chips.set_stats)

    def states(self) -> list[str]:
        return [row.state for row in self.model.rows_between(0, self.model.rowCount() - 1)]

    def select(self, position: int) -> None:
        index = self.model.index(position, 0)
        flag = self.table.selectionModel().SelectionFlag
        self.table.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)


@pytest.fixture
def monitor(
    qtbot: QtBot, backend: RunningBackend, api: Api, jobs: Jobs, themes: ThemeSource
) -> Iterator[Monitor]:
    stream = Stream(backend)
    with qtbot.waitSignal(stream.began):
        stream.begin()
    made = Monitor(api, jobs, themes, stream)
    for widget in (made.table, made.chips, made.detail):
        qtbot.addWidget(widget)
        widget.show()
    made.table.resize(1000, 500)
    qtbot.waitUntil(lambda: made.model.is_loaded)
    yield made
    stream.end()


def guest(name: str) -> dict[str, str]:
    return {"name": name, "email": f"{name.lower()}@example.org"}


def test_an_item_is_seen_from_its_acceptance_to_its_mail(
    qtbot: QtBot, monitor: Monitor, api: Api
) -> None:
    for name in ("Ada", "Bo", "Cy"):
        api.items.submit(None, {"recipient": guest(name)}, new_key())  # type: ignore[typeddict-item]
    qtbot.waitUntil(lambda: monitor.states() == ["succeeded"] * 3)
    cells = [monitor.model.index(n, BY_KEY["to"]).data() for n in range(3)]
    assert cells == [
        "Cy <cy@example.org>",
        "Bo <bo@example.org>",
        "Ada <ada@example.org>",
    ]
    assert monitor.model.index(0, BY_KEY["state"]).data() == "Kept"
    qtbot.waitUntil(lambda: monitor.chips.chips[-2].count == "3")
    monitor.select(1)
    qtbot.waitUntil(lambda: monitor.detail.summary.headline.text().startswith("Kept in the outbox"))
    monitor.detail.tabs.setCurrentIndex(MESSAGE)
    qtbot.waitUntil(lambda: monitor.detail.message.mail.isVisible())
    assert monitor.detail.summary.facts["message_id"].text() != "–"


def test_what_leaves_the_chip_leaves_the_table_and_what_is_undone_is_gone(
    qtbot: QtBot, monitor: Monitor, api: Api
) -> None:
    first = api.items.submit(None, {"recipient": guest("Ada"), "delay": 600}, new_key())  # type: ignore[typeddict-item]
    second = api.items.submit(None, {"recipient": guest("Bo"), "delay": 600}, new_key())  # type: ignore[typeddict-item]
    monitor.chips.choose(("scheduled",))
    qtbot.waitUntil(lambda: monitor.states() == ["scheduled"] * 2)
    api.cancel(first.task_ids[0])
    qtbot.waitUntil(lambda: monitor.states() == ["scheduled"])
    api.items.undo(second.item_id)
    qtbot.waitUntil(lambda: monitor.model.rowCount() == 0)
    assert not monitor.table.empty.isHidden()
    monitor.chips.choose(())
    qtbot.waitUntil(lambda: monitor.states() == ["cancelled"])


def test_a_jump_into_a_long_list_reads_the_rows_there(
    qtbot: QtBot, monitor: Monitor, api: Api
) -> None:
    rows = [{"task": "send_confirmation_email", "args": [1], "delay": 3600}] * 700
    api.items.submit(1, {"recipient": guest("Ada"), "delay": 3600}, new_key())  # type: ignore[typeddict-item]
    post(api, "/tasks", rows)
    qtbot.waitUntil(lambda: monitor.model.rowCount() == 701)
    monitor.table.executeDelayedItemsLayout()
    monitor.table.scrollToBottom()
    qtbot.waitUntil(lambda: monitor.model.row_at(700) is not None)
    ids = [row.id for row in monitor.model.rows_between(690, 700)]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 11
