"""The sheet of rows that were left out: what it offers."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QWidget

from desktop.client.api import ApiSource
from desktop.gui.batches.batch_rows import LeftOutSheet, RowsModel
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.kit.rights import ALL_RIGHTS, WindowRights
from tests.gui.batches.test_batch_model import batch
from tests.gui.importing.test_rows_pane import row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs

LOOKS = WindowRights(may_change=False)


@pytest.mark.parametrize(
    ("given", "rights", "offered"),
    [
        ({"counts": {"left_out": 2, "problems": 1}, "sheet": "a.csv"}, ALL_RIGHTS, True),
        ({"counts": {"left_out": 2, "same": 2}, "sheet": "a.csv"}, ALL_RIGHTS, False),
        ({"counts": {"left_out": 1, "problems": 1}, "sheet": None}, ALL_RIGHTS, False),
        ({"counts": {"left_out": 1, "problems": 1}, "sheet": "a.csv"}, LOOKS, False),
    ],
)
def test_problems_are_corrected_where_the_spreadsheet_is_kept(
    qtbot: QtBot,
    themes: ThemeSource,
    jobs: Jobs,
    given: dict[str, Any],
    rights: WindowRights,
    *,
    offered: bool,
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    sheet = LeftOutSheet(partial(RowsModel, ApiSource(), jobs), host, rights)
    sheet.show_batch(batch(7, state="done", **given))
    assert sheet.correct.isHidden() is not offered
    assert ("can correct those" in sheet.about.text()) is offered


def test_rows_of_another_batch_go_at_once(qtbot: QtBot, themes: ThemeSource, jobs: Jobs) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    sheet = LeftOutSheet(partial(RowsModel, ApiSource(), jobs), host)
    sheet.show_batch(batch(7))
    sheet.model.take_first(Page([row(2)], None))
    sheet.show_batch(batch(7))
    assert sheet.model.rowCount() == 1
    sheet.show_batch(batch(8))
    assert sheet.model.rowCount() == 0


def test_rows_come_once_the_backend_is_there(
    qtbot: QtBot, themes: ThemeSource, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.gui.kit.lists.live_rows.PAUSE", 1)
    host, source = QWidget(), ApiSource()
    qtbot.addWidget(host)
    sheet = LeftOutSheet(partial(RowsModel, source, jobs), host)
    sheet.show_batch(batch(7))
    pages = SimpleNamespace(rows=lambda *_, **__: {"rows": [row(2)], "next": None})
    with qtbot.waitSignal(sheet.model.shown):
        source.api = SimpleNamespace(batches=pages)  # type: ignore[assignment]
    assert sheet.model.rowCount() == 2


def test_rows_to_come_are_those_that_are_no_tasks_yet(
    qtbot: QtBot, themes: ThemeSource, jobs: Jobs
) -> None:
    """A message that a server had put off was to be sent *when it is its turn*."""
    host, source = QWidget(), ApiSource()
    qtbot.addWidget(host)
    pages = {
        None: {"rows": [row(2, task_id=1), row(3, task_id=2)], "next": "a"},
        "a": {"rows": [row(4, task_id=3), row(5, task_id=None)], "next": None},
    }
    asked = SimpleNamespace(rows=lambda *_, after, **__: pages[after])
    source.api = SimpleNamespace(batches=asked)  # type: ignore[assignment]
    sheet = LeftOutSheet(partial(RowsModel, source, jobs), host)
    sheet.show_to_come(batch(7))
    qtbot.waitUntil(lambda: [each["row"] for each in sheet.model.rows] == [5])
