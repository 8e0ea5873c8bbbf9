"""A cause in figures and words: how many tasks it stops, and how far another try of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.contract.causes import CASES, ON_THE_WAY
from desktop.contract.states import State
from desktop.gui.ages import minute_of_day
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.causes import cure_words

if TYPE_CHECKING:
    from desktop.contract.causes import Cause

translate = QCoreApplication.translate

SHOWN_PLACES = 3
"""Places that are named in a cell."""


def stopped(cause: Cause) -> int:
    """Count the tasks that failed, wait or are uncertain for it."""
    return sum(cause["states"].get(state, 0) for state in CASES)


def parts(cause: Cause) -> list[tuple[State, int]]:
    """Count those it stops by state, the worst first."""
    shown = (State.FAILED, State.UNCERTAIN, State.WAITING)
    counts = [(state, cause["states"].get(state, 0)) for state in shown]
    return [(state, n) for state, n in counts if n] or [(State.RUNNING, 0)]


def on_the_way(cause: Cause) -> int:
    """Count its tasks that are being tried again."""
    return sum(cause["states"].get(state, 0) for state in ON_THE_WAY)


def worst_state(cause: Cause) -> State:
    """Return the state its title is coloured by: failed before uncertain before waiting."""
    return parts(cause)[0][0]


def figure(count: int) -> str:
    """Write a number as the person's locale does."""
    return QLocale().toString(count)


def state_words(cause: Cause) -> str:
    """Say how many of its tasks are in which state: *2 failed · 310 waiting*."""
    counts = cause["states"]
    failed, unsure = counts.get(State.FAILED, 0), counts.get(State.UNCERTAIN, 0)
    waiting = counts.get(State.WAITING, 0)
    under_way = on_the_way(cause)
    said = [
        failed and translate("causes", "%Ln failed", None, failed),
        unsure and translate("causes", "%Ln uncertain", None, unsure),
        waiting and translate("causes", "%Ln waiting", None, waiting),
        under_way and translate("causes", "%Ln being tried again", None, under_way),
    ]
    return " · ".join(words for words in said if words)


def place_words(cause: Cause) -> str:
    """Name the places where it was met last."""
    places = cause["where"]
    words = ", ".join(places[:SHOWN_PLACES])
    return words if len(places) <= SHOWN_PLACES else f"{words}, …"


def new_words(cause: Cause, now: float) -> str:
    """Say how many came after a person had its tasks tried again."""
    retried = epoch(cause["retried_at"])
    if retried is None or not cause["new_since_retry"]:
        return ""
    words = translate("causes", "%Ln new since the retry at {}", None, cause["new_since_retry"])
    return words.format(minute_of_day(retried, now))


def help_words(cause: Cause, now: float) -> str:
    """Say in a cell what helps, or that it is being tried again."""
    if not stopped(cause):
        return translate("causes", "%Ln being tried again", None, on_the_way(cause))
    said = [cure_words(cause["cure"]), new_words(cause, now)]
    return " · ".join(words for words in said if words)
