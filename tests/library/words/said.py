"""All that the tables of words say, in English: ``python -m tests.library.words.said`` writes it.

Each row stands with the fields that it has; then each reason of a task and each cause with data.
The command also writes the translators' file, and what other modules ``said.py`` say.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from desktop.cli import SENDOFF
from sendoff_tasks.model.causes import CauseAbout, CauseKind
from sendoff_tasks.model.program import PROGRAM
from sendoff_tasks.model.reasons import Reason, ReasonData
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.words.reasons import cause_words, notice_words, reason_words
from sendoff_tasks.words.table import WordTable

if TYPE_CHECKING:
    from collections.abc import Iterator

APPROVED: Final = Path(__file__).with_name("said.txt")
NOW: Final = 1_790_000_000
SINCE: Final = wire_time((NOW - 600) * 1000)
UNTIL: Final = wire_time((NOW + 4000) * 1000)
RATE: Final = {"queue": "sms", "limit": "30/min"}
REASONS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (Reason.DELAYED, {}),
    (Reason.DELAYED, {"on_hold": "No key."}),
    (Reason.RETRY_LATER, {"until": UNTIL}),
    (Reason.NO_ROOM, {}),
    (Reason.ALONE_AFTER_CRASH, {}),
    (Reason.AHEAD, {**RATE, "count": 1}),
    (Reason.AHEAD, {**RATE, "count": 2, "until": UNTIL}),
    (Reason.AHEAD, {**RATE, "count": None, "until": UNTIL}),
    (Reason.AHEAD, {"queue": "sms", "limit": 4, "count": 3}),
    (Reason.RATE_LIMIT, RATE),
    (Reason.RATE_LIMIT, {**RATE, "until": UNTIL}),
    (Reason.CONCURRENCY_LIMIT, {"queue": "sms", "limit": 1}),
    (Reason.LANE_FULL, {}),
    (Reason.AFTER_RESPONSE, {}),
    (Reason.QUEUE_PAUSED, {"queue": "sms", "since": SINCE}),
    (Reason.ALL_PAUSED, {"since": SINCE}),
    (Reason.QUEUE_HELD, {"text": "The account is closed.", "since": SINCE}),
    (Reason.QUEUE_HELD, {"text": "535 no", "code": 535, "server": "mx", "since": SINCE}),
    (Reason.OFFLINE, {"text": "No route.", "since": SINCE, "until": UNTIL}),
    (Reason.QUOTA, {"text": "451 later", "since": SINCE, "until": UNTIL}),
    (Reason.AFTER_TASK, {"task_id": 17}),
    (Reason.HELD_FOR_PERSON, {"text": "No key."}),
    (Reason.HELD_FOR_PERSON, {"fixed": True}),
    (Reason.HELD_FOR_FUNCTION, {"text": "There is no task named “pdf”."}),
    (Reason.HELD_AFTER_CRASHES, {"count": 3}),
    (Reason.GIVEN_BACK, {}),
    (Reason.RESCUED, {}),
    (Reason.ASKED_AGAIN, {}),
    (Reason.CANCEL_REQUESTED, {"since": SINCE}),
    (Reason.OVERDUE, {"limit": 1.5, "stops": False}),
    (Reason.OVERDUE, {"limit": 1200.0, "stops": True}),
    (Reason.KEPT, {}),
    (Reason.SETTLED_BY_PERSON, {}),
    ("came_back", {"said": "550 5.1.1 no such user", "code": 550}),
    (Reason.CANCELLED_BY_PERSON, {}),
    (Reason.CANCELLED_BY_PERSON, {"may_have_arrived": True}),
    (Reason.CANCELLED_BY_TASK, {"text": "Nothing to send."}),
    (Reason.CANCELLED_BY_TASK, {"text": "Listed.", "mark": "do_not_send"}),
    (Reason.CANCELLED_WITH_TASK, {"task_id": 17}),
    (Reason.DEADLINE_PASSED, {}),
    (Reason.FINAL_ANSWER, {}),
    (Reason.FINAL_ANSWER, {"may_have_arrived": True}),
    (Reason.ATTEMPTS_USED_UP, {}),
    (Reason.ATTEMPTS_USED_UP, {"may_have_arrived": True}),
    (Reason.NO_ANSWER, {}),
    (Reason.NO_ANSWER, {"server": "mx"}),
    (Reason.CUT_SHORT, {}),
    (Reason.CUT_SHORT, {"server": "mx"}),
    (Reason.STOPPED_BY_PERSON, {}),
    (Reason.STOPPED_BY_PERSON, {"server": "mx"}),
    (Reason.MAY_BE_DONE, {}),
    ("batch_limit", {"batch_id": 3}),
    ("batch_limit", {"batch_id": 3, "mark": "hours", "until": UNTIL}),
    ("batch_limit", {"batch_id": 3, "limit": "500/day", "until": UNTIL}),
    ("batch_paused", {"batch_id": 3, "since": SINCE}),
)
OF_SERVERS: Final = (
    *(Reason.OFFLINE, Reason.QUOTA),
    *(Reason.NO_ANSWER, Reason.CUT_SHORT, Reason.STOPPED_BY_PERSON),
)
OF_CAUSES: Final = (
    *(Reason.RETRY_LATER, Reason.NO_ROOM, Reason.ALONE_AFTER_CRASH, Reason.ALL_PAUSED),
    *(Reason.QUEUE_HELD, Reason.HELD_FOR_PERSON, Reason.HELD_FOR_FUNCTION),
    *(Reason.HELD_AFTER_CRASHES, Reason.DEADLINE_PASSED, Reason.FINAL_ANSWER),
    *(Reason.ATTEMPTS_USED_UP, Reason.MAY_BE_DONE, *OF_SERVERS),
)
CAUSES: Final[tuple[CauseAbout, ...]] = (
    {"kind": CauseKind.EXCEPTION, "exception": "OSError", "function": "pdf", "file": "shop.py"},
    {"kind": CauseKind.TIMEOUT, "task": "pdf"},
    {"kind": CauseKind.SAID, "text": "No paper"},
    {"kind": CauseKind.SAID, "text": ""},
    {"kind": CauseKind.ANSWER, "server": "mx", "code": 550, "text": "mx refused it"},
    {"kind": CauseKind.ANSWER, "server": "mx", "code": 550},
    *(CauseAbout(kind=CauseKind.REASON, reason=each, text="No key.") for each in OF_CAUSES),
    *(CauseAbout(kind=CauseKind.REASON, reason=each, server="mx") for each in OF_SERVERS),
    {"kind": CauseKind.REASON, "reason": Reason.QUEUE_PAUSED, "queue": "sms"},
    {"kind": CauseKind.REASON, "reason": Reason.QUEUE_HELD, "server": "mx", "code": 535},
    {"kind": CauseKind.REASON, "reason": "batch_paused", "batch_id": 3},
    {"kind": CauseKind.REASON, "reason": "batch_paused", "batch_id": 3, "batch": "May"},
)


class PlainTimes(WordTable):
    """Writes times without the zone and the day of the machine."""

    def moment(self, at: float, now: float) -> str:
        """Write seconds from now."""
        return f"<{at - now:+.0f} s>"


class Names(dict[str, str]):
    """Fields in place of their values."""

    def __missing__(self, name: str) -> str:
        return f"<{name}>"


def said() -> str:
    """Return it all, a line each."""
    assert SENDOFF.words == PROGRAM.words
    return "".join(f"{line}\n" for line in _lines(PlainTimes()))


def _lines(words: WordTable) -> Iterator[str]:
    for (subject, name), row in sorted(words.rows.items()):
        forms = [words.text(row, n).format_map(Names()) for n in (1, 2)]
        yield f"{subject}: {name}: {' | '.join(dict.fromkeys(forms))}"
    for reason, data in REASONS:
        told = [_why(words, reason, data, queue) for queue in ("sms", "mail")]
        yield f"why {' '.join([reason, *data])}: {' | '.join(dict.fromkeys(told))}"
    yield f"why {Reason.CANCELLED_BY_PERSON} at once: {_at_once(words)}"
    for about in CAUSES:
        fields = " ".join(str(value) for name, value in about.items() if name != "kind")
        yield f"cause {about['kind']} {fields}: {cause_words(words, about, NOW)}"
    for reason in (Reason.OFFLINE, Reason.QUOTA):
        away = ReasonData(queue="sms", since=SINCE, text="No route.")
        yield f"notice {reason}: {notice_words(words, reason, away, NOW)}"


def _why(words: WordTable, reason: str, data: dict[str, Any], queue: str) -> str:
    return reason_words(words, reason, cast("ReasonData", data), NOW, attempt=2, queue=queue)


def _at_once(words: WordTable) -> str:
    return reason_words(words, Reason.CANCELLED_BY_PERSON, {}, NOW, attempt=0)


def approved_texts() -> Iterator[tuple[Path, str]]:
    """Return each file of words that a reader has approved, and what it is to hold.

    A module ``said.py``, or one whose name ends so, has both.
    """
    tests = Path(__file__).parents[2]
    for file in sorted(tests.rglob("*said.py")):
        module = import_module(".".join(file.relative_to(tests.parent).with_suffix("").parts))
        yield module.APPROVED, module.said()


def main() -> int:
    """Write them all, after the file from which the window reads its plurals; returns 0."""
    from PySide6.QtCore import QCoreApplication

    from desktop.gui.kit.words.plurals import install
    from tests import translations

    translations.main()
    PROGRAM.runs_as(SENDOFF)
    app = QCoreApplication([])
    install(app)
    for file, text in approved_texts():
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    argparse.ArgumentParser(
        prog="python -m tests.library.words.said", description=__doc__
    ).parse_args()
    sys.exit(main())
