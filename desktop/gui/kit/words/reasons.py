"""Texts for reasons: why a task is in its state; for causes, and for what helps against them."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from desktop.contract.office import OfficeReason
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.model.causes import CauseKind
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.times import epoch
from sendoff_tasks.words import reasons
from sendoff_tasks.words.reasons import LONG_WAIT_S

if TYPE_CHECKING:
    from desktop.gui.kit.words.task_row import Row
    from sendoff_tasks.model.causes import CauseAbout


def reason_words(row: Row, now: float) -> str:
    """Say why a task is in its state at epoch second ``now``; empty if the state says it all."""
    if row.reason == OfficeReason.CAME_BACK:
        return meaning_of(row.met) or row.met
    told = row.reason, row.data, now
    return reasons.reason_words(WORDS, *told, attempt=row.attempt, queue=row.queue)


def met_words(row: Row, now: float) -> str:
    """Return a task's error, else its reason; both if an earlier attempt may have sent it.

    Of a server's answer this is what it means; the task's detail has the server's words.
    """
    met = meaning_of(row.met) or row.met
    if row.reason == Reason.NO_ANSWER and row.is_mail:
        met = say("answer", "none")
    if not row.may_have_arrived:
        return met or reason_words(row, now)
    return " · ".join(filter(None, (reason_words(row, now), met)))


def meaning_of(said: str) -> str:
    """Say in plain words what a mail server's answer means; empty if its codes do not tell."""
    found = _CODES.match(said)
    if found is None:
        return ""
    code, enhanced = found.groups()
    known = enhanced or ("5.1.1" if code in _NO_MAILBOX else "")
    return WORDS.fill("answer", known) or (say("answer", "later") if code.startswith("4") else "")


_CODES: Final = re.compile(r"([45]\d\d)[ -](?:([45]\.\d{1,3}\.\d{1,3})(?!\.?\d))?")
"""The codes at the beginning of an answer: of RFC 5321, and of RFC 3463 if there is one."""
_NO_MAILBOX: Final = frozenset({"551", "553"})
"""Codes that mean the address even alone; servers give 550 for spam, too."""


def goes_on_at(row: Row, now: float) -> float | None:
    """Return when a limit lets a task go on; ``None`` if that is soon or unknown."""
    moment = epoch(row.data.get("until"))
    return moment if moment is not None and moment > now + LONG_WAIT_S else None


def brief_cause_words(about: CauseAbout) -> str:
    """Name a cause in a cell or a bar: what a server's answer means, or else the answer alone."""
    said = about.get("said", "") if about["kind"] == CauseKind.ANSWER else ""
    return meaning_of(said) or said or reasons.cause_words(WORDS, about, time.time())


def short_cause_words(about: CauseAbout) -> str:
    """Name a cause on a chip."""
    return shortened(brief_cause_words(about))


def shortened(words: str) -> str:
    """Cut a text to fit on a chip, or beside others in a cell."""
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"


_SHORT: Final = 60
"""Characters of a cause on the chip above its tasks, or in the row of a batch."""
WRONG_PASSWORD: Final = 535
"""The code of a server that refused a login (RFC 4954)."""


def cure_words(cure: str | None) -> str:
    """Say what helps against a cause; ``None`` means that its tasks are retried automatically."""
    return WORDS.fill("cure", cure or "none")
