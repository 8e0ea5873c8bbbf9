"""Facts of each case of the sentence, by the name of the scene; times are those of one morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast

from desktop.contract.office import OfficeNotice
from desktop.gui.frame.cases import CaseFact
from desktop.gui.kit.rights import WindowRights
from desktop.gui.kit.words.task_row import Row, row_of
from desktop.gui.sentence.facts import Facts, Needing, Unanswered
from sendoff_tasks.client.health import (
    Away,
    Finishing,
    GaveUp,
    Gone,
    Missing,
    Ready,
    ServerFault,
    Starting,
)
from sendoff_tasks.folder.backend_addresses import Backend
from sendoff_tasks.model.causes import Cause
from sendoff_tasks.model.events import Notice, NoticeId
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch
from tests.gui.tasks.table.task_source import stats as counts_of
from tests.gui.tasks.table.task_source import task_row


def moment(hour: int, minute: int = 0, day: int = 8) -> float:
    """Return an epoch second of that week in May, in the local zone."""
    return datetime(2026, 5, day, hour, minute).timestamp()  # noqa: DTZ001 - the local zone is meant


def wire(*when: int) -> str:
    """Return the same as the API writes it."""
    return wire_time(round(moment(*when) * 1000))


NOW: Final = moment(10, 41)
READY: Final = Ready(Backend("http://127.0.0.1:1", "token", 1), own=True)


def notice(name: str, text: str = "", action: str | None = None, **told: Any) -> Notice:
    """Return a notice; ``told`` are its other fields."""
    whole = {"id": name, "level": "error", "text": text, "action": action, "active": True, **told}
    return cast("Notice", whole)


def held(queue: str, text: str, action: str | None, **data: Any) -> Notice:
    """Return the notice of a queue on hold since 09:12."""
    about = {"since": wire(9, 12), "queue": queue, **data}
    name, reason = f"{NoticeId.QUEUE}{queue}", about.pop("reason", "queue_held")
    return notice(name, text, action, reason=reason, reason_data=about)


def outage(reason: str, queue: str = "mail") -> Notice:
    """Return the notice of a queue that waits for its server until 10:42."""
    about = {"reason": reason, "server": "smtp.example.org", "until": wire(10, 42)}
    return held(queue, "No route.", "mail_settings", **about)


def paused(queue: str = "", **data: Any) -> Notice:
    """Return the notice of a pause since 10:40."""
    about = {"since": wire(10, 40), **data}
    reason = "queue_paused" if queue else "all_paused"
    return notice(f"{NoticeId.PAUSED}{queue}", "", "resume", reason=reason, reason_data=about)


def counts(rate: float = 0.0, **given: Any) -> Any:
    """Return stats with these counts and other fields."""
    whole = counts_of()
    more = {name: given.pop(name) for name in [*given] if name in whole}
    return {**counts_of(rate, **{"succeeded": 204, **given}), **more}


def now(stats: Any = None, **facts: Any) -> Facts:
    """Return facts of a backend that answers."""
    whole = {"now": NOW, "state": READY, "heard_at": NOW, "stats": stats or counts(), **facts}
    return Facts(**whole)


def needs(needing: Needing, **given: int) -> Facts:
    """Return facts with tasks that need a person."""
    return now(counts(**given), needing=needing)


def away(state: Any, seconds: float = 5.0, **facts: Any) -> Facts:
    """Return facts of a backend that has not answered for a while."""
    return Facts(**{"now": NOW, "state": state, "away_s": seconds, "heard_at": NOW - 60, **facts})


def row(state: str, **changes: Any) -> Row:
    """Return a task of Dee Park."""
    return row_of(task_row(5, state, **{"to": "Dee Park <dee@example.org>", **changes}))


OWN: Final = {"to": None, "queue": "reports", "task": "report", "title": "Nightly report"}


def cause(state: str, count: int, cure: str | None = None, **about: Any) -> Cause:
    """Return the cause of this many tasks."""
    return {
        "cause": "0123456789abcdef",
        "title": "Confirmation e-mail",
        "about": {"kind": "said", "text": "The recipient’s mailbox is full", **about},  # type: ignore[typeddict-item]
        "count": count,
        "first_at": wire(10, 31),
        "last_at": wire(10, 40),
        "where": [],
        "states": {state: count},
        "behind": 0,
        "paused": {},
        "cure": cure,
        "retried_at": None,
        "new_since_retry": 0,
    }


def sheet(number: int = 7, **given: Any) -> Any:
    """Return the batch of a spreadsheet of which 1,204 of 2,986 are sent."""
    rows = {"rows": 3000, "left_out": 14, "sent": 1204, "open": 1782}
    return batch(number, **{"name": "mitglieder.ods", "counts": rows, **given})


SIGN_IN: Final = held("mail", "The sign-in with Microsoft has expired.", "sign_in")
PASSWORD: Final = held("mail", "535 5.7.8 no", "mail_settings", code=535, server="mx")
NO_SERVER: Final = held("mail", "No mail server is named smpt.example.org.", "mail_settings")
RECEIPTS: Final = held("receipts", "The printer is out of paper.", None)
OFFLINE: Final = outage("offline")
QUOTA: Final = outage("quota")
FULL: Final = notice(NoticeId.STORE, "The disk is full.")
DAMAGED: Final = notice(NoticeId.STORE, "damaged", refusal="store.damaged")
RESTORED: Final = notice(
    NoticeId.RESTORED, "The backup of 10:00 is in place. Check what waits, then resume."
)
COPIED: Final = paused(text="This data folder is a copy of another one.")
STILL: Final = notice(NoticeId.ENGINE, "KeyError: 'lane'. Restart Sendoff.")
BROKEN: Final = notice(f"{NoticeId.OWN_TASKS}receipts.py", "Line 3: '(' was never closed.")
WAITING: Final = {"waiting": 30, "queued": 8, "standing": 8}
FULL_MAILBOX: Final = {"error": "552 5.2.2 mailbox full", "reason": "final_answer"}
NO_SUCH: Final = {"error": "550 5.1.1 no such user", "reason": "final_answer"}
HANDED_OVER: Final = {"server": "smtp.example.org", "since": wire(10, 31)}
LIMITED: Final[dict[str, Any]] = {
    "rate": "30/min",
    "last_at": wire(12, 26),
    "next_at": wire(10, 42),
}
DAILY: Final[dict[str, Any]] = {"rate": "500/day", "last_at": wire(10, 42, 9)}
LATER: Final = wire(8, 0, 9)
NO_ANSWER: Final = "The server gave no answer"
NO_FEE: Final = "The field “Fee” is missing"
LONG: Final = "KeyError: 'vat_id' is missing in the order that came from the shop at 10:30"
VIEWER: Final = WindowRights(may_change=False, has_files=False)
ON_SERVER: Final = WindowRights(has_files=False)
UNSAVED: Final = CaseFact("unsaved", why="The disk is full.")
RESTORABLE: Final = CaseFact("restore", when="10:00 today")

CASES: Final[dict[str, Facts]] = {
    "damaged, a backup": away(GaveUp("", damaged=True), rooms=[RESTORABLE]),
    "damaged, not restored": away(
        GaveUp("", damaged=True),
        rooms=[RESTORABLE._replace(why="The disk is full.")],
    ),
    "damaged, being restored": away(GaveUp("", damaged=True), rooms=[CaseFact("restoring")]),
    "damaged, no backup": away(GaveUp("", damaged=True), rooms=[CaseFact("begin_empty")]),
    "damaged, still running": now(notices=[DAMAGED]),
    "gave up": away(GaveUp("The data folder cannot be opened.", damaged=False)),
    "disk full": now(counts(**WAITING), notices=[FULL]),
    "disk full, some saved here": now(counts(**WAITING), notices=[FULL], saved=2),
    "disk of the server full": now(counts(), notices=[FULL], rights=ON_SERVER),
    "drafts not written": now(rooms=[UNSAVED]),
    "server does not answer": away(Away(ServerFault.NO_ANSWER), rights=ON_SERVER),
    "server is a spare": away(Away(ServerFault.SPARE), rights=ON_SERVER),
    "spare of a known one": away(
        Away(ServerFault.SPARE, address="https://b.example.org"), rights=ON_SERVER
    ),
    "server: no such name": away(Away(ServerFault.NO_NAME), rights=ON_SERVER),
    "server: not trusted": away(Away(ServerFault.NO_TRUST), rights=ON_SERVER),
    "server: another program": away(Away(ServerFault.NOT_SENDOFF), rights=ON_SERVER),
    "server: another address": away(Away(ServerFault.OTHER_ADDRESS), rights=ON_SERVER),
    "server: token unknown": away(Away(ServerFault.TOKEN), rights=ON_SERVER),
    "server: token expired": away(Away(ServerFault.EXPIRED), rights=ON_SERVER),
    "server is older": away(Away(ServerFault.OLDER, "2.1"), rights=ON_SERVER),
    "server is newer": away(Away(ServerFault.NEWER, "2.9"), rights=ON_SERVER),
    "window was replaced": away(Away(ServerFault.REPLACED), rights=ON_SERVER),
    "app away": away(Away(Missing.APP), is_app=True),
    "database away": away(Away(Missing.DATABASE), rights=ON_SERVER),
    "first second": away(Starting(), 1.0, heard_at=None),
    "starting": away(Starting(), heard_at=None),
    "updating": away(Starting(0.4)),
    "finishing": away(Finishing()),
    "restarting": away(Gone("", 4.0), try_in=4),
    "restarting now": away(Gone("", 0.0)),
    "restarting, nothing can be saved": away(Gone("", 0.0), rooms=[UNSAVED]),
    "engine stands still": now(notices=[STILL]),
    "restored": now(counts(**WAITING), notices=[RESTORED, paused()]),
    "a copy": now(counts(**WAITING), notices=[COPIED]),
    "sign-in": now(
        counts(**WAITING), notices=[SIGN_IN], rooms=[CaseFact("account", about="Microsoft")]
    ),
    "sign-in, account unknown": now(counts(waiting=1), notices=[SIGN_IN]),
    "sign-in, some saved here": now(counts(waiting=3), notices=[SIGN_IN], saved=2),
    "sign-in, nothing waits": now(notices=[SIGN_IN], rooms=[CaseFact("account", about="Google")]),
    "password": now(counts(**WAITING), notices=[PASSWORD]),
    "mail server unknown": now(counts(waiting=3), notices=[NO_SERVER]),
    "settings unreadable": now(notices=[notice(NoticeId.SETTINGS, "Line 3 is no TOML.")]),
    "settings damaged": now(
        notices=[notice(NoticeId.SETTINGS, "The last lines are lost.", "mail_settings")]
    ),
    "a queue held": now(counts(waiting=3), notices=[RECEIPTS]),
    "own tasks broken": now(notices=[BROKEN]),
    "paused": now(counts(**WAITING), notices=[paused()]),
    "paused, nothing waits": now(notices=[paused()]),
    "each queue paused": now(counts(queued=3, standing=3), notices=[paused("mail")]),
    "not made": now(unanswered=Unanswered(2)),
    "not confirmed": now(unanswered=Unanswered(1, may=True)),
    "sending": now(
        counts(0.5, queued=1, running=1, batch_rows=1781), batches=[sheet(**LIMITED)], is_busy=True
    ),
    "sending, a limit of a day not reached yet": now(
        counts(2, queued=1, running=1, batch_rows=1781), batches=[sheet(**DAILY)], is_busy=True
    ),
    "sending, the last ones": now(
        counts(2.0, queued=300), batches=[sheet(counts={"rows": 500, "sent": 200, "open": 300})]
    ),
    "keeping": now(
        counts(2.0, queued=90, practice=True),
        batches=[sheet(counts={"rows": 100, "kept": 10, "open": 90})],
    ),
    "sending, some kept": now(
        counts(queued=9), batches=[sheet(counts={"rows": 99, "kept": 10, "sent": 80, "open": 9})]
    ),
    "sending two sheets": now(counts(queued=9), batches=[sheet(), sheet(8)]),
    "sending, to be undone": now(
        counts(0.5, queued=1782, pending=1), batches=[sheet(**LIMITED)], is_busy=True
    ),
    "busy": now(counts(1.0, queued=100, running=2), is_busy=True),
    "one under way": now(counts(running=1), is_busy=True),
    "one failed": needs(Needing(1, row("failed", **NO_SUCH)), failed=1),
    "one failed, at length": needs(Needing(1, row("failed", error=LONG)), failed=1),
    "one uncertain": needs(
        Needing(1, row("uncertain", reason="no_answer", reason_data=HANDED_OVER)), uncertain=1
    ),
    "own task failed": needs(Needing(1, row("failed", **OWN, error="KeyError: 'vat'")), failed=1),
    "own task failed, at length": needs(Needing(1, row("failed", **OWN, error=LONG)), failed=1),
    "own task uncertain": needs(
        Needing(1, row("uncertain", **OWN, reason="cut_short")), uncertain=1
    ),
    "one of before": needs(Needing(1), failed=1),
    "failed alike": needs(Needing(7, cause=cause("failed", 7, "retry")), failed=7),
    "30 full mailboxes": needs(Needing(30, cause=cause("failed", 30)), failed=30),
    "uncertain alike": needs(
        Needing(3, cause=cause("uncertain", 3, "resolve", text=NO_ANSWER)), uncertain=3
    ),
    "letters cannot be made": needs(
        Needing(38, cause=cause("waiting", 38, "edit_template", text=NO_FEE)), waiting=38
    ),
    "two need you": needs(Needing(2), failed=2),
    "two need you, one ready": needs(Needing(2, fixed=1), waiting=1, failed=1),
    "thousands need you": needs(Needing(10_000, is_exact=False), failed=10000),
    "unsettled": now(batches=[sheet(reason="unsettled", counts={"rows": 4, "open": 4})]),
    "ready, all of one letter": needs(
        Needing(4, cause=cause("waiting", 4, "retry", reason="held_for_person"), fixed=4),
        waiting=4,
    ),
    "ready": needs(Needing(4, fixed=4), waiting=4),
    "kept, real sending on": now(rooms=[CaseFact("kept", 12)]),
    "addresses refused": now(rooms=[CaseFact("refused", 3)]),
    "crashed": now(rooms=[CaseFact("crash", when="10:12")]),
    "older text": now(counts(scheduled=38), rooms=[CaseFact("older_text", 38, about="Fee")]),
    "older letterhead": now(counts(scheduled=38), rooms=[CaseFact("older_head", 38, about="Fee")]),
    "backup failed": now(notices=[notice(NoticeId.BACKUP, "The disk is full.")]),
    "clock": now(notices=[notice(NoticeId.CLOCK, "Nothing is deleted until tomorrow.")]),
    "a queue paused": now(counts(running=1, queued=3, standing=3), notices=[paused("receipts")]),
    "a sheet paused": now(counts(paused_rows=1782), batches=[sheet(state="paused")]),
    "offline": now(counts(**WAITING), notices=[OFFLINE]),
    "offline, practice": now(counts(**WAITING, practice=True), notices=[OFFLINE]),
    "quota": now(counts(**WAITING), notices=[QUOTA]),
    "put off": now(
        counts(waiting=9),
        batches=[sheet(reason="retry_later", put_off={"server": "mx", "until": wire(11, 30)})],
    ),
    "reading": now(rooms=[CaseFact("reading", 3000, done=1200)]),
    "updated": now(rooms=[CaseFact("updated")]),
    "other build": now(rooms=[CaseFact("other_build", about="2.3")]),
    "settings misspelt": now(
        notices=[notice(OfficeNotice.STRANGE_SETTINGS, "Line 4: “pasword” is unknown.")]
    ),
    "tokens unreadable": now(notices=[notice(NoticeId.TOKENS, "tokens.json is no JSON.")]),
    "practice": now(counts(succeeded=0, practice=True)),
    "practice, some kept": now(counts(practice=True), rooms=[CaseFact("kept", 12)]),
    "practice on a server": now(counts(practice=True), rights=ON_SERVER),
    "planned": now(counts(scheduled=4, next_at=LATER)),
    "the last one": now(last=row("succeeded", finished_at=wire(10, 36))),
    "the last one, yesterday": now(last=row("succeeded", finished_at=wire(17, 5, 7))),
    "the last one, one more": now(
        counts(running=1), last=row("succeeded", finished_at=wire(10, 36))
    ),
    "the last one, some wait": now(
        counts(waiting=2), last=row("succeeded", finished_at=wire(10, 36))
    ),
    "the last one was kept": now(last=row("succeeded", reason="kept", finished_at=wire(10, 36))),
    "the last one came back": now(
        last=row("succeeded", reason="came_back", finished_at=wire(10, 36))
    ),
    "the last one was settled": now(
        last=row("succeeded", reason="settled_by_person", finished_at=wire(10, 36))
    ),
    "the last one, an own task": now(last=row("succeeded", **OWN, finished_at=wire(10, 36))),
    "something typed": now(last=row("succeeded", finished_at=wire(10, 36)), has_draft=True),
    "nothing waits": now(),
    "some wait": now(counts(waiting=2)),
    "empty": now(counts(succeeded=0)),
}
"""Each case, in the order of the ranks; its facts have nothing else."""
OTHERS: Final[dict[str, Facts]] = {
    f"{name}{ending}": replace(CASES[name], **more)
    for ending, more, names in (
        (
            " (an app)",
            {"is_app": True},
            ("damaged, still running", "paused", "busy", "ready", "planned", "empty"),
        ),
        (
            " (a viewer)",
            {"rights": VIEWER},
            (
                "damaged, still running",
                "restarting",
                "updating",
                "a copy",
                "sign-in",
                "paused",
                "sending",
                "letters cannot be made",
                "two need you",
                "thousands need you",
                "unsettled",
                "offline",
                "practice",
                "empty",
            ),
        ),
    )
    for name in names
}
"""The same in a window of an app, and in one that may only look."""
