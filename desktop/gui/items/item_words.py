"""Texts about items: whether the recipient was informed, and the state of each task."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from desktop.contract.items import COUNTED, MAIL_QUEUE, Informed
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
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from desktop.contract.items import DeedLine, Item
    from desktop.contract.office import OfficeRow
    from desktop.gui.kit.words.task_row import Row
    from sendoff_tasks.model.tasks import LogLine


translate = QCoreApplication.translate
UNTOLD: Final = frozenset({Informed.NO, Informed.NOT_SURE, Informed.NOT_YET})
"""The kinds for which deeds and further actions are shown."""
_SOON: Final = 3600.0
"""Seconds; a message that starts sooner is announced without a time."""


class InformedLook(NamedTuple):
    """The icon, colour and names (in a cell, on a chip) of a kind; names are to be translated."""

    icon: str
    token: str
    word: str
    chip: str


def _look(icon: str, token: str, word: object, chip: object) -> InformedLook:
    return InformedLook(icon, token, str(word), str(chip))


LOOKS_OF_INFORMED: Final[dict[str, InformedLook]] = {
    Informed.YES: _look(
        "circle-check",
        "succeeded",
        QT_TRANSLATE_NOOP("items", "yes"),
        QT_TRANSLATE_NOOP("items", "Informed"),
    ),
    Informed.NOT_YET: _look(
        "circle-dashed",
        "queued",
        QT_TRANSLATE_NOOP("items", "not yet"),
        QT_TRANSLATE_NOOP("items", "Not yet"),
    ),
    Informed.NO: _look(
        "circle-x",
        "failed",
        QT_TRANSLATE_NOOP("items", "no"),
        QT_TRANSLATE_NOOP("items", "Not informed"),
    ),
    Informed.NOT_SURE: _look(
        "circle-help",
        "uncertain",
        QT_TRANSLATE_NOOP("items", "uncertain"),
        QT_TRANSLATE_NOOP("items", "Uncertain"),
    ),
    Informed.KEPT: _look(
        "inbox",
        "kept",
        QT_TRANSLATE_NOOP("items", "kept"),
        QT_TRANSLATE_NOOP("items", "Kept"),
    ),
}
"""Looks of kinds, in the order of the chips."""


class TaskChip(NamedTuple):
    """A task of an item: its title, and the look and name of its state."""

    title: str
    icon: str
    token: str
    word: str


def informed_word(informed: str | None) -> str:
    """Say whether the recipient was informed; empty if no message was asked for."""
    look = LOOKS_OF_INFORMED.get(informed or "")
    return "" if look is None else translate("items", look.word)


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


def task_chips(item: Item) -> list[TaskChip]:
    """Return a chip for each task title: its newest task, preferably not a copy."""
    copies_first = sorted(item["tasks"], key=lambda task: not task["copy"])
    newest = {task["title"]: task for task in copies_first}
    return [_chip(task) for task in newest.values()]


def tasks_in_words(item: Item) -> str:
    """Say each task's state on a line: *Confirmation: Sent · 12:05 · to ada@example.org*."""
    said, now = translate("items", "{title}: {state}"), time.time()
    rows = [row_of(task) for task in item["tasks"]]
    return "\n".join(said.format(title=row.title, state=line_words(row, now)) for row in rows)


def counted(counts: Mapping[str, int], kinds: Sequence[str], *, exact: bool) -> str:
    """Say how many items there are of some kinds, with a plus if not all were counted."""
    some = [counts.get(kind, 0) for kind in kinds]
    words = QLocale().toString(sum(some))
    is_all = exact and all(count < COUNTED for count in some)
    return words if is_all else translate("items", "{}+").format(words)


def headline(item: Item) -> str:
    """Name an item: *Item 1204 · Ada Lovelace*."""
    name = translate("items", "Item {}").format(item["item_id"])
    return " · ".join(filter(None, (name, who(item))))


def informed_sentence(item: Item, now: float) -> str:
    """Say whether and when the recipient was informed, or what prevents it."""
    said = _informed_words(item, now)
    return sentences(said, _erased_words()) if item["erased"] else said


def _erased_words() -> str:
    """Say that only the number, the times and the verdict are left of an item."""
    return translate("items", "Its name, address and fields were deleted.")


