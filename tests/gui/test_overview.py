"""The overview: its chart, its list, and the figures of the hour and the day."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QToolTip, QWidget

from desktop.gui.link.jobs import ApiSource
from desktop.gui.overview import Bars, Dot, OverviewView, TaskLines

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.model.queues import Figures, Overview, Queue, TaskFigures
    from tests.gui.play import Play


CONTROL = Qt.KeyboardModifier.ControlModifier
MAIL: Queue = {
    "name": "mail",
    "concurrency": 16,
    "rate": None,
    "per_day": None,
    "paused": None,
    "held": None,
    "counts": {"running": 2},
    "queued_since": None,
}
FIGURES: Figures = {
    "done": 3,
    "failed": 1,
    "again": 0,
    "wait_median": 0.1,
    "wait_p95": 0.2,
    "run_median": None,
    "longest": None,
}
AT = "2026-11-23T22:00:00Z"
HOUR: Overview = {
    "span": "hour",
    "since": AT,
    "until": AT,
    "total": FIGURES,
    "points": [{"at": AT, **FIGURES}],
    "queues": [MAIL],
    "tasks": [{"task": "mail", "title": "Mail", **FIGURES}],
}


@pytest.fixture
def view(qtbot: QtBot, jobs: Jobs, themes: ThemeSource) -> OverviewView:
    made = OverviewView(ApiSource(jobs))
    qtbot.addWidget(made)
    return made


async def test_what_was_done_is_shown_by_hour_and_by_day(play: Play) -> None:
    play.window.resize(1500, 900)
    play.submit("Ada")
    await play.until(lambda: "succeeded" in play.states())
    QTest.keyClick(play.window, Qt.Key.Key_5, CONTROL)
    view = play.window.overview.view
    assert view.isVisible()
    assert isinstance(play.window.focusWidget(), QScrollArea)  # no ring on a choice
    await play.until(lambda: view.figure.text() == "1 done in the last hour")

    def said() -> set[str]:
        return {label.text() for label in view.findChildren(QLabel)}

    await play.until(lambda: "Confirmation e-mail" in said())
    told = await asyncio.to_thread(play.api.overview, "hour")
    view.show_overview({**told, "total": {**told["total"], "failed": 2, "again": 3}})
    # Failed or uncertain: the counts do not tell which. The chip counts those that need a person.
    assert view.note.text() == "2 failed or uncertain · 3 automatic retries"
    view.show_overview({**told, "total": {**told["total"], "failed": 0, "again": 1}})
    assert view.note.text() == "1 automatic retry"
    QTest.mouseClick(view.span.button("day"), Qt.MouseButton.LeftButton)
    await play.until(lambda: view.figure.text() == "1 done in the last day")
    QTest.mouseClick(play.window.switch.choice.button("tasks"), Qt.MouseButton.LeftButton)
    assert not view.again.isActive()


def test_times_are_for_developers(view: OverviewView, themes: ThemeSource) -> None:
    px = themes.theme.px
    view.resize(px(1000), px(800))
    view.show()
    view.show_overview(HOUR)

    def has_times() -> bool:
        shown = [label for label in view.tasks.findChildren(QLabel) if label.isVisible()]
        return any("took" in label.text() for label in shown)

    for _ in range(2):
        assert "waited" not in view.note.text()
        assert not has_times()
        QTest.mouseClick(view.more, Qt.MouseButton.LeftButton)
        assert "waited 0.1 s · took – · slowest – · 95 % waited at most 0.2 s" in view.note.text()
        assert has_times()
        QTest.mouseClick(view.more, Qt.MouseButton.LeftButton)


def test_figures_of_a_task_stand_below_its_name(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    lines = TaskLines()
    lines.setParent(host)
    figures: Figures = {**FIGURES, "done": 204, "failed": 2, "run_median": 0.1, "longest": 1.0}
    task: TaskFigures = {"task": "mail", "title": "Confirmation e-mail", **figures}
    lines.show_tasks([task], has_times=True)
    said = {label.text().replace("\u00a0", " ") for label in lines.findChildren(QLabel)}
    assert "Confirmation e-mail" in said
    assert "Ran 206 · failed or uncertain 1.0 % · waited 0.1 s · took 0.1 s · slowest 1.0 s" in said


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_failures_stand_on_the_bars_gaps_are_left_and_each_bar_speaks(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    bars = Bars("Done")
    qtbot.addWidget(bars)
    bars.resize(300, 150)
    bars.show()
    dots = [Dot(4.0, words="first"), Dot(2.0, 3), Dot(None), Dot(None), Dot(1.0, words="last")]
    bars.show_dots(dots, ["10:00", "11:00"], 5.0, "")
    picture = bars.grab().toImage()
    accent, failed = (themes.theme.color(token).name() for token in ("accent", "failed"))

    def inks(x: int) -> list[str]:
        found = (picture.pixelColor(x, y).name() for y in range(120))
        return [ink for ink, _ in itertools.groupby(found) if ink in {accent, failed}]

    assert inks(30) == [accent]
    assert inks(90) == [failed, accent]
    assert inks(150) == []
    place = QPoint(299, 20)
    QApplication.sendEvent(
        bars, QHelpEvent(QHelpEvent.Type.ToolTip, place, bars.mapToGlobal(place))
    )
    assert QToolTip.text() == "last"
    QToolTip.hideText()


@pytest.mark.parametrize(("most", "scale"), [(204, "250"), (20, "20"), (9, ""), (0, "")])
def test_the_scale_is_a_round_number(view: OverviewView, most: int, scale: str) -> None:
    point = {**HOUR["points"][0], "done": most, "failed": 0}
    view.show_overview({**HOUR, "points": [point]})  # type: ignore[list-item]
    assert view.bars.scale == scale
