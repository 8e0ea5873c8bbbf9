"""The sentences of the backend's notices."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop.contract.reasons import OUTAGES, Reason
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.reasons import queue_title
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.events import Notice

HELD_QUEUE: Final = "queue:"
"""The prefix of notices about queues on hold."""
PAUSED: Final = "paused:"
"""The prefix of notices about paused queues; the bare prefix means all, or several together."""

SHOWN_QUEUES: Final = 3
"""Number of queues that are named if more are paused."""
_PAUSES: Final = {Reason.ALL_PAUSED, Reason.QUEUE_PAUSED}

translate = QCoreApplication.translate


def notice_words(notice: Notice, *, may_act: bool = True, is_paused: bool = False) -> str:
    """Return the sentence of a notice.

    For a queue on hold it says why and how it goes on; for a pause, since when; any other notice
    has its own text. Without ``may_act`` it names no button. A queue on hold that ``is_paused`` as
    well tries again only after the pause.
    """
    if notice.get("reason") in _PAUSES:
        return _paused(notice)
    if not notice["id"].startswith(HELD_QUEUE):
        return notice["text"]
    queue = notice["id"].removeprefix(HELD_QUEUE)
    if notice.get("reason") in OUTAGES:
        return _outage(notice, queue, is_paused=is_paused)
    if notice["action"] == "mail_settings":
        held = translate("notices", "Sending e-mail is on hold: {why}").format(why=notice["text"])
        way_out = translate(
            "notices",
            "All waiting e-mails are sent after a successful test in the mail settings.",
        )
    else:
        held = translate("notices", "The queue {queue} is on hold: {why}")
        held = held.format(queue=queue, why=notice["text"])
        if not may_act:
            return sentences(held)
        way_out = translate("notices", "Fix the problem, then press Try now at one of its tasks.")
    return sentences(held, way_out)


def paused_words(queues: Sequence[str]) -> str:
    """Say that several queues are paused, with the titles of the first of them."""
    titles = [queue_title(each) for each in sorted(queues)]
    shown = ", ".join([*titles[:SHOWN_QUEUES], *(["…"] if len(titles) > SHOWN_QUEUES else [])])
    return translate("notices", "%Ln queues are paused: {}", None, len(titles)).format(shown)


def stops_in_brief(notices: Sequence[Notice]) -> tuple[str, str]:
    """Return a brief and a full text about what is paused or on hold, both empty if nothing is.

    If everything is paused, single queues are not named. A pause is named before a hold.
    """
    pauses = [each for each in notices if each["id"].startswith(PAUSED)]
    paused = {each["id"].removeprefix(PAUSED): each for each in pauses}
    held = next((each for each in notices if each["id"].startswith(HELD_QUEUE)), None)
    if held is not None and not paused:
        is_awaited = held.get("reason") in OUTAGES
        waits = translate("notices", "Waiting for the server")
        return waits if is_awaited else translate("notices", "On hold"), notice_words(held)
    if not paused:
        return "", ""
    if "" in paused:
        return translate("notices", "Paused"), _paused(paused[""])
    brief = translate("notices", "%Ln queues paused", None, len(paused))
    return brief, _paused(pauses[0]) if len(paused) == 1 else paused_words([*paused])


def _paused(notice: Notice) -> str:
    """Say since when everything or a queue is paused."""
    data, now = notice.get("reason_data", {}), time.time()
    since = day_and_time(epoch(data.get("since")) or now, now)
    queue = data.get("queue")
    if queue is None:
        return translate("notices", "Everything has been paused since {}.").format(since)
    words = translate("notices", "The queue {queue} has been paused since {since}.")
    return words.format(queue=queue_title(queue), since=since)


def _outage(notice: Notice, queue: str, *, is_paused: bool) -> str:
    """Say since when a queue waits for its server, and when it tries again."""
    data, now = notice.get("reason_data", {}), time.time()
    since = day_and_time(epoch(data.get("since")) or now, now)
    server = data.get("server") or translate("notices", "the server of {}").format(queue)
    if notice.get("reason") == Reason.OFFLINE:
        found = translate("notices", "No connection to {server} since {since}.")
        goes_on = translate("notices", "Sendoff keeps trying; nothing is lost.")
    else:
        found = translate("notices", "The limit of {server} was reached at {since}.")
        goes_on = translate("notices", "Sendoff tries again now; nothing is lost.")
        moment = epoch(data.get("until")) or now
        if moment > now:
            goes_on = translate("notices", "Sendoff tries again at {}; nothing is lost.")
            goes_on = goes_on.format(day_and_time(moment, now))
    if is_paused:
        goes_on = translate("notices", "Sendoff tries again after the pause; nothing is lost.")
    return sentences(found.format(server=server, since=since), goes_on)
