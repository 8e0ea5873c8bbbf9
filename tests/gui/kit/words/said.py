"""All that is said of tasks, times and answers: ``python -m tests.library.words.said`` writes it.

A block is a task: its state, with seconds, attempts and share; its sentence in the list;
its headline; what explains it, and that to who may only look where it is another text; its actions.
"""

from __future__ import annotations

import errno
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest.mock import patch

from desktop.gui.kit.words.ages import DAY, day_and_time, duration, minute_of_day, since, until
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.queues import still_held_words
from desktop.gui.kit.words.reasons import brief_cause_words, cure_words, meaning_of
from desktop.gui.kit.words.states import (
    attempts_words,
    marked_state_word,
    progress_words,
    status_words,
    took_words,
)
from desktop.gui.kit.words.table import WORDS
from desktop.gui.kit.words.task_row import Row, row_of
from desktop.gui.kit.words.verbs import (
    beside,
    counted,
    effect_of,
    failed_words,
    result,
    skipped_words,
    tip_of,
    under_way,
)
from desktop.gui.tasks.acting.task_actions import effects
from desktop.gui.tasks.detail.leads import explanation, headline, sentence
from desktop.sheets.faults import SheetError, SheetFault
from sendoff_tasks.causes import because
from sendoff_tasks.model.causes import CauseAbout, CauseKind, Cure
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.model.tasks import BulkAnswer, Skipped
from sendoff_tasks.words.table import ENGLISH
from tests.gui.frame.test_head import HELD, queue
from tests.gui.locales import BRITAIN, in_locale
from tests.gui.tasks.acting.pending_rows import fitting
from tests.gui.tasks.table.task_source import stamp, task_row

if TYPE_CHECKING:
    from collections.abc import Iterator

APPROVED: Final = Path(__file__).with_name("said.txt")
NOW: Final = 1_790_000_100.0


class Told(NamedTuple):
    """A task, and the fields that its letter lacks."""

    row: Row
    lacks: tuple[str, ...] = ()
    template: str = ""


def of(state: str, *lacks: str, template: str = "", **changes: Any) -> Told:
    """Make a task of a state."""
    return Told(row_of(task_row(1, state, **changes)), lacks, template)


def at(seconds: float) -> dict[str, str]:
    """Return when a task is to start, in seconds from now."""
    return {"run_at": stamp(NOW + seconds)}


def why(reason: str, **data: Any) -> dict[str, Any]:
    """Return a reason with its data."""
    return {"reason": reason, "reason_data": data}


def of_mode(name: str, reason: Reason) -> dict[str, Any]:
    """Return why a message of the other mode waits."""
    words = ENGLISH.say("sending", name)
    told = because(reason, error=words, text=words)
    return {"run_at": None, **why(reason.value, **told.data)}


PERSON: Final = "held_for_person"
PDF: Final[dict[str, Any]] = {"queue": "pdf", "task": "pdf"}
OWN: Final[dict[str, Any]] = {"queue": "receipts", "task": "receipt"}
SINCE: Final[dict[str, Any]] = {"since": stamp(NOW - 60)}
NO_PAPER: Final[dict[str, Any]] = why(PERSON, text="No paper")
FAULT: Final = "The template “Letter” does not render, line 2 of the text: x"
REFUSAL: Final = "mx.example.org refused the recipient: 550 5.1.1 No such user"
ANSWER: Final[dict[str, Any]] = {
    "server": "mx.example.org",
    "code": 550,
    "said": "550 5.1.1 No such user",
}
REFUSED: Final[dict[str, Any]] = {"error": REFUSAL, **why("final_answer", **ANSWER)}
LATER: Final[dict[str, Any]] = {"error": "451 later", "reason": "retry_later"}
WRONG: Final[dict[str, Any]] = {"queue": "mail", "text": "127.0.0.1 wants another login: 530"}
GONE: Final[dict[str, Any]] = {
    "queue": "mail",
    "since": stamp(NOW - 600),
    "text": "mx:587 cannot be reached.",
}
DAILY: Final[dict[str, Any]] = {"queue": "mail", "limit": "21/day", "until": stamp(NOW + 1800)}
OLDER: Final = "These tasks are older than those that were here last. Check them, then resume."
PAUSED: Final[dict[str, Any]] = {"paused": SINCE["since"]}
HOLD: Final[dict[str, Any]] = {"on_hold": "530 wrong password"}
OVER: Final[dict[str, Any]] = {"progress": {"done": 1, "total": 2, "text": "handed over"}}
ENDED: Final[dict[str, Any]] = {
    "started_at": stamp(NOW - 122),
    "finished_at": stamp(NOW),
    "attempt": 2,
}
NEXT: Final[dict[str, Any]] = {
    "to": "Anna <anna@old.example>",
    "next_to": "Anna <anna@new.example>",
}
NAMED: Final[dict[str, Any]] = {**NEXT, "next_to": "Anna L <anna@old.example>"}
GREY: Final[dict[str, Any]] = {
    "to": NEXT["next_to"],
    "error": "mx said 451.",
    "reason": "retry_later",
    **at(420),
}
CRASHED: Final[dict[str, Any]] = why("held_after_crashes", count=3)

