"""Texts about queues that are on hold or wait for their server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.words.ages import MINUTE, day_and_time
from desktop.gui.kit.words.states import capital, sentences
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.model.reasons import OUTAGES
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from sendoff_tasks.model.queues import Queue


_PLACES: Final = frozenset({"sign_in", "mail_settings"})
"""Where a person ends a hold, besides a retry."""


def waits_for_server(queue: Queue) -> bool:
    """Tell whether a queue waits for its server and tries it from time to time."""
    held = queue["held"]
    return held is not None and held["until"] is not None and queue["paused"] is None


def still_held_words(queue: Queue) -> str:
    """Say that a queue stays on hold after *Resume*, and what ends the hold; else empty.

    The notice of the hold says why. A queue that waits for its server continues by itself.
    """
    held = queue["held"]
    if held is None or held["until"] is not None:
        return ""
    stays = say("queue_hold", "still", queue=WORDS.queue(queue["name"]))
    place = held["action"] if held["action"] in _PLACES else "other"
    return sentences(stays, say("queue_hold", place))


def held_again_words(queue: Queue) -> str:
    """Say that a try did not end the hold of a queue; empty if it is not on hold.

    The notice of the hold says why. This is not about a queue that waits for its server.
    """
    held = queue["held"]
    if held is None or held["until"] is not None:
        return ""
    return say("queue_hold", "tried", queue=WORDS.queue(queue["name"]))


def trying_words(queue: Queue) -> str:
    """Say that a queue is trying its server."""
    return say("queue_hold", "trying", server=_server(queue))


def still_awaited_words(queue: Queue, now: float) -> str:
    """Say that a queue's server is still not available, and when the queue tries again."""
    held = queue["held"]
    if held is None:
        return ""
    kind = held["kind"] if held["kind"] in OUTAGES else "quota"
    found = say("queue_hold", kind, server=capital(_server(queue)))
    moment = epoch(held["until"]) or now
    following = day_and_time(moment, now, seconds=moment < now + MINUTE)
    return sentences(found, say("queue_hold", "next", time=following))


def _server(queue: Queue) -> str:
    name = "mail_server" if queue["name"] == MAIL_QUEUE else "server_of"
    return say("queue_hold", name, queue=queue["name"])
