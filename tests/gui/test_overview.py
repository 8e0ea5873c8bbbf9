"""The overview: its cards, and the figures of the hour and the day in the running program."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QScrollArea, QToolTip, QWidget

from desktop.gui.link.jobs import ApiSource
from desktop.gui.overview import Bars, Dot, FigureCard, OverviewView, QueueBars, TaskLines

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.model.queues import Figures, Overview, Queue
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
    assert not view.waiting.isVisible()
    assert isinstance(play.window.focusWidget(), QScrollArea)  # no ring on a choice
    QTest.mouseClick(view.more, Qt.MouseButton.LeftButton)
    await play.until(lambda: view.done.figure.text() == "1 in the last hour")

    def said() -> set[str]:
        return {label.text() for label in view.findChildren(QLabel)}

    await play.until(lambda: {"Mail", "Confirmation e-mail"} <= said())
    assert view.waiting.figure.text() != "–"
    told = await asyncio.to_thread(play.api.overview, "hour")
    view.show_overview({**told, "total": {**told["total"], "failed": 2, "again": 3}})
    # Failed or uncertain: the counts do not tell which. The chip counts those that need a person.
    failed = "2 failed or uncertain in the last hour"
    assert f"{failed} · 3 automatic retries" in said()
    view.show_overview({**told, "total": {**told["total"], "failed": 2, "again": 1}})
    assert f"{failed} · 1 automatic retry" in said()
    view.show_overview({**told, "span": "day", "total": {**told["total"], "failed": 2, "again": 0}})
    assert failed.replace("hour", "day") in said()
    QTest.mouseClick(view.span.button("day"), Qt.MouseButton.LeftButton)
    await play.until(lambda: view.done.figure.text() == "1 in the last day")
    QTest.mouseClick(play.window.switch.choice.button("tasks"), Qt.MouseButton.LeftButton)
    assert not view.again.isActive()


def test_times_and_queues_are_for_developers(view: OverviewView, themes: ThemeSource) -> None:
    px = themes.theme.px
    view.resize(px(1000), px(800))
    view.show()
    view.show_overview(HOUR)
    technical = (view.waiting, view.running, view.queues)

    def has_times() -> bool:
        shown = [label for label in view.tasks.findChildren(QLabel) if label.isVisible()]
        return any("took" in label.text() for label in shown)

    assert view.done.isVisible()
    for _ in range(2):
        assert not any(card.isVisible() for card in technical)
        assert not has_times()
        QTest.mouseClick(view.more, Qt.MouseButton.LeftButton)
        assert all(card.isVisible() for card in technical)
        assert has_times()
        QTest.mouseClick(view.more, Qt.MouseButton.LeftButton)


def test_a_queue_without_a_limit_has_no_bar(qtbot: QtBot, themes: ThemeSource) -> None:
    bars = QueueBars()
    qtbot.addWidget(bars)
    bars.show_queues([MAIL, {**MAIL, "name": "other", "concurrency": None}])
    assert len(bars.findChildren(QProgressBar)) == 1
    assert {"2 of 16", "2"} <= {label.text() for label in bars.findChildren(QLabel)}


def test_cards_stand_in_one_or_three_columns_and_are_as_high_as_their_content(
    view: OverviewView, themes: ThemeSource
) -> None:
    px = themes.theme.px
    view.show_times(True)
    cards = (view.done, view.waiting, view.running)

    def columns(width: int) -> int:
        view.resize(px(width), px(800))
        QApplication.processEvents()
        return len({card.x() for card in cards})

    view.show()
    assert [columns(width) for width in (400, 1000)] == [1, 3]
    assert view.done.figure.y() == view.waiting.figure.y()
    view.show_overview({**HOUR, "queues": []})
    assert view.waiting.figure.text() == "typically 0.1 s"
    assert view.running.figure.text() == "–"
    QApplication.processEvents()
    assert view.done.geometry().bottom() < view.tasks.y()
    assert view.tasks.height() < px(120)


def test_no_card_lies_over_another_one_when_the_first_figures_come(
    view: OverviewView, themes: ThemeSource
) -> None:
    px = themes.theme.px
    view.show_times(True)
    view.resize(px(600), px(800))
    view.show()
    QApplication.processEvents()
    view.show_overview(HOUR)
    QApplication.processEvents()
    cards = (view.done, view.waiting, view.running, view.queues, view.tasks)
    assert all(card.isVisible() for card in cards)
    pairs = itertools.combinations([card.geometry() for card in cards], 2)
    assert not [pair for pair in pairs if pair[0].intersects(pair[1])]


def test_figures_of_a_task_stand_below_its_name(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    lines = TaskLines()
    lines.setParent(host)
    lines.show_times(True)
    figures: Figures = {**FIGURES, "done": 204, "failed": 2, "run_median": 0.1, "longest": 1.0}
    lines.show_tasks([{"task": "mail", "title": "Confirmation e-mail", **figures}])
    said = {label.text().replace("\u00a0", " ") for label in lines.findChildren(QLabel)}
    assert "Confirmation e-mail" in said
    assert "Ran 206 · failed or uncertain 1.0 % · waited 0.1 s · took 0.1 s · slowest 1.0 s" in said


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_failures_stand_on_the_bars_gaps_are_left_and_each_bar_speaks(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    bars = Bars("Done", "accent")
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
    (bars,) = view.done.findChildren(Bars)
    assert bars.scale == scale


def test_a_figure_has_two_lines_where_one_has_no_room(qtbot: QtBot, themes: ThemeSource) -> None:
    card = FigureCard("Done", QWidget())
    qtbot.addWidget(card)
    card.show_figure("1,204,233 in the last hour", "")
    line = card.figure.fontMetrics()
    card.resize(line.horizontalAdvance(card.figure.text()) * 2 // 3, 300)
    card.show()
    QApplication.processEvents()
    assert card.figure.height() >= 2 * line.lineSpacing()
    card.resize(line.horizontalAdvance(card.figure.text()) * 2, 300)
    QApplication.processEvents()
    assert card.figure.height() < 2 * line.lineSpacing()