ROWS: Final[dict[str, Told]] = {
    "sent": of("succeeded"),
    "own, done": of("succeeded", **PDF),
    "sent, to another now": of("succeeded", **NEXT),
    "sent, then again": of("succeeded", **why("", task_id=9)),
    "kept": of("succeeded", reason="kept"),
    "kept, of another queue": of("succeeded", reason="kept", queue="sms"),
    "kept, and sent since": of("succeeded", **why("kept", task_id=9)),
    "kept, to another now": of("succeeded", reason="kept", **NEXT),
    "marked as sent": of("succeeded", reason="settled_by_person", **ENDED),
    "marked as done": of("succeeded", reason="settled_by_person", **ENDED, **OWN),
    "running": of("running", started_at=stamp(NOW - 3), attempt=2),
    "own, running": of("running", **PDF, started_at=stamp(NOW - 0.02)),
    "running, handed over": of("running", **OVER),
    "own, with the same words": of("running", task="receipt", **OVER),
    "running, 64 of 100": of("running", **PDF, progress={"done": 64, "total": 100, "text": ""}),
    "running, page 3": of("running", **PDF, progress={"done": 3, "total": None, "text": "page 3"}),
    "running, 9 of none": of("running", **PDF, progress={"done": 9, "total": 0, "text": ""}),
    "running, 9 of -1": of("running", **PDF, progress={"done": 9, "total": -1, "text": ""}),
    "running, 9 of 3": of("running", **PDF, progress={"done": 9, "total": 3, "text": ""}),
    "running, over its time": of(
        "running",
        **PDF,
        progress={"done": 6, "total": 9, "text": "page 6"},
        **why("overdue", limit=1_000_000.0, stops=False),
    ),
    "running, to be stopped": of("running", **why("overdue", limit=1.0, stops=True)),
    "running, asked to stop": of("running", reason="cancel_requested"),
    "queued": of("queued", attempt=0, started_at=None),
    "queued, paused": of("queued", **why("queue_paused", queue="mail", **SINCE)),
    "own, queue paused": of("queued", queue="books", **why("queue_paused", queue="books", **SINCE)),
    "queued, all paused": of("queued", **why("all_paused", **SINCE, text=OLDER)),
    "queued, behind a hold": of("queued", **why("queue_held", **WRONG)),
    "queued, password": of("queued", **why("queue_held", **WRONG, code=535)),
    "queued, offline": of(
        "queued", error=GONE["text"], attempt=3, **why("offline", **GONE, until=stamp(NOW + 40))
    ),
    "queued, offline, tried": of("queued", **why("offline", **GONE, until=stamp(NOW))),
    "queued, quota": of("queued", **why("quota", **GONE, until=stamp(NOW + 1800), code=550)),
    "waiting, quota": of(
        "waiting", error="451", **at(22), **why("quota", **GONE, until=stamp(NOW + 1800))
    ),
    "own, quota": of("queued", **OWN, **why("quota", **GONE, until=stamp(NOW + 1800))),
    "own, quota, tried": of("queued", **OWN, **why("quota", **GONE, until=stamp(NOW))),
    "queued, 2 ahead": of("queued", **why("ahead", queue="mail", limit=4, count=2)),
    "queued, many ahead": of("queued", **why("ahead", queue="mail", limit=4, count=None)),
    "queued, far away": of("queued", **why("ahead", **DAILY, count=None)),
    "queued, next": of("queued", **why("rate_limit", queue="mail", limit="30/min")),
    "queued, next of many": of("queued", **why("rate_limit", queue="mail", limit="1500/h")),
    "queued, next of a day": of("queued", **why("rate_limit", **DAILY)),
    "queued, lacks": of("queued", "fee"),
    "scheduled": of("scheduled", attempt=0, **at(4)),
    "scheduled, lacks": of("scheduled", "fee", "seat", **at(60)),
    "scheduled, its template lacks": of("scheduled", "fee", template="Letter", **at(60)),
    "scheduled, offline": of("scheduled", reason="offline"),
    "scheduled, paused": of("scheduled", **at(4), **why("delayed", **PAUSED)),
    "scheduled, paused, far": of("scheduled", **at(900), **why("delayed", **PAUSED)),
    "scheduled, all paused": of("scheduled", **at(60), **why("delayed", **PAUSED, text=OLDER)),
    "scheduled, queue paused": of("scheduled", **why("queue_paused", queue="mail", **SINCE)),
    "scheduled, on hold": of("scheduled", **at(900), **why("delayed", **HOLD)),
    "scheduled, behind a hold": of("scheduled", **why("queue_held", **WRONG)),
    "scheduled, batch paused": of("scheduled", **why("batch_paused", batch_id=7, **SINCE)),
    "scheduled, batch limited": of("scheduled", **why("batch_limit", batch_id=7, **DAILY)),
    "waiting": of("waiting", **LATER, **at(40), attempt=2),
    "waiting, due": of("waiting", **at(-1)),
    "waiting, the last try": of("waiting", **LATER, **at(5), attempt=7),
    "waiting, all tries made": of("waiting", **LATER, **at(5), attempt=8),
    "waiting, a reply in words": of("waiting", **at(40), **REFUSED),
    "waiting, a server's own words": of(
        "waiting", **at(40), error=REFUSAL, **why("retry_later", server="mx.example.org")
    ),
    "waiting, paused": of("waiting", error="451", **at(4), **why("retry_later", **PAUSED)),
    "waiting, paused, due": of("waiting", error="451", **at(0), **why("retry_later", **PAUSED)),
    "waiting, all paused": of("waiting", **at(60), **why("delayed", **PAUSED, text=OLDER)),
    "waiting, batch paused": of(
        "waiting", error="451", **at(0), **why("retry_later", **PAUSED, batch_id=7)
    ),
    "waiting, batch limited": of(
        "waiting", error="451", **at(4), **why("batch_limit", batch_id=7, **DAILY)
    ),
    "waiting, on hold": of("waiting", error="451", **at(4), **why("retry_later", **HOLD)),
    "waiting, it met a hold": of("waiting", **why("queue_held", **WRONG)),
    "waiting, offline": of("waiting", attempt=2, reason="offline"),
    "waiting, corrected": of("waiting", **{**GREY, **why("retry_later", code=451, to=NEXT["to"])}),
    "waiting, never corrected": of("waiting", **GREY),
    "held": of("waiting", run_at=None),
    "held, lacks": of("waiting", "fee", reason=PERSON, error="The template needs “fee”."),
    "held, fault": of("waiting", error=FAULT, **why(PERSON, text=FAULT)),
    "held, fixed": of("waiting", **why(PERSON, text="Oh.", fixed=True)),
    "held, own": of("waiting", task="receipt", **NO_PAPER),
    "held, crashed": of("waiting", error="signal 9", **CRASHED),
    "held, own crashed": of("waiting", **OWN, **CRASHED),
    "held, till real": of("waiting", **of_mode("waits_for_real", Reason.QUEUE_HELD)),
    "held, practised": of("waiting", **of_mode("practised", Reason.HELD_FOR_PERSON)),
    "held, follows": of("waiting", **why("after_task", task_id=17)),
    "failed": of("failed", error="550 spam", reason="attempts_used_up", attempt=2),
    "failed, took": of(
        "failed", error="530 no", started_at=stamp(NOW - 3), finished_at=stamp(NOW - 2.6)
    ),
    "own, failed": of("failed", **OWN, error="KeyError: x"),
    "failed, address": of("failed", error="550 No user.", **why("final_answer", code=550)),
    "failed, a reply in words": of("failed", **REFUSED),
    "failed, to another now": of("failed", error="550", **NEXT),
    "failed, address corrected": of("failed", **REFUSED, **NEXT),
    "failed, name corrected": of("failed", **REFUSED, **NAMED),
    "failed, sent again": of(
        "failed", error="550", seen=True, **why("", code=550, task_id=9), **NEXT
    ),
    "cancelled": of("cancelled", reason="cancelled_by_person", attempt=0, started_at=None),
    "cancelled, may be there": of(
        "cancelled", **why("cancelled_by_person", may_have_arrived=True), attempt=2
    ),
    "cancelled, to another now": of("cancelled", reason="cancelled_by_person", **NEXT),
    "cancelled, sent again": of("cancelled", **why("cancelled_by_person", task_id=9)),
    "cancelled, follows": of("cancelled", **why("cancelled_with_task", task_id=17)),
    "cancelled, by itself": of("cancelled", **why("cancelled_by_task", text="gone.")),
    "uncertain": of("uncertain", error="mx gave no answer.", reason="no_answer"),
    "uncertain, own": of("uncertain", queue="sms", **why("no_answer", server="mx")),
    "uncertain, cut short": of("uncertain", **why("cut_short", server="mx")),
    "uncertain, stopped": of("uncertain", **why("stopped_by_person", server="mx")),
    "uncertain, refused at last": of(
        "uncertain", error=REFUSAL, **why("final_answer", **ANSWER, may_have_arrived=True)
    ),
    "uncertain, to another now": of("uncertain", error="550", **NEXT),
}
TOGETHER: Final = {
    "two that wait for a person": [
        row_of(task_row(n, "waiting", item_id=n, reason=PERSON)) for n in (1, 2)
    ],
    "one that runs, one that failed": [ROWS["running"].row, row_of(task_row(2, "failed"))],
    "one sent again, one that failed": [
        ROWS["failed, sent again"].row,
        row_of(task_row(2, "failed")),
    ],
}
REPLY: Final = "mx refused the recipient: 550 5.1.1 <…>: no such user"
RAISED: Final = CauseAbout(
    kind=CauseKind.EXCEPTION, exception="ValueError", function="invoice", file="shop.py"
)
CAUSES: Final[tuple[CauseAbout, ...]] = (
    CauseAbout(kind=CauseKind.ANSWER, server="mx", code=550, text=REPLY),
    CauseAbout(kind=CauseKind.ANSWER, server="mx", code=550, text=REPLY, said="550 5.1.1 no"),
    CauseAbout(kind=CauseKind.ANSWER, server="mx", code=550),
    RAISED,
    {**RAISED, "text": "row …"},
    CauseAbout(kind=CauseKind.TIMEOUT),
    CauseAbout(kind=CauseKind.SAID, text=""),
    CauseAbout(kind=CauseKind.REASON, reason=Reason.OFFLINE, server="mx"),
    CauseAbout(kind=CauseKind.REASON, reason=Reason.OFFLINE, text="No route."),
    CauseAbout(kind=CauseKind.REASON, reason=Reason.NO_ANSWER),
    CauseAbout(kind=CauseKind.REASON, reason=Reason.CUT_SHORT, server="mx"),
    CauseAbout(kind=CauseKind.REASON, reason=Reason.QUEUE_HELD, server="mx", code=535),
)
REPLIES: Final = (
    *("550 5.1.1 <ada@example.org> unknown", "553 no mailbox here by that name"),
    *("552 5.2.2 over quota", "451 4.7.1 Greylisted", "450 4.1.1 unverified"),
    *("550 blocked, see https://example.org", "550 5.7.1 spam", "550 5.1.1.20 is blocked"),
    "No such person",
)


