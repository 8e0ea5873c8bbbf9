"""What a schedule says: when it is due, when next, and what became of its last task."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.gui.ages import age, date, until
from desktop.gui.tasks.words.states import LOOKS

if TYPE_CHECKING:
    from desktop.contract.functions import LastRun, Schedule

translate = QCoreApplication.translate


def when_words(schedule: Schedule) -> str:
    """Say by which rule it is due: the line of cron with its zone, or the span."""
    if schedule["every"] is not None:
        return translate("schedules", "Every {}").format(schedule["every"])
    return translate("schedules", "{} in {}").format(schedule["cron"], schedule["timezone"])


def next_words(schedule: Schedule, now: float) -> str:
    """Say when it is due next, or since when it is paused; ``now`` in epoch s."""
    if schedule["paused_at"] is not None:
        since = date(_epoch(schedule["paused_at"]), now)
        return translate("schedules", "Paused since {}").format(since)
    if schedule["next_at"] is None:
        return ""
    return translate("schedules", "Next: {}").format(until(_epoch(schedule["next_at"]), now))


def has_passed(schedule: Schedule, now: float) -> bool:
    """Tell whether its due time has come, so that there is another one by now; epoch s."""
    return schedule["next_at"] is not None and _epoch(schedule["next_at"]) < now - 0.5


def last_words(last: LastRun | None, now: float) -> str:
    """Say what became of its last task, and when that was made."""
    if last is None:
        return translate("schedules", "It has not run yet")
    ago = age(_epoch(last["at"]), now)
    look = LOOKS.get(last["state"] or "")
    if look is None:
        return translate("schedules", "Last: {}").format(ago)
    return translate("schedules", "Last: {}, {}").format(translate("words", look.word), ago)


def _epoch(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
