"""The outlook: how many tasks are open, and when they will be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.contract.states import State
from desktop.gui.kit.words.states import needing_words

if TYPE_CHECKING:
    from desktop.contract.events import Stats

translate = QCoreApplication.translate
FORESEEABLE: Final = 24 * 3600
"""The longest time ahead, in seconds, for which an end is predicted."""


def outlook(stats: Stats, *, held: bool, silent: bool, saved: int) -> str:
    """Say how many tasks are open, and when the slowest queue will be done.

    No end is predicted if nothing is queued, since the rest of running tasks is unknown, or if a
    queue is ``held``. While the backend is ``silent``, it is unknown what is active or done. The
    window itself has ``saved`` items for the backend.
    """
    counts = stats["counts"]
    standing = stats["standing"]  # queued, and stopped by a pause or a hold
    queued = counts.get(State.QUEUED, 0) - standing
    active = queued + counts.get(State.RUNNING, 0)
    waiting = counts.get(State.WAITING, 0) + standing
    scheduled = counts.get(State.SCHEDULED, 0)
    parts = [
        (0 if silent else active, translate("outlook", "{} active")),
        (waiting, translate("outlook", "{} waiting")),
        (scheduled, translate("outlook", "{} scheduled")),
    ]
    said = [words.format(QLocale().toString(count)) for count, words in parts if count]
    done_in, rows, paused = stats["done_in"], stats["batch_rows"], stats["paused_rows"]
    if rows:
        words = translate("outlook", "{} in batches")
        words = translate("outlook", "{} more in batches") if said else words
        said.append(words.format(QLocale().toString(rows)))
    elif queued and done_in is not None and done_in <= FORESEEABLE and not (held or silent):
        end = _end(done_in)
        if waiting or scheduled or paused:
            words = translate("outlook", "{active}, done {end}")
            said[0] = words.format(active=said[0], end=end)
        else:
            said.append(translate("outlook", "all done {end}").format(end=end))
    if paused:
        words = translate("outlook", "{} in paused batches")
        said.append(words.format(QLocale().toString(paused)))
    if saved:
        said.insert(0, saved_items(saved))
    if said or silent:
        return " · ".join(said)
    if needing_words(stats):
        return translate("outlook", "Nothing open")
    return translate("outlook", "All done")


def saved_items(count: int) -> str:
    """Say how many items are saved here, and will be submitted later."""
    return translate("outlook", "%Ln items to be submitted", None, count)


def _end(seconds: float) -> str:
    if seconds < 5:
        return translate("outlook", "in a moment")
    if seconds < 90:
        return translate("outlook", "in about {} s").format(round(seconds / 5) * 5)
    if seconds < 5400:
        return translate("outlook", "in about {} min").format(round(seconds / 60))
    return translate("outlook", "in about {} h").format(round(seconds / 3600))