FILE_FAULTS: Final = (
    SheetError(SheetFault.TOO_LARGE, size=1 << 31, limit=1 << 29),
    OSError(errno.ENOSPC, "No space left on device", "/x"),
    OSError("odd"),
)


def said() -> str:
    """Return it all, with times as in Britain."""
    with in_locale(BRITAIN), patch.object(time, "time", lambda: NOW):
        return "".join(f"{line}\n" for line in _lines())


def explained(told: Told, *, may_act: bool = True) -> str:
    """Return what explains a task."""
    row, lacks, template = told
    return explanation(row, NOW, may_act=may_act, lacks=lacks, template=template)


def _lines() -> Iterator[str]:
    for name, told in ROWS.items():
        yield f"== {name}"
        yield from filter(None, map(str.rstrip, _block(told)))
        yield ""
    for name, rows in TOGETHER.items():
        yield f"== {name}: {' '.join(f'[{each.text}]' for each in fitting(rows))}"
    yield from (f"cause: {brief_cause_words(each)}" for each in CAUSES)
    yield from (f"cure: {each or '–'} · {cure_words(each)}" for each in (*Cure, None, "later"))
    yield from _times()
    yield from _answers()
    for action in ("mail_settings", "sign_in", None):
        held = queue(held={**HELD, "action": action})
        yield f"still held, {action or 'nothing to press'}: {still_held_words(held)}"
    offline = queue(held={**HELD, "kind": "offline", "until": stamp(NOW)})
    yield f"free: {still_held_words(queue()) or '–'}; offline: {still_held_words(offline) or '–'}"
    yield from (f"reply: {each} → {meaning_of(each) or '–'}" for each in REPLIES)