def _informed_words(item: Item, now: float) -> str:
    match item["informed"]:
        case Informed.YES:
            return _told_words(item, now)
        case Informed.NOT_YET:
            first = _first_open(item)
            if first is not None and first.look == ON_HOLD:
                return translate(
                    "items", "Not informed yet: the e-mail is on hold until the problem is fixed."
                )
            if first is not None and first.is_fixed:
                return translate(
                    "items", "Not informed yet: the e-mail is ready to be sent and waits for you."
                )
            if first is None or _starts_at(first) < now + _SOON:
                return translate("items", "Not informed yet: the e-mail is still to be sent.")
            later = translate("items", "Not informed yet: the e-mail is sent {}.")
            return later.format(starts(first, now))
        case Informed.NO:
            return sentences(translate("items", "Not informed."), _error(item))
        case Informed.NOT_SURE:
            unsure = translate("items", "Uncertain: it may have been sent. Say whether it was.")
            if not messages(item):
                unsure = translate("items", "Uncertain: it may have been sent.")
            elif not any(task["state"] == State.UNCERTAIN for task in messages(item)):
                unsure = translate("items", "Uncertain: it was cancelled, but may have arrived.")
            return sentences(unsure, _error(item))
        case Informed.KEPT:
            return translate("items", "Kept on this computer, in practice mode. Nothing was sent.")
    return translate("items", "There is no e-mail to its recipient.")


def _told_words(item: Item, now: float) -> str:
    """Say that the recipient was informed, and when."""
    end = _last_end(item) or epoch(item["informed_at"])
    if end is None:
        return translate("items", "Informed: the e-mail was sent.")
    if any(row_of(task).is_settled for task in _sent(item)):
        words = translate("items", "Informed: marked as sent by a person, {}.")
        return words.format(day_and_time(end, now))
    return translate("items", "Informed: the e-mail was sent, {}.").format(day_and_time(end, now))


def why_words(item: Item) -> str:
    """Say in a cell why the recipient is not informed or uncertain, or who marked it as sent.

    Empty if that is unknown.
    """
    own = messages(item)
    if item["erased"]:
        return _erased_words()
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
    seen = translate("items", "Seen") if row.seen and not row.is_repeated else ""
    parts = [state_word(row), words] if row.state == State.CANCELLED else [seen, words]
    return " · ".join(filter(None, parts))


def correctable(item: Item) -> int | None:
    """Return the newest message, through which the item can be corrected; ``None`` if one runs."""
    own = messages(item)
    if not own or any(task["state"] == State.RUNNING for task in own):
        return None
    return max(task["id"] for task in own)


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


def _last_end(item: Item) -> float | None:
    """Return when the newest sent message was sent."""
    sent = _sent(item)
    return epoch(sent[-1]["finished_at"]) if sent else None


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


def _chip(task: OfficeRow) -> TaskChip:
    """Return a task's chip; a task marked as seen is grey."""
    row = row_of(task)
    look = LOOKS[row.look]
    icon, token = ("eye", "cancelled") if task["seen"] else (look.icon, look.token)
    return TaskChip(task["title"], icon, token, look_word(row.look, row.queue))


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
    words = translate("items", "copy to {}") if row.copy else translate("items", "to {}")
    return words.format(written_address(row.to))


Corrected = tuple[str, list[tuple[str, str, str]]]
"""When an item was corrected, and the changed values: name, old value, new value."""
MOST: Final = 5
"""The most deeds in the line; older ones are left out."""
_DEEDS: Final[dict[Deed, object]] = {
    Deed.CANCELLED: QT_TRANSLATE_NOOP("items", "cancelled {}"),
    Deed.RETRIED: QT_TRANSLATE_NOOP("items", "retried {}"),
    Deed.DONE: QT_TRANSLATE_NOOP("items", "marked as sent {}"),
    Deed.AGAIN: QT_TRANSLATE_NOOP("items", "sent again {}, although it may have arrived"),
    Deed.SEEN: QT_TRANSLATE_NOOP("items", "marked as seen {}"),
    Deed.UNSEEN: QT_TRANSLATE_NOOP("items", "marked as not seen {}"),
}


def deed_words(
    messages: Iterable[OfficeRow],
    lines: Iterable[LogLine | DeedLine],
    when: Callable[[float], str],
    corrected: Iterable[Corrected] = (),
) -> str:
    """Say in one line what people did with messages, and when, oldest first.

    ``corrected`` are the item's corrections, if they are to be included.
    """
    again = translate("items", "sent again {}")
    done = [(task["created_at"], again) for task in messages if task["resend_of"] is not None]
    done += [
        (line["at"], translate("items", str(_DEEDS[line["deed"]])))
        for line in lines
        if line["deed"] is not None
    ]
    told = [(at, words.format(when(epoch(at) or 0.0))) for at, words in done]
    corrected_words = translate("items", "corrected {} ({})")
    for at, changed in corrected:
        what = "; ".join(f"{key}: {was} → {became}" for key, was, became in changed)
        told.append((at, corrected_words.format(when(epoch(at) or 0.0), what)))
    said = [words for _, words in sorted(told)]
    most = ["…", *said[-MOST:]] if len(said) > MOST else said
    return translate("items", "By a person: {}").format(" · ".join(most)) if said else ""
