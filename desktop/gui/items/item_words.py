"""Texts about items: whether the recipient was informed, and the state of each task."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.contract.items import MAIL_QUEUE, Informed
from desktop.contract.office import OfficeReason
from desktop.contract.rules.mailbox import written_address
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.reasons import meaning_of, met_words, reason_words
from desktop.gui.kit.words.states import (
    ASIDE,
    LOOKS,
    look_word,
    marked_state_word,
    progress_words,
    sentences,
    starts,
    state_word,
)
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import ON_HOLD, TO_START, row_of
from sendoff_tasks.model.reasons import PAUSED, Reason
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop.contract.items import DeedLine, Item
    from desktop.contract.office import OfficeRow
    from desktop.gui.kit.words.task_row import Row
    from sendoff_tasks.model.tasks import LogLine


UNTOLD: Final = frozenset({Informed.NO, Informed.UNCERTAIN, Informed.NOT_YET})
"""The kinds for which deeds and further actions are shown."""
_SOON: Final = 3600.0
"""Seconds; a message that starts sooner is announced without a time."""


class InformedLook(NamedTuple):
    """The icon and colour of a kind."""

    icon: str
    token: str


LOOKS_OF_INFORMED: Final[dict[str, InformedLook]] = {
    Informed.YES: InformedLook("circle-check", "succeeded"),
    Informed.NOT_YET: InformedLook("circle-dashed", "queued"),
    Informed.NO: InformedLook("circle-x", "failed"),
    Informed.UNCERTAIN: InformedLook("circle-help", "uncertain"),
    Informed.KEPT: InformedLook("inbox", "kept"),
}
"""Looks of kinds, in the order of the chips."""


def informed_word(informed: str | None) -> str:
    """Say whether the recipient was informed; empty if no message was asked for."""
    return say("informed", informed) if informed else ""


def look_of(item: Item) -> InformedLook | None:
    """Return an item's look, if a message was asked for.

    It is red only if a failure needs a person, and that of a hold if its message is on hold.
    """
    look, own = LOOKS_OF_INFORMED.get(item["informed"] or ""), messages(item)
    if look is not None and item["informed"] == Informed.NOT_YET:
        first = _first_open(item)
        held = LOOKS[ON_HOLD] if first is not None and first.look == ON_HOLD else look
        return look._replace(icon=held.icon, token=held.token)
    if look is None or item["informed"] != Informed.NO:
        return look
    last = max(own, key=lambda task: task["id"], default=None)
    is_red = last is not None and last["state"] == State.FAILED and not last["seen"]
    return look if is_red else look._replace(icon="ban", token=ASIDE)


def who(item: Item) -> str:
    """Return an item's recipient: the name, else the address."""
    recipient = item["recipient"]
    return "" if recipient is None else recipient.get("name") or recipient["email"]


def tasks_in_words(item: Item) -> str:
    """Say the state of the newest task of each title, preferably not of a copy."""
    copies_first = sorted(item["tasks"], key=lambda task: not task["copy"])
    newest = {task["title"]: row_of(task) for task in copies_first}
    return "; ".join(
        say("item", "task", title=title, state=look_word(row.look, row.queue))
        for title, row in newest.items()
    )


def headline(item: Item) -> str:
    """Name an item: *Item 1204 · Ada Lovelace*."""
    name = say("item", "name", number=item["item_id"])
    return " · ".join(filter(None, (name, who(item))))


def informed_lead(item: Item, now: float) -> tuple[str, str]:
    """Say whether and when the recipient was informed; and what prevents it, on a line."""
    informed, variant = item["informed"] or "none", ""
    first, end, own = _first_open(item), _ended_at(item), messages(item)
    if informed == Informed.YES and end is not None:
        is_settled = any(row_of(task).is_settled for task in _sent(item))
        variant = "settled" if is_settled else "at"
    elif informed == Informed.NOT_YET and first is not None:
        later = "at" if _starts_at(first) >= now + _SOON else ""
        variant = "held" if first.look == ON_HOLD else "ready" if first.is_fixed else later
    elif informed == Informed.UNCERTAIN and own:
        is_asked = any(task["state"] == State.UNCERTAIN for task in own)
        variant = "ask" if is_asked else "cancelled"
    when = day_and_time(end, now) if end else starts(first, now) if first else ""
    said = say("item", informed, variant, when=when)
    erased = say("item", "erased") if item["erased"] else ""
    error = _error(item) if informed in {Informed.NO, Informed.UNCERTAIN} else ""
    return said.rstrip("."), sentences(error, erased)