def _block(told: Told) -> Iterator[str]:
    row = told.row
    share = "" if row.share is None else f"{row.share:.2f}"
    cells = (took_words(row, NOW), attempts_words(row), share)
    yield f"{marked_state_word(row)} | {' | '.join(cells)} | {progress_words(row, NOW)}"
    yield f"  {status_words(row, NOW)}"
    first, line = sentence(row, NOW, lacks=told.lacks), headline(row, NOW, lacks=told.lacks)
    yield f"  {line}" + ("" if first == line else f" ({first})")
    yield f"  {explained(told)}"
    alone = explained(told, may_act=False)
    yield "" if alone == explained(told) else f"  (viewer) {alone}"
    actions = fitting([row])
    off = ("(off)" if each.is_off else "" for each in actions)
    yield f"  {' '.join(f'[{each.text}]{no}' for each, no in zip(actions, off, strict=True))}"
    yield from (f"  {each}" for each in effects(actions))


def _times() -> Iterator[str]:
    """Say moments from now and before, lengths and rates."""
    noon = datetime(2026, 11, 20, 14, 30).astimezone().timestamp()
    ahead = (0, 0.05, 0.2, 4.05, 4.4, 40, 59.5, 180, 27_300, 113_700, 3 * DAY)
    ago = (-5, 0, 59, 60, 3599, 3600, DAY, 3 * DAY, 365 * DAY)
    yield "ahead: " + " | ".join(until(noon + each, noon) for each in ahead)
    yield "ago: " + " | ".join(since(noon - each, noon) for each in ago)
    for days in (0, 3, 365):
        at = noon - days * DAY
        told = day_and_time(at, noon), day_and_time(at, noon, seconds=True), minute_of_day(at, noon)
        yield f"{days} days ago: {' | '.join(told)}"
    yield "long: " + " | ".join(map(duration, (0, 0.02, 0.42, 12.7, 200, 7300)))
    rates = ("3/s", "1500/min", "20/h", "500/day", "30/min, 500/h", None)
    yield "rates: " + " | ".join(map(WORDS.rate, rates))


