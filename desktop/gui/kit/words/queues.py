"""Texts about queues: whether they are paused or on hold, their limits and their length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.words.ages import MINUTE, day_and_time
from desktop.gui.kit.words.states import capital, sentences
from desktop.gui.kit.words.table import WORDS
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import DAY_MS, Rate, epoch

if TYPE_CHECKING:
    from sendoff_tasks.model.queues import Queue

translate = QCoreApplication.translate


def queue_words(queue: Queue, now: float) -> str:
    """Say at epoch second ``now`` whether a queue is stopped, its limits and its length."""
    limit = WORDS.rate(queue["rate"])
    per_day = queue["per_day"]
    daily = "" if per_day is None else WORDS.rate(str(Rate(per_day, DAY_MS)))
    said = (_standstill(queue, now), limit, daily, *_line(queue))
    return " · ".join(each for each in said if each)


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
    stays = translate("queues", "{} is still on hold.").format(WORDS.queue(queue["name"]))
    if held["action"] == "sign_in":
        ends = translate("queues", "Sign in in the mail settings.")
    elif held["action"] == "mail_settings":
        ends = translate(
            "queues", "Save working mail settings, or press Try now at one of its tasks."
        )
    else:
        ends = way_out_words()
    return sentences(stays, ends)


def way_out_words() -> str:
    """Say what ends the hold of a queue, if it is not in the mail settings."""
    return translate("queues", "Fix the problem, then press Try now at one of its tasks.")


def held_again_words(queue: Queue) -> str:
    """Say that a try did not end the hold of a queue; empty if it is not on hold.

    The notice of the hold says why. This is not about a queue that waits for its server.
    """
    held = queue["held"]
    if held is None or held["until"] is not None:
        return ""
    words = translate("queues", "It was tried. {} is still on hold.")
    return words.format(WORDS.queue(queue["name"]))


def trying_words(queue: Queue) -> str:
    """Say that a queue is trying its server."""
    return translate("queues", "Trying {}…").format(_server(queue))


def still_awaited_words(queue: Queue, now: float) -> str:
    """Say that a queue's server is still not available, and when the queue tries again."""
    held = queue["held"]
    if held is None:
        return ""
    server = capital(_server(queue))
    if held["kind"] == Reason.OFFLINE:
        found = translate("queues", "{} still cannot be reached.").format(server)
    else:
        found = translate("queues", "{} still accepts no more e-mails.").format(server)
    moment = epoch(held["until"]) or now
    following = day_and_time(moment, now, seconds=moment < now + MINUTE)
    return sentences(found, translate("queues", "Sendoff tries again at {}.").format(following))


def _server(queue: Queue) -> str:
    if queue["name"] == MAIL_QUEUE:
        return translate("queues", "the mail server")
    return translate("queues", "the server of {}").format(queue["name"])


def _standstill(queue: Queue, now: float) -> str:
    paused, held = queue["paused"], queue["held"]
    if paused is not None:
        since = day_and_time(epoch(paused["since"]) or now, now)
        return translate("queues", "paused since {}").format(since)
    if held is None:
        return ""
    match held["kind"]:
        case Reason.OFFLINE:
            return translate("queues", "waiting for the connection")
        case Reason.QUOTA:
            return translate("queues", "waiting for the provider")
        case _:
            return translate("queues", "on hold")


def _line(queue: Queue) -> list[str]:
    counts = queue["counts"]
    running = counts.get(State.RUNNING, 0)
    waiting = counts.get(State.QUEUED, 0) + counts.get(State.WAITING, 0)
    said = []
    if running:
        said.append(translate("queues", "{} running").format(QLocale().toString(running)))
    if waiting:
        said.append(translate("queues", "{} waiting").format(QLocale().toString(waiting)))
    return said or [translate("queues", "empty")]
