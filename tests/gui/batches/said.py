"""All that is said of batches and drafts: ``python -m tests.gui.batches.said`` writes it.

A line has a batch's state, its cell, its headline and its explanation, or what a draft says.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from PySide6.QtCore import QCoreApplication

from desktop.cli import SENDOFF
from desktop.gui.batches.batch_numbers import exceptions, progress
from desktop.gui.batches.batch_verbs import cancelled_words
from desktop.gui.batches.batch_words import (
    explanation,
    headline,
    letter_words,
    look_of,
    next_words,
    sent_words,
)
from desktop.gui.batches.draft_words import (
    about_draft,
    about_repeated_rows,
    corrected,
    not_read,
    what_happens,
)
from desktop.gui.kit.words.ages import day_and_time, minute_of_day, until
from desktop.gui.kit.words.plurals import install
from sendoff_tasks.model.program import PROGRAM
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch

APPROVED: Final = Path(__file__).with_name("said.txt")
NOW: Final = 1_790_000_000.0
TIMES: Final = {"now": 0, "soon": 5, "again": 900, "later": 7200, "last": 86_400}
"""Moments, in seconds from now."""


def at(name: str) -> str:
    """Return a moment as the API writes it."""
    return wire_time(round((NOW + TIMES[name]) * 1000))


def held(reason: str, **data: Any) -> dict[str, Any]:
    """Return what a batch says of a reason that stops all of its messages."""
    return {"reason": reason, "reason_data": data}


TEMPLATE: Final = {"cause": "c", "about": {"kind": "reason"}, "count": 3, "cure": "edit_template"}
FIXED: Final = {**TEMPLATE, "about": {"kind": "reason", "reason": "held_for_person"}, "cure": None}
POSTPONED: Final = {"server": "mx", "code": 451, "count": 2, "until": at("again")}
QUOTA: Final = {**held("quota", server="mx", until=at("again")), "last_at": at("last")}
LIMITED: Final = {"next_at": at("later"), "last_at": at("last")}
STARTED: Final[dict[str, dict[str, Any]]] = {
    "paused": {"state": "paused"},
    "paused, later": {"state": "paused", "run_at": at("later")},
    "all paused": held("all_paused"),
    "queue paused": held("queue_paused", queue="mail"),
    "offline": held("offline", server="mx"),
    "offline, no server": held("offline"),
    "quota": QUOTA,
    "quota, no server": {**held("quota", until=at("again")), "last_at": at("last")},
    "quota, rate": {**QUOTA, "rate": "500/day"},
    "postponed": {**held("retry_later"), "put_off": POSTPONED},
    "postponed, no answer": {"put_off": {"count": 2, "until": at("again")}},
    "some postponed": {"put_off": POSTPONED, "last_at": at("again")},
    "unsettled": held("unsettled", count=1),
    "ready": held("held_for_person", fixed=True),
    "held": held("held_for_person", text="The fee is missing."),
    "held for its template": {**held("held_for_person", text="No fee."), "causes": [TEMPLATE]},
    "refused login": held("queue_held", text="535 no", code=535, server="mx"),
    "after crashes": held("held_after_crashes", count=3),
    "planned": dict.fromkeys(("run_at", "next_at", "last_at"), at("later")),
    "limited": {**LIMITED, "limited_by": {"limit": "2/day"}},
    "limited by the provider": {**LIMITED, "limited_by": {"limit": "2/day", "queue": "mail"}},
    "limited, some held": {**LIMITED, "limited_by": {"limit": "2/day"}, "causes": [TEMPLATE]},
    "soon": dict.fromkeys(("next_at", "last_at"), at("soon")),
    "sending": {},
    "sending, taken": {"taken": "30/min, 500/h", "last_at": at("last")},
    "sending, rate": {"rate": "500/day", "last_at": at("last")},
    "sending, some held": {"causes": [TEMPLATE], "last_at": at("soon")},
    "sending, some fixed": {"causes": [FIXED], "last_at": at("soon")},
}
COUNTS: Final = {"none sent": {"open": 9}, "one left": {"sent": 8, "open": 1}}
DONE: Final[dict[str, dict[str, int]]] = {
    "sent": {"sent": 9},
    "kept": {"kept": 9},
    "sent and kept": {"sent": 5, "kept": 4},
    "failed": {"failed": 9},
    "some failed": {"sent": 5, "failed": 2, "left_out": 2, "problems": 1},
    "kept, some failed": {"kept": 4, "failed": 5},
    "uncertain": {"uncertain": 9},
    "some uncertain": {"sent": 8, "uncertain": 1},
    "cancelled": {"cancelled": 9},
    "some cancelled": {"sent": 8, "cancelled": 1},
    "nothing": {"left_out": 9},
}
DRAFTS: Final[dict[str, dict[str, Any]]] = {
    "no rows": {"counts": {}},
    "being read": {"counts": {"ready": 9}, "sheet": "a.csv", "reading": {"rows": 200}},
    "being checked": {"counts": {"unchecked": 3, "ready": 6}},
    "ready": {"counts": {"ready": 9}, "last_at": at("last"), "rate": "500/day"},
    "at once": {"counts": {"ready": 9}, "last_at": at("soon")},
    "planned": {"counts": {"ready": 9}, "next_at": at("later"), "last_at": at("later")},
    "one of each": {
        "counts": dict.fromkeys(("problems", "do_not_send", "same", "changed", "twice"), 1),
    },
    "two of each": {
        "counts": {**dict.fromkeys(("problems", "do_not_send", "same", "changed"), 2), "ready": 1},
    },
    "replaces": {"counts": {"ready": 9}, "replaces": [{"batch_id": 3, "count": 2, "check": ""}]},
    "opted out": {
        "counts": {"ready": 9},
        "opted_out": [
            {"column": f"C{n}", "text": "no", "check": check, "count": n}
            for n, check in enumerate(("ready", "ready", "ready", "ready", "same"), 1)
        ],
    },
    "paused": {"counts": {"ready": 9}, **held("all_paused")},
    "offline": {"counts": {"ready": 9}, **held("offline", server="mx")},
    "quota": {"counts": {"ready": 9}, **QUOTA},
    "held": {"counts": {"ready": 9}, **held("queue_held", text="The account is closed.")},
    "no address": {"counts": {"ready": 9}, "columns": {}},
    "no number": {"counts": {"ready": 9}, "key": ["number"]},
}


def said() -> str:
    """Return it all, a line each; moments by their names."""
    with patch.object(time, "time", lambda: NOW):
        text = "".join(f"{line}\n" for line in _lines())
        for name, seconds in reversed(TIMES.items()):
            for form in (until, minute_of_day, day_and_time):
                words = re.escape(form(NOW + seconds, NOW))
                text = re.sub(rf"(?<![\w:]){words}(?![\w:])", f"<{name}>", text)
    return text


def _lines() -> Iterator[str]:
    for name, given in STARTED.items():
        for far, counts in COUNTS.items():
            one = batch(2, counts={"rows": 9, **counts}, **given)
            for pace in (0.0, 3.0) if name == "sending" else (0.0,):
                what = f"{name}, {far}, pace {pace:.0f}"
                told = next_words(one, NOW, pace), headline(one, NOW), explanation(one, NOW, pace)
                yield _line(what, look_of(one, NOW).word, *told)
    for name, counts in DONE.items():
        one = batch(2, state="done", counts={"rows": 9, **counts})
        parts = "".join(words for words, _ in exceptions(one))
        yield _line(
            f"done, {name}", look_of(one, NOW).word, sent_words(one), parts, progress(one, NOW)
        )
    for count in (1, 2):
        by = batch(2, state="done", counts={"rows": 9}, replaced_by=[{"batch_id": 5, "count": 1}])
        by["replaced_by"] = [{"batch_id": 4 + n, "count": 1} for n in range(count)]
        yield _line(f"replaced {count}", explanation(by, NOW))
        answer: Any = {"touched": 3 * count, "stopping": count, "skipped": []}
        yield _line(f"cancelled {count}", cancelled_words(answer))
    yield _line("cancelled none", cancelled_words({"touched": 0, "skipped": []}))
    cancelling = look_of(batch(2, counts={"rows": 9}), NOW, cancelling=True)
    yield _line("cancelling", cancelling.word)
    yield _line("letter", letter_words(batch(2, template="Fee", reply_to="a@b", cc="c", bcc="d")))
    for name, given in DRAFTS.items():
        yield from _of_draft(name, given)
    for key in (["number"], ["email", "title"], ["email", "title", "name"]):
        yield _line(f"repeated by {key[-1]}", about_repeated_rows(batch(2, key=key)))


def _of_draft(name: str, given: dict[str, Any]) -> Iterator[str]:
    counts = {"rows": sum(given["counts"].values()), **given["counts"]}
    columns = {"columns": {"E-mail": "email"}, "state": "draft", "corrected": 1, "unused": 2}
    one = batch(2, **{**columns, **given, "counts": counts})
    yield _line(f"draft, {name}", sent_words(one), *about_draft(one, may_act=True))
    yield _line(f"draft, {name}, sent", *what_happens(one))
    again = what_happens(one, ("same", "changed", "do_not_send", ""))
    if again != what_happens(one):
        yield _line(f"draft, {name}, sent again", *again)
    if name == "ready":
        yield _line("draft, corrected", *corrected(one, 0), *not_read(one, 20))


def _line(name: str, *told: str) -> str:
    return f"{name}: {' | '.join(told)}"


if __name__ == "__main__":
    PROGRAM.runs_as(SENDOFF)
    app = QCoreApplication([])
    install(app)
    sys.exit(APPROVED.write_text(said(), encoding="utf-8") < 0)