def why_words(item: Item) -> str:
    """Say in a cell why the recipient is not informed or uncertain, or who marked it as sent.

    Empty if that is unknown.
    """
    own = messages(item)
    if item["erased"]:
        return say("item", "erased")
    if item["informed"] == Informed.YES:
        settled = [row for row in map(row_of, _sent(item)) if row.is_settled]
        return reason_words(settled[-1], time.time()) if settled else ""
    if not own or item["informed"] in (None, Informed.KEPT):
        return ""
    row = row_of(([task for task in own if task["error"]] or own)[-1])
    if row.awaits_server:
        return say("reason", row.reason or "", row.own_words)
    if row.state in TO_START and row.reason in _STOPPED:  # an earlier error may be over
        return reason_words(row, time.time())
    is_passing = row.reason in _PASSING and not row.met
    words = "" if is_passing else met_words(row, time.time())
    seen = say("item", "seen") if row.seen and not row.is_repeated else ""
    parts = [state_word(row), words] if row.state == State.CANCELLED else [seen, words]
    return " · ".join(filter(None, parts))


def messages(item: Item) -> list[OfficeRow]:
    """Return the messages to an item's recipient, without copies to others."""
    return [task for task in item["tasks"] if task["queue"] == MAIL_QUEUE and not task["copy"]]


_PASSING: Final = frozenset(
    {Reason.AHEAD, Reason.RATE_LIMIT, Reason.CONCURRENCY_LIMIT, Reason.LANE_FULL}
)
"""Reasons that are over before a person could act."""
_STOPPED: Final = PAUSED | {OfficeReason.BATCH_PAUSED, OfficeReason.BATCH_LIMIT, Reason.QUEUE_HELD}
"""Reasons that stop a ready message together with its batch or queue."""


def _error(item: Item) -> str:
    """Return what the error of the newest message means, or else the error."""
    met = [row_of(task) for task in messages(item) if task["error"]]
    return meaning_of(met[-1].met) or met[-1].error or "" if met else ""


def _ended_at(item: Item) -> float | None:
    """Return when the newest sent message of an informed recipient was sent, if it is known."""
    if item["informed"] != Informed.YES:
        return None
    sent = _sent(item)
    return (epoch(sent[-1]["finished_at"]) if sent else None) or epoch(item["informed_at"])


def _sent(item: Item) -> list[OfficeRow]:
    """Return the messages that were sent, else those a person marked as sent.

    Messages kept by practice mode were not sent; removed tasks are unknown.
    """
    ended = (task for task in messages(item) if task["state"] == State.SUCCEEDED)
    done = [task for task in ended if task["reason"] != Reason.KEPT]
    return [task for task in done if not row_of(task).is_settled] or done


def _first_open(item: Item) -> Row | None:
    """Return the item's open message that starts first."""
    is_open = (row_of(each) for each in messages(item) if each["state"] in OPEN)
    return min(is_open, key=_starts_at, default=None)


def _starts_at(message: Row) -> float:
    """Return when a message is scheduled; 0 if it is not."""
    return (message.run_at if message.state == State.SCHEDULED else None) or 0.0


def line_words(row: Row, now: float) -> str:
    """Say a task's state; for a message also its recipient and when it was sent."""
    how = progress_words(row, now)
    words = [how] if row.kept and not row.is_repeated else [marked_state_word(row), how]
    if row.is_mail:
        words[1:1] = [_sent_at(row, now), _addressee(row)]
    return " · ".join(filter(None, words))


def _sent_at(row: Row, now: float) -> str:
    if row.state != State.SUCCEEDED or row.finished is None or row.is_settled:
        return ""
    return day_and_time(row.finished, now)


def _addressee(row: Row) -> str:
    if not row.to:
        return ""
    return say("item", "copy_to" if row.copy else "to", to=written_address(row.to))


Corrected = tuple[str, list[tuple[str, str, str]]]
"""When an item was corrected, and the changed values: name, old value, new value."""
MOST: Final = 5
"""The most deeds in the line; older ones are left out."""


def history_line(
    messages: Iterable[OfficeRow],
    lines: Iterable[LogLine | DeedLine],
    when: Callable[[float], str],
    corrected: Iterable[Corrected] = (),
) -> str:
    """Say in one line what people did with messages, and when, oldest first.

    ``corrected`` are the item's corrections, if they are to be included.
    """
    done = [(task["created_at"], "resent", "") for task in messages if task["resend_of"]]
    done += [(line["at"], line["deed"], "") for line in lines if line["deed"] is not None]
    for at, changed in corrected:
        what = "; ".join(f"{key}: {was} → {became}" for key, was, became in changed)
        done.append((at, "corrected", what))
    said = [
        say("item_history", name, when=when(epoch(at) or 0.0), changes=changes)
        for at, name, changes in sorted(done)
    ]
    most = ["…", *said[-MOST:]] if len(said) > MOST else said
    return say("item_history", "line", deeds=" · ".join(most)) if said else ""
