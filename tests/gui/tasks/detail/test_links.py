"""Where a task leads: what it shares with others is named by what stops it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.tasks.detail.summary_tab import CAUSE
from tests.gui.tasks.detail.conftest import AT, show
from tests.gui.tasks.table.task_source import stamp

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.tasks.detail.task_detail import DetailPane
    from tests.gui.tasks.table.task_source import TaskSource


def test_the_cause_of_what_is_paused_is_not_named_by_an_earlier_error(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    paused = {"reason": "queue_paused", "reason_data": {"queue": "mail", "since": stamp(AT)}}
    told = {"cause": "5f0c1b7a94d2e386", "error": "550 no such user", "why": "Paused since 9:00."}
    source.change(11, "queued", **paused, **told)
    show(qtbot, detail, 11)
    link = detail.summary.links.links[CAUSE]
    qtbot.waitUntil(link.isVisible)
    with qtbot.waitSignal(detail.link_chosen) as chosen:
        link.click()
    assert chosen.args == [CAUSE, ("5f0c1b7a94d2e386", "Paused since 9:00.")]