def _answers() -> Iterator[str]:
    """Say what is done to tasks: beside it, meanwhile, after it, and where it failed."""
    past = Skipped(why="It is so.", count=2, refusal="past_return")
    for answer in (
        BulkAnswer(touched=1, skipped=[], stopping=1),
        BulkAnswer(touched=5, skipped=[past], stopping=2),
        BulkAnswer(touched=9, skipped=[], kept=2),
        BulkAnswer(touched=1, skipped=[], kept=1),
    ):
        yield f"cancel: {result('cancel', answer)} | beside: {' | '.join(beside(answer))}"
    refusals = ((Refusal.RUNNING, 1), (Refusal.UNSEEN, 3), ("running", 1), ("later", 1))
    left = [Skipped(why="It is so.", count=n, refusal=str(name)) for name, n in refusals]
    yield skipped_words(left)
    yield f"{under_way('remove', 1500, 12041)} | {counted('resend', 1)} | {counted('retry', 2)}"
    for verb, touched in (("remove", 0), ("resend", 2)):
        failed = BulkAnswer(touched=touched, skipped=[], error="ZeroDivisionError")
        yield failed_words(verb, failed)
    tips = (effect_of("done", mail=True), effect_of("resend"))
    yield " | ".join([tip_of("retry", ""), *(tip_of("resend", each) for each in tips)])
    yield from (f"file: {error_sentence(each)}" for each in FILE_FAULTS)
