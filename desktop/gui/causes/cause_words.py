"""Texts and counts about causes: how many tasks each stops, where, since when, and what helps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import MAIL_TASKS
from desktop.contract.causes import CASES, ON_THE_WAY, CauseKind, Cure
from desktop.contract.states import State
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.reasons import cure_words
from desktop.gui.kit.words.states import LOOKS, sentences
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from desktop.contract.causes import Cause
    from desktop.gui.kit.words.states import Look

translate = QCoreApplication.translate

_FAILURES: Final = {CauseKind.ANSWER, CauseKind.SAID, CauseKind.TIMEOUT}
"""Kinds that make the last attempt fail; only an earlier attempt can be uncertain."""
SHOWN_PLACES = 3
"""The most places in a cell."""


def stopped(cause: Cause) -> int:
    """Count the tasks that a cause stops, including rows that are still in batches."""
    return sum(cause["states"].get(state, 0) for state in CASES) + cause["behind"]


def parts(cause: Cause) -> list[tuple[State, int]]:
    """Count the stopped tasks by state, worst first, then those that are tried again.

    A task that its batch has put aside, as in a pause, is *scheduled*, not tried again.
    """
    shown = (State.FAILED, State.UNCERTAIN, State.WAITING)
    counts = {state: cause["states"].get(state, 0) for state in shown}
    counts[State.WAITING] += cause["behind"]
    counts[State.SCHEDULED] = cause["states"].get(State.SCHEDULED, 0)
    counts[State.RUNNING] = on_the_way(cause) - counts[State.SCHEDULED]
    return [(state, n) for state, n in counts.items() if n] or [(State.RUNNING, 0)]


def look_of(cause: Cause, state: State) -> Look:
    """Return the look of its tasks in a state; a pause has its own icon."""
    look = LOOKS[state]
    return replace(look, icon="pause") if cause["cure"] == Cure.RESUME else look


def on_the_way(cause: Cause) -> int:
    """Count its tasks that are being tried again, or soon will be."""
    return sum(cause["states"].get(state, 0) for state in ON_THE_WAY)


def state_words(cause: Cause) -> str:
    """Say how many of its tasks are in each state: *2 failed · 310 waiting*."""
    return " · ".join(words for _, words in words_of_parts(cause))


def words_of_parts(cause: Cause) -> list[tuple[State, str]]:
    """Say how many tasks each of the :func:`parts` has, and how many are still in batches."""
    counts = dict(parts(cause))
    failed, unsure = counts.get(State.FAILED, 0), counts.get(State.UNCERTAIN, 0)
    waiting, under_way = counts.get(State.WAITING, 0), counts.get(State.RUNNING, 0)
    later = counts.get(State.SCHEDULED, 0)
    awaited = translate("causes", "%Ln waiting", None, waiting)
    if cause["behind"]:
        in_batches = translate("causes", "{} still in batches").format(figure(cause["behind"]))
        awaited = f"{awaited} ({in_batches})"
    said = {
        State.FAILED: translate("causes", "%Ln failed", None, failed),
        State.UNCERTAIN: _unsure_words(cause, unsure),
        State.WAITING: awaited,
        State.SCHEDULED: translate("causes", "%Ln scheduled", None, later),
        State.RUNNING: translate("causes", "%Ln queued again", None, under_way),
    }
    return [(state, said[state]) for state, n in counts.items() if n]


def _unsure_words(cause: Cause, count: int) -> str:
    """Say how many are uncertain; if the cause is a failure, an earlier attempt made them so."""
    about = cause["about"]
    if about.get("task") in MAIL_TASKS and about.get("kind") in _FAILURES:
        return translate(
            "causes", "%Ln uncertain: an earlier attempt may have sent them", None, count
        )
    return translate("causes", "%Ln uncertain", None, count)


def place_words(cause: Cause) -> str:
    """Name the places where it happened most recently."""
    places = cause["where"]
    words = ", ".join(places[:SHOWN_PLACES])
    return words if len(places) <= SHOWN_PLACES else f"{words}, …"


def new_words(cause: Cause, now: float) -> str:
    """Say how many tasks met it since the retry, and when that was.

    They may be the same tasks or others, and they may wait instead of having failed.
    """
    retried = epoch(cause["retried_at"])
    words = new_count_words(cause)
    if retried is None or not words:
        return ""
    return translate("causes", "{} at {}").format(words, minute_of_day(retried, now))


def new_count_words(cause: Cause) -> str:
    """Say how many tasks met it since the retry."""
    new = cause["new_since_retry"] if cause["retried_at"] is not None else 0
    if not new:
        return ""
    if any(cause["states"].get(state) for state in (State.WAITING, State.UNCERTAIN)):
        return translate("causes", "%Ln since the retry", None, new)
    return translate("causes", "%Ln failed since the retry", None, new)


def over_words(since: float, now: float) -> str:
    """Say that a cause is over."""
    return translate("causes", "Over since {}").format(minute_of_day(since, now))


def whole_over_words(cause: Cause, since: float, now: float) -> str:
    """Say that a cause is over, how many tasks it had, and where later failures are listed."""
    words = translate("causes", "It no longer stops any of its %Ln tasks", None, cause["count"])
    elsewhere = translate(
        "causes", "Tasks that failed for another reason since then are listed under that reason"
    )
    is_stop = cause["about"].get("kind") == CauseKind.REASON
    return sentences(over_words(since, now), words, "" if is_stop else elsewhere)


def help_words(cause: Cause, new: str) -> str:
    """Say what helps, or that its tasks are queued again; ``new`` is appended."""
    if not stopped(cause):
        return state_words(cause)
    return " · ".join(filter(None, [cure_words(cause["cure"]), new]))


def cure_verb(cause: Cause) -> str:
    """Return the verb of a click on the cure.

    Uncertain tasks have two possible actions, so the click shows the tasks.
    """
    return "tasks" if cause["cure"] == Cure.RESOLVE else str(cause["cure"])
