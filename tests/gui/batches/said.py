"""All that is said of batches and drafts: ``python -m tests.library.words.said`` writes it.

A line has a batch's state, its headline and its explanation, or what a draft says. The
blocks at the end are what the desk shows of some batches, as in the file of tasks.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from desktop.gui.batches.batch_card import RowLines, of_batch
from desktop.gui.batches.batch_numbers import exceptions, progress
from desktop.gui.batches.batch_verbs import cancelled_words
from desktop.gui.batches.batch_words import (
    explanation,
    headline,
    letter_words,
    look_of,
    sent_words,
)
from desktop.gui.batches.draft_words import (
    about_draft,
    about_repeated_rows,
    corrected,
    not_read,
    what_happens,
)
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.ages import day_and_time, minute_of_day, until
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch
from tests.gui.tasks.acting.pending_rows import pending_action
from tests.gui.tasks.detail.said import block
from tests.gui.tasks.detail.scenes import VIEWER

if TYPE_CHECKING:
    from desktop.gui.tasks.detail.desk_content import DeskContent

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
    "outside hours": {**LIMITED, "limited_by": {"mark": "hours"}},
    "outside hours, all together": {
        **dict.fromkeys(("next_at", "last_at"), at("later")),
        "limited_by": {"mark": "hours"},
    },
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
WORST: Final = (
    {"failed": 1, "uncertain": 2, "cancelled": 3, "left_out": 3},
    {"uncertain": 2, "cancelled": 3, "sent": 4},
    {"failed": 2, "cancelled": 3, "left_out": 4, "problems": 2},
    {"sent": 4, "left_out": 5, "same": 5},
)
"""What became of the nine rows of batches with exceptions of several kinds."""
AGAIN: Final = ("same", "changed", "do_not_send", "opted_out", "")
"""All that is left out by proposal, and can be sent all the same."""
DRAFTS: Final[dict[str, dict[str, Any]]] = {
    "no rows": {"counts": {}},
    "being read": {"counts": {"ready": 9}, "sheet": "a.csv", "reading": {"rows": 200}},
    "being checked": {"counts": {"unchecked": 3, "ready": 6}},
    "ready": {"counts": {"ready": 9}, "last_at": at("last"), "rate": "500/day"},
    "at once": {"counts": {"ready": 9}, "last_at": at("soon")},
    "planned": {"counts": {"ready": 9}, "next_at": at("later"), "last_at": at("later")},
    "one of each": {
        "counts": dict.fromkeys(
            ("problems", "doubtful", "skipped", "do_not_send", "same", "changed", "twice"), 1
        ),
    },
    "two of each": {
        "counts": {
            **dict.fromkeys(
                ("problems", "doubtful", "skipped", "do_not_send", "same", "changed"), 2
            ),
            "ready": 1,
        },
    },
    "the same, limited": {
        "counts": {"ready": 1, "same": 17, "changed": 2},
        "rate": "2/day",
        "last_at": at("last"),
    },
    "replaces, planned": {
        "counts": {"ready": 9},
        "replaces": [{"batch_id": 3, "count": 2, "check": "", "run_at": at("later")}],
    },
    "replaces": {"counts": {"ready": 9}, "replaces": [{"batch_id": 3, "count": 2, "check": ""}]},
    "opted out": {
        "counts": {"ready": 9, "opted_out": 10},
        "opted_out": [{"column": f"C{n}", "text": "no", "count": n} for n in range(1, 5)],
    },
    "copies": {
        "counts": {"ready": 9, "same": 3},
        "copies": {
            "emails": {"ready": 9, "same": 2},
            "addresses": [
                {"address": "treasurer@example.org", "counts": {"ready": 9, "same": 2}},
                {"address": "board@example.org", "counts": {"ready": 1}},
            ],
            "others": 0,
            "repeated": 0,
        },
    },
    "many copies": {
        "counts": {"ready": 1153},
        "copies": {
            "emails": {"ready": 1153},
            "addresses": [
                {"address": f"c{n}@example.org", "counts": {"ready": 1153 - n}} for n in range(5)
            ],
            "others": 7,
            "repeated": 53,
        },
    },
    "paused": {"counts": {"ready": 9}, **held("all_paused")},
    "offline": {"counts": {"ready": 9}, **held("offline", server="mx")},
    "quota": {"counts": {"ready": 9}, **QUOTA},
    "held": {"counts": {"ready": 9}, **held("queue_held", text="The account is closed.")},
    "no address": {"counts": {"ready": 9}, "columns": {}},
    "no number": {"counts": {"ready": 9}, "key": ["number"]},
}


NO_FEE: Final = {"kind": "reason", "reason": "held_for_person", "text": "The fee is missing."}
HELD: Final = {**TEMPLATE, "about": NO_FEE, "count": 9}
ADDRESS: Final = {**TEMPLATE, "cause": "a", "about": {"kind": "task"}, "cure": "correct_address"}
UNSURE: Final[dict[str, Any]] = {
    "cause": "u",
    "about": {"kind": "reason", "reason": "no_answer", "server": "mx"},
    "count": 2,
    "cure": "resolve",
}
LATER: Final = {**UNSURE, "cause": "l", "count": 1, "cure": None}
CANCEL: Final = pending_action(1, "cancel", 40, batch=2)
TRY: Final = pending_action(1, "try_now", 30)
LEFT_OUT: Final = {"left_out": 3, "problems": 2}
SOME: Final = {"rows": 90, "open": 40, "sent": 20, "failed": 3, "uncertain": 2, "left_out": 4}
ALL: Final = {"rows": 9, "open": 9}


def _wrong(*counts: int) -> dict[str, Any]:
    """Return a batch that is done but for this many wrong addresses of each cause."""
    causes = [{**ADDRESS, "cause": f"a{n}", "count": n} for n in counts]
    sent = 9 - sum(counts)
    rows = {"rows": 9, "sent": sent, "failed": sum(counts)}
    return {"state": "done", "counts": rows, "causes": causes}


ON_DESK: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "draft": ({"state": "draft", "counts": {"rows": 9, "ready": 9}}, {}),
    "planned": ({**STARTED["planned"], "counts": {"rows": 9, "open": 9}}, {}),
    "sending": ({"counts": {"rows": 9, "open": 5, "sent": 4}, "sheet": "a.csv"}, {}),
    "all paused": ({**held("all_paused"), "counts": {"rows": 9, "open": 9}}, {}),
    "paused": ({"state": "paused", "counts": SOME, "sheet": "a.csv"}, {}),
    "paused, viewer": (
        {"state": "paused", "counts": SOME, "sheet": "a.csv", "causes": [UNSURE]},
        {"rights": VIEWER},
    ),
    "several causes": (
        {"counts": SOME, "causes": [LATER, UNSURE, HELD, ADDRESS]},
        {},
    ),
    "put off": ({"counts": SOME, "put_off": POSTPONED}, {}),
    "put off, about to be tried": ({"counts": SOME, "put_off": POSTPONED}, {"tries": [TRY]}),
    "quota": ({**QUOTA, "counts": SOME}, {}),
    "some fixed": ({"counts": SOME, "causes": [{**FIXED, "count": 9}]}, {}),
    "cancelling": ({"counts": SOME, "sheet": "a.csv"}, {"started": CANCEL}),
    "cancelled by now": ({"counts": SOME}, {"started": replace(CANCEL, is_due=True)}),
    "done": ({"state": "done", "counts": {"rows": 9, "sent": 9}, "sheet": "a.csv"}, {}),
    "done, some came back": ({"state": "done", "counts": {"rows": 9, "sent": 9}, "bounced": 2}, {}),
    "done, some failed": ({"state": "done", "counts": {"rows": 9, "sent": 7, "failed": 2}}, {}),
    "done, some left out": (
        {"state": "done", "counts": {"rows": 10, "sent": 7, **LEFT_OUT}, "sheet": "a.csv"},
        {"rows": RowLines(2, "left_out", ("Row 3: Bo · bo@@example.org · Too many @.",))},
    ),
    "done, some left out, viewer": (
        {"state": "done", "counts": {"rows": 10, "sent": 7, **LEFT_OUT}, "sheet": "a.csv"},
        {"rights": VIEWER},
    ),
    "done, some cancelled": (
        {"state": "done", "counts": {"rows": 9, "sent": 8, "cancelled": 1}, "sheet": "a.csv"},
        {"rows": RowLines(7, "cancelled", ("Row 2: of another batch",))},
    ),
    "done, wrong addresses": (
        {"state": "done", "counts": {"rows": 9, "sent": 6, "failed": 3}, "causes": [ADDRESS]},
        {},
    ),
    "done, wrong addresses, two causes": (_wrong(2, 1), {}),
    "done, one wrong address": ({**_wrong(1), "to_retry": 1}, {}),
    "done, two wrong addresses, one to retry": (
        {**_wrong(2), "causes": [*_wrong(2)["causes"], {**ADDRESS, "cure": "retry", "count": 1}]},
        {},
    ),
    "done, none to retry": (
        {"state": "done", "counts": {"rows": 9, "sent": 7, "failed": 2}, "to_retry": 0},
        {},
    ),
    "done, left out the same": (
        {"state": "done", "counts": {"rows": 9, "left_out": 2, "same": 2}, "sheet": "a.csv"},
        {},
    ),
    "done, left out, no sheet": ({"state": "done", "counts": {"rows": 9, **LEFT_OUT}}, {}),
    "done, left out, viewer": (
        {"state": "done", "counts": {"rows": 9, **LEFT_OUT}, "sheet": "a.csv"},
        {"rights": VIEWER},
    ),
    "done, cancelled, viewer": (
        {"state": "done", "counts": {"rows": 9, "cancelled": 2}, "sheet": "a.csv"},
        {"rights": VIEWER},
    ),
    "done, cancelled, no sheet": ({"state": "done", "counts": {"rows": 9, "cancelled": 2}}, {}),
    "nothing sent yet": ({"counts": ALL}, {}),
    "nothing sent yet, paused": ({"state": "paused", "counts": ALL}, {}),
    "nothing sent yet, paused, one was tried": (
        {"state": "paused", "counts": ALL, "causes": [{**LATER, "count": 1}]},
        {},
    ),
    "nothing sent yet, fixed": ({**STARTED["ready"], "counts": ALL}, {}),
    "nothing sent yet, offline": ({**STARTED["offline"], "counts": ALL}, {}),
    "fixed": ({**STARTED["ready"], "counts": SOME}, {}),
    "put off, all paused": ({**held("all_paused"), "counts": SOME, "put_off": POSTPONED}, {}),
    "put off, quota": ({**QUOTA, "counts": SOME, "put_off": POSTPONED}, {}),
    "put off, quota, paused": (
        {**QUOTA, "state": "paused", "counts": SOME, "put_off": POSTPONED},
        {},
    ),
    "put off, tried by now": (
        {"counts": SOME, "put_off": POSTPONED, "sheet": "a.csv"},
        {"tries": [replace(TRY, is_due=True)]},
    ),
    "five causes": (
        {"counts": SOME, "causes": [{**UNSURE, "cause": f"c{n}", "count": n} for n in range(1, 6)]},
        {},
    ),
    "one number of each": (
        {
            "counts": {**SOME, "open": 1, "sent": 9, "kept": 2, "cancelled": 5, "left_out": 21},
            "marked": 6,
            "template": "Renewal",
        },
        {},
    ),
    "practice": ({"counts": {"rows": 9, "kept": 2, "open": 7}}, {}),
}
"""Batches as the desk shows them, and what is known beside them."""


def on_desk(name: str) -> DeskContent:
    """Return what the desk shows of a batch."""
    given, beside = ON_DESK[name]
    return of_batch(batch(2, **given), beside.get("rights", ALL_RIGHTS), NOW, **_without(beside))


def _without(beside: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in beside.items() if name != "rights"}


def said() -> str:
    """Return it all, a line each; moments by their names."""
    with patch.object(time, "time", lambda: NOW):
        text = "".join(f"{line}\n" for line in _lines())
        for name in ON_DESK:
            text += "".join(f"{line}\n" for line in ("", f"== {name}", *block(on_desk(name))))
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
                told = headline(one, NOW), explanation(one, NOW, pace)
                yield _line(what, look_of(one, NOW).word, *told)
    for name, counts in DONE.items():
        one = batch(2, state="done", counts={"rows": 9, **counts})
        look, parts = look_of(one, NOW), exceptions(one)
        yield _line(f"done, {name}", *look, sent_words(one), *parts, progress(one, NOW))
    for counts in WORST:
        marked = int("sent" in counts)
        one = batch(2, state="done", counts={"rows": 9, **counts}, marked=marked)
        yield _line(f"done, {', '.join(counts)}", *exceptions(one), progress(one, NOW))
    for count in (1, 2):
        gone = {"rows": count, "cancelled": count}
        by = batch(2, state="done", counts=gone, run_at=at("later"))
        by["replaced_by"] = [{"batch_id": 4 + n, "count": 1} for n in range(count)]
        yield _line(f"replaced {count}", headline(by, NOW), explanation(by, NOW))
        by["counts"] |= {"rows": 9, "sent": 9 - count}
        yield _line(f"partly replaced {count}", headline(by, NOW), explanation(by, NOW))
        answer: Any = {"touched": 3 * count, "stopping": count, "skipped": []}
        yield _line(f"cancelled {count}", cancelled_words(answer))
    yield _line("cancelled none", cancelled_words({"touched": 0, "skipped": []}))
    cancelling = look_of(batch(2, counts={"rows": 9}), NOW, cancelling=True)
    yield _line("cancelling", cancelling.word)
    yield _line("letter", letter_words(batch(2, template="Fee", reply_to="a@b", cc="c", bcc="d")))
    for name in DRAFTS:
        yield from _of_draft(name)
    for key in (["number"], ["email", "title"], ["email", "title", "name"]):
        yield _line(f"repeated by {key[-1]}", about_repeated_rows(batch(2, key=key)))


def draft_of(name: str) -> Any:
    """Return a draft."""
    given = DRAFTS[name]
    counts = {"rows": sum(given["counts"].values()), **given["counts"]}
    columns = {"columns": {"E-mail": "email"}, "state": "draft", "corrected": 1, "unused": 2}
    return batch(2, **{**columns, **given, "counts": counts})


def _of_draft(name: str) -> Iterator[str]:
    one = draft_of(name)
    yield _line(
        f"draft, {name}", sent_words(one), *exceptions(one), *about_draft(one, may_act=True)
    )
    yield _line(f"draft, {name}, sent", *what_happens(one))
    again = what_happens(one, AGAIN)
    if again != what_happens(one):
        yield _line(f"draft, {name}, sent again", *again)
    if name == "ready":
        yield _line("draft, corrected", *corrected(one, 0), *not_read(one, 20))


def _line(name: str, *told: str) -> str:
    return f"{name}: {' | '.join(told)}"
